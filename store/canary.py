"""The canary: one sealed word by which keys of another database are noticed at once."""

from __future__ import annotations

import sqlalchemy as sa

from hotline.errors import KeyringError
from store import db
from store.arrivals import insert_ignoring
from store.crypto import Keyring
from store.sealed import places
from store.tables import metadata

canary = sa.Table(
    "canary",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("word_sealed", sa.LargeBinary, nullable=False),
    sa.Column("word_index", sa.LargeBinary(16), nullable=False),
)
_WORD = "kenari"
_ONLY = 1
_FOREIGN = (
    "the keyring does not belong to this database; put back the keys.json that was made with it "
    "(in SUAR_HOME), or let SUAR_DATABASE_URL name the database of these keys"
)


def has_data(engine: sa.Engine) -> bool:
    """Say whether anything but the canary was ever sealed in this database."""
    with db.read(engine) as connection:
        return any(
            connection.execute(sa.select(column).where(column.is_not(None)).limit(1)).first()
            for table, column, _ in places()
            if table is not canary
        )


def forget(engine: sa.Engine) -> None:
    """Drop the word, so that the next keys may be the first again."""
    with db.write(engine) as connection:
        connection.execute(sa.delete(canary))


def check(engine: sa.Engine, keyring: Keyring) -> None:
    """Prove that these keys belong to this database; the first ones to come do.

    Raises KeyringError for the keys of another installation, before anything is sealed with them.
    """
    with db.read(engine) as connection:
        row = connection.execute(sa.select(canary)).first()
    if row is None:
        row = _plant(engine, keyring)
    try:
        fits = keyring.open(row.word_sealed, "canary.word") == _WORD
    except KeyringError:
        fits = False
    # A data key alone is not enough: with another index key no caller would be found again.
    if not fits or keyring.blind("canary", _WORD) != bytes(row.word_index):
        raise KeyringError(_FOREIGN)


def _plant(engine: sa.Engine, keyring: Keyring) -> sa.Row[tuple[int, bytes, bytes]]:
    row = {
        "id": _ONLY,
        "word_sealed": keyring.seal(_WORD, "canary.word"),
        "word_index": keyring.blind("canary", _WORD),
    }
    with db.write(engine) as connection:
        _refuse_strange_data(connection, keyring)
        # Another process may be first; then its word counts, for us too.
        connection.execute(insert_ignoring(connection, canary), row)
        return connection.execute(sa.select(canary)).one()


def _refuse_strange_data(connection: sa.Connection, keyring: Keyring) -> None:
    """Raise KeyringError when the data of a version from before the canary do not open."""
    for table, column, place in places():
        if table is canary:
            continue
        query = sa.select(column).where(column.is_not(None)).limit(1)
        for sealed in connection.execute(query).scalars():
            try:
                keyring.open(sealed, place)
            except KeyringError:
                raise KeyringError(_FOREIGN) from None
