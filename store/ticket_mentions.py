"""Colleagues named in a note ("@budi"): the ticket stands under their own until they look."""

from __future__ import annotations

import re

import sqlalchemy as sa

from hotline.errors import Refused
from hotline.staff import Staff, sees
from store.arrivals import insert_ignoring
from store.console_tables import staff, ticket_presence
from store.staff_rows import person_of
from store.ticket_events import add_event
from store.ticket_work import place_of

_NAMED = re.compile(r"(?<![\w.@-])@([a-z0-9](?:[a-z0-9.-]{0,22}[a-z0-9])?)", re.IGNORECASE)
# The time in a row of ticket_presence of somebody who was called and has not come yet.
CALLED = 0.0


def mention(
    connection: sa.Connection, ticket_id: int, text: str, *, actor: str, now: float
) -> list[str]:
    """Call everybody a note names; returns their login names.

    Raises Refused for somebody who may not know of the ticket: they would call in vain, and the
    name of a ticket is not to be told. Other words with an @ are just words.
    """
    called = [_named(connection, login) for login in dict.fromkeys(_NAMED.findall(text.lower()))]
    people = [one for one in called if one is not None and one.login != actor]
    place = place_of(connection, ticket_id)
    for one in people:
        if not sees(one, place):
            raise Refused(f"{one.name} may not see this ticket and cannot be called to it")
        row = {"ticket_id": ticket_id, "staff_id": one.id, "at": CALLED}
        connection.execute(insert_ignoring(connection, ticket_presence), row)
        mine = (ticket_presence.c.ticket_id == ticket_id) & (ticket_presence.c.staff_id == one.id)
        connection.execute(sa.update(ticket_presence).where(mine).values(at=CALLED))
        details = {"staff": one.id}
        add_event(connection, ticket_id, "mentioned", actor, details, message_id=None, now=now)
    return [one.login for one in people]


def _named(connection: sa.Connection, login: str) -> Staff | None:
    row = connection.execute(sa.select(staff).where(staff.c.login == login, staff.c.active)).first()
    return person_of(row) if row else None


def waiting_for(staff_id: int) -> sa.Select[tuple[int]]:
    """Give a query for the tickets somebody was called to and has not opened since."""
    p = ticket_presence.c
    return sa.select(p.ticket_id).where(p.staff_id == staff_id, p.at == CALLED)
