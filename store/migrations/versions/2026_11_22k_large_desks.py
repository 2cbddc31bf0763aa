"""What a large desk's lists and figures need, and from whom tickets are kept by name."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22k"
down_revision = "2026_11_22j"
branch_labels = None
depends_on = None

_OPEN = sa.text("state IN ('new', 'triaged', 'assigned', 'in_progress', 'referred', 'resolved')")
_EVENTS = {
    "stopped": sa.text("kind = 'intake_stopped'"),
    "brought": sa.text("kind = 'opened' AND message_id IS NULL"),
}


def upgrade() -> None:
    """Apply."""
    _indexes()
    _tables()


def _indexes() -> None:
    op.create_index(
        "ix_tickets_open",
        "tickets",
        ["id", "urgency", "state", "first_response_due", "resolution_due", "conflict_of_interest"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    for name, which in _EVENTS.items():
        op.create_index(
            f"ix_ticket_events_{name}",
            "ticket_events",
            ["ticket_id"],
            sqlite_where=which,
            postgresql_where=which,
        )
    op.create_index(
        "ix_conversations_worried",
        "conversations",
        ["opened_at", "id"],
        sqlite_where=sa.text("needs_person = 1 OR neutral = 1"),
        postgresql_where=sa.text("needs_person OR neutral"),
    )


def _tables() -> None:
    op.create_table(
        "ticket_bars",
        sa.Column(
            "ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("mark", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_bars_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("ticket_id", "mark", name=op.f("pk_ticket_bars")),
    )
    op.create_index("ix_ticket_bars_mark", "ticket_bars", ["mark", "ticket_id"])
    op.create_table(
        "figures_kept",
        sa.Column(
            "staff_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("region", sa.String(4), nullable=False),
        sa.Column("unit", sa.String(64), nullable=False),
        sa.Column("period", sa.String(4), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("tickets", sa.Integer(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("looked_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint(
            "staff_id", "region", "unit", "period", name=op.f("pk_figures_kept")
        ),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("figures_kept")
    op.drop_table("ticket_bars")
    op.drop_index("ix_conversations_worried", "conversations")
    for name in _EVENTS:
        op.drop_index(f"ix_ticket_events_{name}", "ticket_events")
    op.drop_index("ix_tickets_open", "tickets")
