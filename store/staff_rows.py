"""What files about accounts share: a row of `staff` as a person, and how tokens are kept."""

from __future__ import annotations

import hashlib
from typing import Any

from hotline.staff import Level, Role, Scope, Staff


def token_hash(token: str) -> bytes:
    """Give the form in which a token is kept."""
    # Tokens are 256 random bits: a plain hash cannot be searched backwards.
    return hashlib.sha256(token.encode()).digest()


def person_of(row: Any) -> Staff:
    """Read somebody from a row of `staff`."""
    return Staff(
        id=row.id,
        login=row.login,
        name=row.name,
        role=Role(row.role),
        scope=Scope(Level(row.level), row.region),
        unit=row.unit,
        language=row.language,
    )
