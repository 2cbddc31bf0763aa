"""Which columns are sealed, and under which place: those whose name ends in _sealed."""

from __future__ import annotations

import sqlalchemy as sa

import store.content_tables
import store.paper_tables
import store.victim_tables  # noqa: F401 - each adds its tables, and those of the console
from store.tables import metadata


def places() -> list[tuple[sa.Table, sa.Column[bytes], str]]:
    """List every sealed column with the place under which its values were sealed."""
    return [
        (table, column, f"{table.name}.{column.name.removesuffix('_sealed')}")
        for table in metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("_sealed")
    ]
