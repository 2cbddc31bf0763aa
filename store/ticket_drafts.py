"""Replies that responders have begun and not sent: one a person and ticket."""

from __future__ import annotations

import sqlalchemy as sa

from store.arrivals import insert_ignoring
from store.console_tables import ticket_drafts
from store.crypto import Keyring

_PLACE = "ticket_drafts.text"


def keep(
    connection: sa.Connection,
    keyring: Keyring,
    ticket_id: int,
    staff_id: int,
    text: str,
    *,
    now: float,
) -> None:
    """Keep a draft; an empty one is forgotten."""
    mine = _mine(ticket_id, staff_id)
    if not text.strip():
        connection.execute(sa.delete(ticket_drafts).where(mine))
        return
    values = {"text_sealed": keyring.seal(text, _PLACE), "at": now}
    row = {"ticket_id": ticket_id, "staff_id": staff_id, **values}
    connection.execute(insert_ignoring(connection, ticket_drafts), row)
    connection.execute(sa.update(ticket_drafts).where(mine).values(values))


def read(connection: sa.Connection, keyring: Keyring, ticket_id: int, staff_id: int) -> str:
    """Give somebody's own draft; empty without one."""
    query = sa.select(ticket_drafts.c.text_sealed).where(_mine(ticket_id, staff_id))
    sealed = connection.execute(query).scalar()
    return keyring.open(sealed, _PLACE) if sealed else ""


def _mine(ticket_id: int, staff_id: int) -> sa.ColumnElement[bool]:
    mine: sa.ColumnElement[bool] = sa.and_(
        ticket_drafts.c.ticket_id == ticket_id, ticket_drafts.c.staff_id == staff_id
    )
    return mine
