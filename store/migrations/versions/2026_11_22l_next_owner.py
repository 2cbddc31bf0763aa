"""Who looks after a person next is sealed; the keys are not here, so `store.next_owner` does it."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22l"
down_revision = "2026_11_22k"
branch_labels = None
depends_on = None

_CLEAR = sa.text("next_owner IS NOT NULL")


def upgrade() -> None:
    """Apply; what stands in the old column is sealed when the vault is opened next."""
    op.add_column("ticket_work", sa.Column("next_owner_sealed", sa.LargeBinary(), nullable=True))
    op.create_index(
        "ix_ticket_work_clear",
        "ticket_work",
        ["ticket_id"],
        sqlite_where=_CLEAR,
        postgresql_where=_CLEAR,
    )


def downgrade() -> None:
    """Take back; names sealed since are lost with their column."""
    op.drop_index("ix_ticket_work_clear", "ticket_work")
    op.drop_column("ticket_work", "next_owner_sealed")
