"""Tables of the people whom a ticket concerns, and of its marked elements; rows are only added."""

from __future__ import annotations

import sqlalchemy as sa

from store.console_tables import staff
from store.tables import metadata

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id() -> sa.Column[int]:
    return sa.Column("id", _SERIAL, primary_key=True, autoincrement=True)


def _ticket() -> sa.Column[int]:
    return sa.Column("ticket_id", _SERIAL, sa.ForeignKey("tickets.id"), nullable=False, index=True)


def _staff() -> sa.Column[int]:
    return sa.Column("staff_id", _SERIAL, sa.ForeignKey(staff.c.id), nullable=False)


# That somebody is concerned; what is known of them stands in the versions.
ticket_victims = sa.Table("ticket_victims", metadata, _id(), _ticket())

victim_versions = sa.Table(
    "victim_versions",
    metadata,
    _id(),
    sa.Column("victim_id", _SERIAL, sa.ForeignKey("ticket_victims.id"), nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False),  # from 1 on
    sa.Column("details_sealed", sa.LargeBinary, nullable=False),
    # Which of them are known is not sealed, as with the facts of a ticket.
    sa.Column("filled", sa.JSON, nullable=False),
    sa.Column("mistaken", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("reason_sealed", sa.LargeBinary),  # why it is a mistake, or is none after all
    _staff(),
    sa.Column("at", sa.Double, nullable=False),
    # Of two who change somebody at once, the second finds the number taken.
    sa.UniqueConstraint("victim_id", "number"),
)

ticket_marks = sa.Table(
    "ticket_marks",
    metadata,
    _id(),
    _ticket(),
    sa.Column("item", sa.String(40), nullable=False),  # such as means.fraud
    sa.Column("answer", sa.String(8), nullable=False),
    sa.Column("ground_sealed", sa.LargeBinary),
    _staff(),
    sa.Column("at", sa.Double, nullable=False),
)
