"""Seals everything anew with the active key, so that an old key can be thrown away."""

from __future__ import annotations

import sqlalchemy as sa

from store import db
from store.crypto import Keyring
from store.sealed import places
from store.vault import Vault

_BATCH = 500


def reseal(vault: Vault, keyring: Keyring) -> int:
    """Seal every value that another key sealed with `keyring`'s active one; returns how many.

    Works in short transactions; broken off, it goes on where it stopped when run again.
    """
    return sum(_reseal_column(vault, keyring, *place) for place in places())


def _reseal_column(
    vault: Vault, keyring: Keyring, table: sa.Table, column: sa.Column[bytes], place: str
) -> int:
    key = table.primary_key.columns.values()[0]
    last: object = None
    count = 0
    while True:
        query = sa.select(key, column).where(column.is_not(None)).order_by(key).limit(_BATCH)
        if last is not None:
            query = query.where(key > last)
        with db.write(vault.engine) as connection:
            rows = connection.execute(query).all()
            for row_id, sealed in rows:
                if keyring.key_name(sealed) != keyring.active:
                    fresh = keyring.seal(keyring.open(sealed, place), place)
                    connection.execute(
                        sa.update(table).where(key == row_id).values({column.name: fresh})
                    )
                    count += 1
        if not rows:
            return count
        last = rows[-1][0]
