"""retention."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22i"
down_revision = "2026_11_22h"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; what ended before today ended with its last move, else when it was closed."""
    op.add_column("conversations", sa.Column("erased_at", sa.Double(), nullable=True))
    op.add_column("tickets", sa.Column("ended_at", sa.Double(), nullable=True))
    op.add_column("tickets", sa.Column("erased_at", sa.Double(), nullable=True))
    op.create_index("ix_tickets_ended", "tickets", ["erased_at", "ended_at"])
    op.create_index("ix_tickets_opened", "tickets", ["opened_at", "id"])
    op.create_index(op.f("ix_ticket_facts_message_id"), "ticket_facts", ["message_id"])
    op.create_index(op.f("ix_attachments_conversation_id"), "attachments", ["conversation_id"])
    op.create_index(op.f("ix_ticket_work_merged_into"), "ticket_work", ["merged_into"])
    op.create_index("ix_ticket_work_unit", "ticket_work", ["unit", "ticket_id"])
    op.create_index(
        "ix_ticket_work_held", "ticket_work", ["ticket_id"],
        sqlite_where=sa.text("legal_hold = 1"), postgresql_where=sa.text("legal_hold"),
    )  # fmt: skip
    op.execute(
        "UPDATE tickets SET ended_at = coalesce("
        "(SELECT max(at) FROM ticket_events WHERE ticket_id = tickets.id AND kind = 'moved'), "
        "(SELECT closed_at FROM ticket_work WHERE ticket_id = tickets.id), opened_at) "
        "WHERE state IN ('closed', 'merged', 'withdrawn', 'unfounded')"
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_ticket_work_held", "ticket_work")
    op.drop_index("ix_ticket_work_unit", "ticket_work")
    op.drop_index(op.f("ix_ticket_work_merged_into"), "ticket_work")
    op.drop_index(op.f("ix_attachments_conversation_id"), "attachments")
    op.drop_index(op.f("ix_ticket_facts_message_id"), "ticket_facts")
    op.drop_index("ix_tickets_opened", "tickets")
    op.drop_index("ix_tickets_ended", "tickets")
    for table, name in (
        ("tickets", "erased_at"), ("tickets", "ended_at"), ("conversations", "erased_at"),
    ):  # fmt: skip
        op.drop_column(table, name)
