"""The tables of duty: shifts, hand-over notes, notices to staff, and the rules of deadlines."""

from __future__ import annotations

import sqlalchemy as sa

from store.tables import metadata

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id() -> sa.Column[int]:
    return sa.Column("id", _SERIAL, primary_key=True, autoincrement=True)


def _moment(name: str, *, nullable: bool = False, index: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Double, nullable=nullable, index=index)


def _staff(name: str = "staff_id", *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, _SERIAL, sa.ForeignKey("staff.id"), nullable=nullable, index=True)


# What every process reads, so that none of them has to be told: the worker writes it at its start.
desk_rules = sa.Table(
    "desk_rules",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.JSON, nullable=False),
)

duty_shifts = sa.Table(
    "duty_shifts",
    metadata,
    _id(),
    _staff(),
    sa.Column("unit", sa.String(64), nullable=False, server_default=""),  # empty: every unit
    sa.Column("region", sa.String(4), nullable=False, server_default=""),  # empty: the nation
    _moment("begins_at", index=True),
    _moment("ends_at", index=True),
    sa.Column("zone", sa.String(40), nullable=False),  # in which it was entered and is shown
    sa.Column("entered_by", _SERIAL, sa.ForeignKey("staff.id"), nullable=False),
    _moment("at"),
    _moment("cancelled_at", nullable=True),
)

duty_handovers = sa.Table(
    "duty_handovers",
    metadata,
    _id(),
    sa.Column("shift_id", _SERIAL, sa.ForeignKey("duty_shifts.id"), nullable=False, index=True),
    _staff(),
    sa.Column("text_sealed", sa.LargeBinary, nullable=False),
    sa.Column("tickets", sa.JSON, nullable=False),  # ids with why they are named, as of then
    _moment("at", index=True),
    _moment("read_at", nullable=True),
    sa.Column("read_by", _SERIAL, sa.ForeignKey("staff.id")),
)

# How somebody wants to be told; one row a person, made when the first way is entered.
notice_ways = sa.Table(
    "notice_ways",
    metadata,
    sa.Column("staff_id", _SERIAL, sa.ForeignKey("staff.id"), primary_key=True),
    sa.Column("telegram_sealed", sa.LargeBinary),
    sa.Column("telegram_trouble", sa.String(48), nullable=False, server_default=""),
    sa.Column("email_sealed", sa.LargeBinary),
    sa.Column("email_trouble", sa.String(48), nullable=False, server_default=""),
    sa.Column("code_hash", sa.LargeBinary(32), unique=True),  # of the code that links Telegram
    _moment("code_until", nullable=True),
)

notices = sa.Table(
    "notices",
    metadata,
    _id(),
    sa.Column("staff_id", _SERIAL, sa.ForeignKey("staff.id"), nullable=False),
    sa.Column("way", sa.String(12), nullable=False),  # telegram, email
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("subject", sa.String(64), nullable=False),  # what it is about, so that it comes once
    sa.Column("ticket_id", _SERIAL, sa.ForeignKey("tickets.id"), index=True),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("error", sa.String(48), nullable=False, server_default=""),
    _moment("at"),
    _moment("until", nullable=True),  # while somebody is sending it
    _moment("ended_at", nullable=True),
    sa.UniqueConstraint("staff_id", "way", "subject"),
    sa.Index("ix_notices_state", "state", "way"),
)

# How each way works: the pause after failures, and what an operator has to know.
notice_state = sa.Table(
    "notice_state",
    metadata,
    sa.Column("way", sa.String(12), primary_key=True),
    sa.Column("open", sa.Boolean, nullable=False, server_default=sa.false()),  # settings are there
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("error", sa.String(48), nullable=False, server_default=""),
    _moment("failing_since", nullable=True),
    _moment("again_at", nullable=True),
    _moment("sent_at", nullable=True),
)
