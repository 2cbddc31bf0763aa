"""Deadlines that are kept, who is on duty, and how staff are told."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22e"
down_revision = "2026_11_22d2"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("tickets") as batch:
        batch.add_column(sa.Column("resolution_due", sa.Double(), nullable=True))
    with op.batch_alter_table("ticket_work") as batch:
        # It lay on a row that is made only when somebody touches the ticket, and nobody set it.
        batch.drop_column("resolution_due")
        batch.add_column(sa.Column("escalated_due", sa.Double(), nullable=True))
        batch.add_column(sa.Column("escalated_at", sa.Double(), nullable=True))
    with op.batch_alter_table("ticket_regions") as batch:
        batch.drop_index("ix_ticket_regions_region")
        batch.create_index("ix_ticket_regions_region", ["region", "ticket_id"])
    with op.batch_alter_table("ticket_presence") as batch:
        batch.create_index("ix_ticket_presence_staff", ["staff_id", "at"])
    _duty()
    _notices()


def _duty() -> None:
    op.create_table(
        "desk_rules",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_desk_rules")),
    )
    op.create_table(
        "duty_shifts",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("staff_id", _SERIAL, nullable=False),
        sa.Column("unit", sa.String(64), server_default="", nullable=False),
        sa.Column("region", sa.String(4), server_default="", nullable=False),
        sa.Column("begins_at", sa.Double(), nullable=False),
        sa.Column("ends_at", sa.Double(), nullable=False),
        sa.Column("zone", sa.String(40), nullable=False),
        sa.Column("entered_by", _SERIAL, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("cancelled_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_duty_shifts_staff_id")),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["staff.id"], name=op.f("fk_duty_shifts_entered_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_shifts")),
    )
    for column in ("staff_id", "begins_at", "ends_at"):
        op.create_index(op.f(f"ix_duty_shifts_{column}"), "duty_shifts", [column])
    op.create_table(
        "duty_handovers",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("shift_id", _SERIAL, nullable=False),
        sa.Column("staff_id", _SERIAL, nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("tickets", sa.JSON(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("read_at", sa.Double(), nullable=True),
        sa.Column("read_by", _SERIAL, nullable=True),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["duty_shifts.id"], name=op.f("fk_duty_handovers_shift_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_duty_handovers_staff_id")
        ),
        sa.ForeignKeyConstraint(["read_by"], ["staff.id"], name=op.f("fk_duty_handovers_read_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_handovers")),
    )
    for column in ("shift_id", "staff_id", "at"):
        op.create_index(op.f(f"ix_duty_handovers_{column}"), "duty_handovers", [column])


def _notices() -> None:
    op.create_table(
        "notice_ways",
        sa.Column("staff_id", _SERIAL, nullable=False),
        sa.Column("telegram_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("telegram_trouble", sa.String(48), server_default="", nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email_trouble", sa.String(48), server_default="", nullable=False),
        sa.Column("code_hash", sa.LargeBinary(32), nullable=True),
        sa.Column("code_until", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_notice_ways_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_notice_ways")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_notice_ways_code_hash")),
    )
    op.create_table(
        "notices",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("staff_id", _SERIAL, nullable=False),
        sa.Column("way", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("ticket_id", _SERIAL, nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("error", sa.String(48), server_default="", nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("until", sa.Double(), nullable=True),
        sa.Column("ended_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_notices_staff_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_notices_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            "staff_id", "way", "subject", name=op.f("uq_notices_staff_id_way_subject")
        ),
    )
    op.create_index("ix_notices_state", "notices", ["state", "way"])
    op.create_index(op.f("ix_notices_ticket_id"), "notices", ["ticket_id"])
    op.create_table(
        "notice_state",
        sa.Column("way", sa.String(12), nullable=False),
        sa.Column("open", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.String(48), server_default="", nullable=False),
        sa.Column("failing_since", sa.Double(), nullable=True),
        sa.Column("again_at", sa.Double(), nullable=True),
        sa.Column("sent_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("way", name=op.f("pk_notice_state")),
    )


def downgrade() -> None:
    """Take back."""
    for table in (
        "notice_state", "notices", "notice_ways", "duty_handovers", "duty_shifts", "desk_rules",
    ):  # fmt: skip
        op.drop_table(table)
    with op.batch_alter_table("ticket_presence") as batch:
        batch.drop_index("ix_ticket_presence_staff")
    with op.batch_alter_table("ticket_regions") as batch:
        batch.drop_index("ix_ticket_regions_region")
        batch.create_index("ix_ticket_regions_region", ["region"])
    with op.batch_alter_table("ticket_work") as batch:
        batch.drop_column("escalated_at")
        batch.drop_column("escalated_due")
        batch.add_column(sa.Column("resolution_due", sa.Double(), nullable=True))
    # Without rebuilding the table: others point at its rows.
    op.drop_column("tickets", "resolution_due")
