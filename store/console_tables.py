"""The console's own tables: accounts, sessions, the audit log, and the work on tickets."""

from __future__ import annotations

import sqlalchemy as sa

from store.tables import metadata

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id() -> sa.Column[int]:
    return sa.Column("id", _SERIAL, primary_key=True, autoincrement=True)


def _moment(name: str, *, nullable: bool = False, index: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Double, nullable=nullable, index=index)


def _ticket() -> sa.Column[int]:
    return sa.Column("ticket_id", _SERIAL, sa.ForeignKey("tickets.id"), nullable=False, index=True)


def _staff(name: str = "staff_id") -> sa.Column[int]:
    return sa.Column(name, _SERIAL, sa.ForeignKey("staff.id"), nullable=False)


staff = sa.Table(
    "staff",
    metadata,
    _id(),
    sa.Column("login", sa.String(64), nullable=False, unique=True),  # lower case
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("password_hash", sa.String(200)),  # empty until the invitation is taken up
    sa.Column("totp_sealed", sa.LargeBinary),
    sa.Column("totp_step", sa.BigInteger, nullable=False, server_default="0"),  # used up to here
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("level", sa.String(12), nullable=False),
    sa.Column("region", sa.String(4), nullable=False, server_default=""),
    sa.Column("unit", sa.String(64), nullable=False, server_default=""),
    sa.Column("language", sa.String(8), nullable=False, server_default="id"),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    _moment("invited_at"),
    _moment("joined_at", nullable=True),
)

staff_invitations = sa.Table(
    "staff_invitations",
    metadata,
    _id(),
    _staff(),
    sa.Column("token_hash", sa.LargeBinary(32), nullable=False, unique=True),
    _moment("expires_at"),
    _moment("used_at", nullable=True),
)

staff_backup_codes = sa.Table(
    "staff_backup_codes",
    metadata,
    _id(),
    _staff(),
    sa.Column("code_hash", sa.LargeBinary(32), nullable=False),
    _moment("used_at", nullable=True),
)

staff_sessions = sa.Table(
    "staff_sessions",
    metadata,
    _id(),
    _staff(),
    sa.Column("token_hash", sa.LargeBinary(32), nullable=False, unique=True),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("device", sa.String(80), nullable=False),  # browser and system, in words
    _moment("opened_at"),
    _moment("seen_at"),
    _moment("ended_at", nullable=True),
)

login_attempts = sa.Table(
    "login_attempts",
    metadata,
    _id(),
    # Keyed hashes: a table of failed log-ins must not become a list of passwords typed as names.
    sa.Column("login_index", sa.LargeBinary(16), nullable=False),
    sa.Column("address_index", sa.LargeBinary(16), nullable=False),
    sa.Column("worked", sa.Boolean, nullable=False),
    _moment("at"),
    sa.Index("ix_login_attempts_login", "login_index", "at"),
    sa.Index("ix_login_attempts_address", "address_index", "at"),
)

audit_log = sa.Table(
    "audit_log",
    metadata,
    _id(),
    sa.Column("actor", sa.String(64), nullable=False),  # login, or "operator" at the command line
    sa.Column("action", sa.String(32), nullable=False, index=True),
    sa.Column("object", sa.String(64), nullable=False, index=True),  # ticket code, login, file
    sa.Column("details", sa.JSON, nullable=False),  # ids and enum words only
    _moment("at"),
    sa.Column("previous_hash", sa.LargeBinary(32), nullable=False),
    sa.Column("hash", sa.LargeBinary(32), nullable=False),
)

