"""The directory of units: which ids there are, and what one is called."""

from __future__ import annotations

from collections.abc import Iterable

from hotline.knowledge import Unit
from store.regions import Regions


class Units:
    """Unit ids: a row of the directory ("lpsk"), or one with a region ("uptd-ppa-5371")."""

    def __init__(self, rows: Iterable[Unit], regions: Regions) -> None:
        """Index the directory's rows."""
        self._names = {row.id: row.name for row in rows}
        self._regions = regions

    def has(self, unit: str) -> bool:
        """Say whether an id is one of a row, or of a row in a province or regency."""
        return unit in self._names or self._parted(unit) is not None

    def name(self, unit: str) -> str:
        """Name a unit as its row does, with its region; an id from before the rule as it is."""
        if unit in self._names:
            return self._names[unit]
        parted = self._parted(unit)
        return f"{self._names[parted[0]]} {self._regions.name(parted[1])}" if parted else unit

    @property
    def ids(self) -> tuple[str, ...]:
        """Give the ids of the rows."""
        return tuple(self._names)

    def _parted(self, unit: str) -> tuple[str, str] | None:
        kind, _, region = unit.rpartition("-")
        known = kind in self._names and region in self._regions.names
        return (kind, region) if known else None
