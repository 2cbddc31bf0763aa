"""papers."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22g"
down_revision = "2026_11_22f"
branch_labels = None
depends_on = None
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    _filters()
    _exports()
    _identities()


def _filters() -> None:
    op.create_table(
        "saved_filters",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("staff_id", _SERIAL, nullable=False),
        sa.Column("unit", sa.String(length=64), server_default="", nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("view", sa.String(length=12), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_saved_filters_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint("staff_id", "name", name=op.f("uq_saved_filters_staff_id_name")),
    )
    op.create_index(op.f("ix_saved_filters_unit"), "saved_filters", ["unit"])


def _exports() -> None:
    op.create_table(
        "personal_exports",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("staff_id", _SERIAL, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("file", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("taken_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_personal_exports_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_exports")),
    )
    op.create_index(op.f("ix_personal_exports_staff_id"), "personal_exports", ["staff_id"])


def _identities() -> None:
    op.create_table(
        "staff_identities",
        sa.Column("staff_id", _SERIAL, nullable=False),
        sa.Column("email_index", sa.LargeBinary(length=16), nullable=True),
        sa.Column("subject_index", sa.LargeBinary(length=16), nullable=True),
        sa.Column("linked_at", sa.Double(), nullable=False),
        sa.Column("bound_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_identities_staff_id")
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_identities")),
        sa.UniqueConstraint("email_index", name=op.f("uq_staff_identities_email_index")),
        sa.UniqueConstraint("subject_index", name=op.f("uq_staff_identities_subject_index")),
    )


def downgrade() -> None:
    """Take back."""
    for name in ("staff_identities", "personal_exports", "saved_filters"):
        op.drop_table(name)
