"""waiting."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22d2"
down_revision = "2026_11_22d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index(
        "ix_inbox_waiting",
        "inbox",
        ["conversation_id"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_inbox_waiting", "inbox")
