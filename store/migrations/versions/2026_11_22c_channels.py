"""channels."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22c"
down_revision = "2026_11_22b"
branch_labels = None
depends_on = None
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_CONVERSATION: tuple[tuple[str, sa.types.TypeEngine[Any]], ...] = (
    ("heard_at", sa.Double()),
    ("claimed_by", sa.String(length=64)),
    ("claimed_until", sa.Double()),
    ("told_of_person_at", sa.Double()),
    ("opted_out_at", sa.Double()),
    ("unreachable", sa.String(length=24)),
    ("contact_rules_sealed", sa.LargeBinary()),
    ("send_owner", sa.String(length=64)),
    ("send_lease_until", sa.Double()),
    ("send_at", sa.Double()),
)
_OUTBOX: tuple[tuple[str, sa.types.TypeEngine[Any]], ...] = (
    ("hold", sa.String(length=16)),
    ("error_code", sa.String(length=16)),
    ("next_at", sa.Double()),
    ("give_up_at", sa.Double()),
    ("status_at", sa.Double()),
)


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("conversations") as batch_op:
        for name, kind in _CONVERSATION:
            batch_op.add_column(sa.Column(name, kind, nullable=True))
        batch_op.create_index(batch_op.f("ix_conversations_send_at"), ["send_at"], unique=False)
    with op.batch_alter_table("inbox") as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(length=16), server_default="text", nullable=False)
        )
        batch_op.add_column(sa.Column("details_sealed", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("outbox") as batch_op:
        for name, usual in (("purpose", "answer"), ("urgency", "normal")):
            batch_op.add_column(
                sa.Column(name, sa.String(length=12), server_default=usual, nullable=False)
            )
        for name, kind in _OUTBOX:
            batch_op.add_column(sa.Column(name, kind, nullable=True))
        batch_op.create_index(batch_op.f("ix_outbox_provider_id"), ["provider_id"], unique=False)
    with op.batch_alter_table("tickets") as batch_op:
        batch_op.add_column(sa.Column("reply_conversation_id", sa.String(length=32), nullable=True))
    _create_receipts()
    _create_attachments()
    _create_conversation_events()


def _create_receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("transport", sa.String(length=16), nullable=False),
        sa.Column("provider_id", sa.String(length=128), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("error_code", sa.String(length=16), nullable=True),
        sa.Column("outbox_id", _SERIAL, nullable=True),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_receipts_outbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
        sa.UniqueConstraint(
            "transport",
            "provider_id",
            "status",
            name=op.f("uq_receipts_transport_provider_id_status"),
        ),
    )


def _create_attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("inbox_id", _SERIAL, nullable=False),
        sa.Column("place", sa.Integer(), server_default="0", nullable=False),
        sa.Column("transport", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("source_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("declared_type", sa.String(length=100), nullable=True),
        sa.Column("found_type", sa.String(length=100), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("file", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=12), server_default="waiting", nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("next_at", sa.Double(), nullable=True),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_attachments_conversation_id")
        ),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_attachments_inbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("inbox_id", "place", name=op.f("uq_attachments_inbox_id_place")),
    )
    with op.batch_alter_table("attachments") as batch_op:
        batch_op.create_index(batch_op.f("ix_attachments_inbox_id"), ["inbox_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachments_next_at"), ["next_at"], unique=False)


def _create_conversation_events() -> None:
    op.create_table(
        "conversation_events",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_events_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_events")),
    )
    with op.batch_alter_table("conversation_events") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_conversation_events_conversation_id"), ["conversation_id"], unique=False
        )


def downgrade() -> None:
    """Take back."""
    for table in ("conversation_events", "attachments", "receipts"):
        op.drop_table(table)
    with op.batch_alter_table("tickets") as batch_op:
        batch_op.drop_column("reply_conversation_id")
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_provider_id"))
        for name in ("purpose", "urgency", *(name for name, _ in _OUTBOX)):
            batch_op.drop_column(name)
    with op.batch_alter_table("inbox") as batch_op:
        batch_op.drop_column("details_sealed")
        batch_op.drop_column("kind")
    with op.batch_alter_table("conversations") as batch_op:
        batch_op.drop_index(batch_op.f("ix_conversations_send_at"))
        for name, _ in _CONVERSATION:
            batch_op.drop_column(name)
