"""victims."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22j"
down_revision = "2026_11_22i"
branch_labels = None
depends_on = None
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "ticket_victims",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("ticket_id", _SERIAL, nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_victims_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_victims")),
    )
    op.create_index(op.f("ix_ticket_victims_ticket_id"), "ticket_victims", ["ticket_id"])
    _versions()
    _marks()


def _versions() -> None:
    op.create_table(
        "victim_versions",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("victim_id", _SERIAL, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("details_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("filled", sa.JSON(), nullable=False),
        sa.Column("mistaken", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("staff_id", _SERIAL, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_victim_versions_staff_id")
        ),
        sa.ForeignKeyConstraint(
            ["victim_id"], ["ticket_victims.id"], name=op.f("fk_victim_versions_victim_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_victim_versions")),
        sa.UniqueConstraint(
            "victim_id", "number", name=op.f("uq_victim_versions_victim_id_number")
        ),
    )
    op.create_index(op.f("ix_victim_versions_victim_id"), "victim_versions", ["victim_id"])


def _marks() -> None:
    op.create_table(
        "ticket_marks",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("ticket_id", _SERIAL, nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("ground_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("staff_id", _SERIAL, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_ticket_marks_staff_id")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_marks_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_marks")),
    )
    op.create_index(op.f("ix_ticket_marks_ticket_id"), "ticket_marks", ["ticket_id"])


def downgrade() -> None:
    """Take back."""
    for name in ("ticket_marks", "victim_versions", "ticket_victims"):
        op.drop_table(name)
