"""corrections."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22h"
down_revision = "2026_11_22g"
branch_labels = None
depends_on = None
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.add_column("inbox", sa.Column("read_intent", sa.String(length=41), nullable=True))
    op.add_column("inbox", sa.Column("read_confidence", sa.Double(), nullable=True))
    op.add_column("inbox", sa.Column("read_language", sa.String(length=3), nullable=True))
    op.create_table(
        "corrections",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("inbox_id", _SERIAL, nullable=False),
        sa.Column("intent", sa.String(length=41), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("staff_id", _SERIAL, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("state", sa.String(length=12), server_default="proposed", nullable=False),
        sa.Column("reviewed_by", sa.String(length=64), nullable=True),
        sa.Column("reviewed_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_corrections_inbox_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_corrections_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_inbox_id"), "corrections", ["inbox_id"])
    op.create_index(op.f("ix_corrections_state"), "corrections", ["state"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("corrections")
    # Not as a batch: that would make the table anew, and its index of waiting rows whole.
    for name in ("read_intent", "read_confidence", "read_language"):
        op.drop_column("inbox", name)
