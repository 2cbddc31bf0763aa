"""Which columns are sealed, and under which place: those whose name ends in _sealed."""

from __future__ import annotations

import sqlalchemy as sa

from store.tables import metadata


def places() -> list[tuple[sa.Table, sa.Column[bytes], str]]:
    """List every sealed column with the place under which its values were sealed."""
    return [
        (table, column, f"{table.name}.{column.name.removesuffix('_sealed')}")
        for table in metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("_sealed")
    ]
