"""What a unit is called on every page: by its name in the directory, never by its id."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from console.knowledge import known
from store.regions import load_regions
from store.units import Units


def unit_namer(connection: sa.Connection) -> Callable[[str], str]:
    """Give the function that names a unit as the directory does, with what was edited there."""
    return Units(known(connection).units, load_regions()).name
