"""The table of figures that were slow to count, kept so that their page opens at once."""

from __future__ import annotations

import sqlalchemy as sa

from store.tables import metadata

# No personal data: counts, of which the small ones have been hidden already.
figures_kept = sa.Table(
    "figures_kept",
    metadata,
    # 0 stands for all with a national scope from whom nothing is kept: they count the same.
    sa.Column(
        "staff_id",
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        primary_key=True,
        autoincrement=False,
    ),
    # What is visible hangs on these too, so figures of an earlier scope are never shown in a new.
    sa.Column("region", sa.String(4), primary_key=True),
    sa.Column("unit", sa.String(64), primary_key=True),
    sa.Column("period", sa.String(4), primary_key=True),
    sa.Column("sheet", sa.Text, nullable=False),  # a Sheet as JSON
    sa.Column("tickets", sa.Integer, nullable=False),  # how many were counted
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("looked_at", sa.Double, nullable=False),
)