# What responders do with a ticket; one row a ticket, made when somebody first touches it.
ticket_work = sa.Table(
    "ticket_work",
    metadata,
    sa.Column("ticket_id", _SERIAL, sa.ForeignKey("tickets.id"), primary_key=True),
    sa.Column("unit", sa.String(64), nullable=False, server_default=""),
    sa.Column("staff_id", _SERIAL, sa.ForeignKey("staff.id"), index=True),
    sa.Column("escalation", sa.Integer, nullable=False, server_default="0"),
    _moment("first_answer_at", nullable=True),
    _moment("next_response_due", nullable=True),
    _moment("escalated_due", nullable=True),  # the deadline for which it went up ...
    _moment("escalated_at", nullable=True),  # ... and when it did the last time
    sa.Column("outcome", sa.String(32)),
    sa.Column("next_owner", sa.String(64)),  # in the clear, by earlier versions: see next_owner.py
    sa.Column("next_owner_sealed", sa.LargeBinary),
    _moment("closed_at", nullable=True),
    sa.Column("merged_into", _SERIAL, sa.ForeignKey("tickets.id"), index=True),
    sa.Column("legal_hold", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("ix_ticket_work_unit", "unit", "ticket_id"),
    sa.Index(  # few rows at any time
        "ix_ticket_work_held",
        "ticket_id",
        sqlite_where=sa.text("legal_hold = 1"),
        postgresql_where=sa.text("legal_hold"),
    ),
    sa.Index(  # none, once they are sealed
        "ix_ticket_work_clear",
        "ticket_id",
        sqlite_where=sa.text("next_owner IS NOT NULL"),
        postgresql_where=sa.text("next_owner IS NOT NULL"),
    ),
)

ticket_regions = sa.Table(
    "ticket_regions",
    metadata,
    sa.Column("ticket_id", _SERIAL, sa.ForeignKey("tickets.id"), primary_key=True),
    sa.Column("part", sa.String(12), primary_key=True),  # origin, transit, destination
    sa.Column("region", sa.String(4), primary_key=True),  # code within Indonesia, or a country's
    sa.Index("ix_ticket_regions_region", "region", "ticket_id"),
)

# From whom a ticket is kept by name: the level of a region, or a colleague.
ticket_bars = sa.Table(
    "ticket_bars",
    metadata,
    sa.Column("ticket_id", _SERIAL, sa.ForeignKey("tickets.id"), primary_key=True),
    sa.Column("mark", sa.String(32), primary_key=True),
    sa.Index("ix_ticket_bars_mark", "mark", "ticket_id"),
)

ticket_labels = sa.Table(
    "ticket_labels",
    metadata,
    sa.Column("ticket_id", _SERIAL, sa.ForeignKey("tickets.id"), primary_key=True),
    sa.Column("label", sa.String(40), primary_key=True),
)

ticket_notes = sa.Table(
    "ticket_notes",
    metadata,
    _id(),
    _ticket(),
    _staff(),
    sa.Column("text_sealed", sa.LargeBinary, nullable=False),
    _moment("at"),
)

ticket_drafts = sa.Table(
    "ticket_drafts",
    metadata,
    sa.Column("ticket_id", _SERIAL, sa.ForeignKey("tickets.id"), primary_key=True),
    sa.Column("staff_id", _SERIAL, sa.ForeignKey("staff.id"), primary_key=True),
    sa.Column("text_sealed", sa.LargeBinary, nullable=False),
    _moment("at"),
)

ticket_presence = sa.Table(
    "ticket_presence",
    metadata,
    sa.Column("ticket_id", _SERIAL, sa.ForeignKey("tickets.id"), primary_key=True),
    sa.Column("staff_id", _SERIAL, sa.ForeignKey("staff.id"), primary_key=True),
    _moment("at"),
    sa.Index("ix_ticket_presence_staff", "staff_id", "at"),
)

ticket_links = sa.Table(
    "ticket_links",
    metadata,
    _id(),
    _ticket(),
    sa.Column("other_id", _SERIAL, sa.ForeignKey("tickets.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(12), nullable=False),  # merged, related
    _staff(),
    _moment("at"),
    _moment("undone_at", nullable=True),
)

referrals = sa.Table(
    "referrals",
    metadata,
    _id(),
    _ticket(),
    _staff(),
    sa.Column("unit", sa.String(64), nullable=False, index=True),
    sa.Column("service", sa.String(40), nullable=False),
    sa.Column("request_sealed", sa.LargeBinary, nullable=False),
    sa.Column("fields", sa.JSON, nullable=False),  # which facts go along
    sa.Column("consent", sa.String(16), nullable=False),  # given, refused, not_asked
    sa.Column("reason_sealed", sa.LargeBinary),  # why without consent, or why refused
    sa.Column("state", sa.String(12), nullable=False),
    _moment("due_at", nullable=True),
    _moment("at"),
    _moment("answered_at", nullable=True),
    sa.Column("answered_by", _SERIAL, sa.ForeignKey("staff.id")),
)

follow_ups = sa.Table(
    "follow_ups",
    metadata,
    _id(),
    _ticket(),
    sa.Column("months", sa.Integer, nullable=False),
    _moment("due_at", index=True),
    sa.Column("answers_sealed", sa.LargeBinary),
    _moment("done_at", nullable=True),
    sa.Column("done_by", _SERIAL, sa.ForeignKey("staff.id")),
    sa.UniqueConstraint("ticket_id", "months"),
)
