"""Tables of what the desk says about facts: edits, disputed entries, offers that were weighed."""

from __future__ import annotations

import sqlalchemy as sa

from store.console_tables import staff
from store.tables import metadata

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id() -> sa.Column[int]:
    return sa.Column("id", _SERIAL, primary_key=True, autoincrement=True)


def _moment(name: str, *, nullable: bool = False, index: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Double, nullable=nullable, index=index)


def _staff(name: str = "staff_id", *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, _SERIAL, sa.ForeignKey(staff.c.id), nullable=nullable)


# One version of one item of knowledge/, written at the desk. None is ever overwritten.
knowledge_edits = sa.Table(
    "knowledge_edits",
    metadata,
    _id(),
    sa.Column("kind", sa.String(16), nullable=False),  # contact, destination, unit
    sa.Column("item_id", sa.String(64), nullable=False),
    sa.Column("content", sa.JSON, nullable=False),  # the item's fields as its file would hold them
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("as_of", sa.String(10), nullable=False),
    _staff(),
    _moment("at"),
    _moment("replaced_at", nullable=True, index=True),  # empty: this is what callers are told
    sa.Index("ix_knowledge_edits_item", "kind", "item_id"),
)

# Two editors at the same moment must not both win: the database allows one version in force.
sa.Index(
    "uq_knowledge_edits_in_force",
    knowledge_edits.c.kind,
    knowledge_edits.c.item_id,
    unique=True,
    sqlite_where=knowledge_edits.c.replaced_at.is_(None),
    postgresql_where=knowledge_edits.c.replaced_at.is_(None),
)

register_disputes = sa.Table(
    "register_disputes",
    metadata,
    _id(),
    # What the register calls the firm: a dispute outlives the import it was noted under.
    sa.Column("licence_normal", sa.Text, nullable=False, index=True),
    sa.Column("normal_name", sa.Text, nullable=False, index=True),
    sa.Column("text_sealed", sa.LargeBinary, nullable=False),  # name, reason and source
    _staff(),
    _moment("at"),
    _moment("withdrawn_at", nullable=True),
    _staff("withdrawn_by", nullable=True),
)

# Offers that callers had weighed: what was found, never what was written.
offer_checks = sa.Table(
    "offer_checks",
    metadata,
    _id(),
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), nullable=False),
    # A turn that runs again after a crash must not count twice.
    sa.Column("message_id", _SERIAL, sa.ForeignKey("inbox.id"), nullable=False, unique=True),
    sa.Column("grade", sa.String(24), nullable=False),
    sa.Column("signs", sa.JSON, nullable=False),  # ids of knowledge/offer_signs.yml
    sa.Column("region", sa.String(4), nullable=False, server_default=""),  # named in it, if one was
    sa.Column("destination", sa.String(2), nullable=False, server_default=""),
    _moment("at", index=True),
    sa.Index("ix_offer_checks_conversation", "conversation_id"),
)
