"""content."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22f"
down_revision = "2026_11_22e"
branch_labels = None
depends_on = None
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    _edits()
    _disputes()
    _checks()


def _edits() -> None:
    op.create_table(
        "knowledge_edits",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("as_of", sa.String(length=10), nullable=False),
        sa.Column("staff_id", _SERIAL, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("replaced_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_knowledge_edits_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_edits")),
    )
    op.create_index(op.f("ix_knowledge_edits_replaced_at"), "knowledge_edits", ["replaced_at"])
    op.create_index("ix_knowledge_edits_item", "knowledge_edits", ["kind", "item_id"])
    op.create_index(
        "uq_knowledge_edits_in_force",
        "knowledge_edits",
        ["kind", "item_id"],
        unique=True,
        sqlite_where=sa.text("replaced_at IS NULL"),
        postgresql_where=sa.text("replaced_at IS NULL"),
    )


def _disputes() -> None:
    op.create_table(
        "register_disputes",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("licence_normal", sa.Text(), nullable=False),
        sa.Column("normal_name", sa.Text(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", _SERIAL, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("withdrawn_at", sa.Double(), nullable=True),
        sa.Column("withdrawn_by", _SERIAL, nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_register_disputes_staff_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["staff.id"], name=op.f("fk_register_disputes_withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_disputes")),
    )
    for name in ("licence_normal", "normal_name"):
        op.create_index(op.f(f"ix_register_disputes_{name}"), "register_disputes", [name])


def _checks() -> None:
    op.create_table(
        "offer_checks",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("message_id", _SERIAL, nullable=False),
        sa.Column("grade", sa.String(length=24), nullable=False),
        sa.Column("signs", sa.JSON(), nullable=False),
        sa.Column("region", sa.String(length=4), server_default="", nullable=False),
        sa.Column("destination", sa.String(length=2), server_default="", nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_offer_checks_conversation_id")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["inbox.id"], name=op.f("fk_offer_checks_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_checks")),
        sa.UniqueConstraint("message_id", name=op.f("uq_offer_checks_message_id")),
    )
    op.create_index(op.f("ix_offer_checks_at"), "offer_checks", ["at"])
    op.create_index("ix_offer_checks_conversation", "offer_checks", ["conversation_id"])


def downgrade() -> None:
    """Take back."""
    for name in ("offer_checks", "register_disputes", "knowledge_edits"):
        op.drop_table(name)
