"""Who looks after a person once a ticket is closed: often a name, so it is sealed."""

from __future__ import annotations

import sqlalchemy as sa

from hotline.errors import KeyringError
from store import db
from store.console_tables import ticket_work
from store.crypto import Keyring

_PLACE = "ticket_work.next_owner"
_BATCH = 500


def sealed(keyring: Keyring, name: str) -> dict[str, object]:
    """Give the columns that hold a name."""
    return {"next_owner_sealed": keyring.seal(name, _PLACE), "next_owner": None}


def read(connection: sa.Connection, keyring: Keyring, ticket_id: int) -> str:
    """Read who looks after a ticket's person; empty where nobody is named, or it is damaged."""
    query = sa.select(ticket_work.c.next_owner_sealed).where(ticket_work.c.ticket_id == ticket_id)
    found = connection.execute(query).scalar()
    try:
        return "" if found is None else keyring.open(found, _PLACE)
    except KeyringError:
        return ""


def seal_old(engine: sa.Engine, keyring: Keyring) -> int:
    """Seal the names that earlier versions left in the clear; returns how many.

    A migration has no keys, so whoever opens the vault does it, in short transactions.
    """
    count = 0
    while found := _seal_some(engine, keyring):
        count += found
    return count


def _seal_some(engine: sa.Engine, keyring: Keyring) -> int:
    clear = ticket_work.c.next_owner.is_not(None)
    query = sa.select(ticket_work.c.ticket_id, ticket_work.c.next_owner).where(clear).limit(_BATCH)
    with db.read(engine) as connection:
        if connection.execute(query.limit(1)).first() is None:
            return 0  # as at nearly every start: no writer has to wait for us
    with db.write(engine) as connection:
        rows = connection.execute(query.with_for_update()).all()
        for row in rows:
            mine = ticket_work.c.ticket_id == row.ticket_id
            values = sealed(keyring, row.next_owner)
            connection.execute(sa.update(ticket_work).where(mine).values(values))
    return len(rows)
