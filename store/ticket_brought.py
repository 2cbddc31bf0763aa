"""How the tickets came that responders opened: it stands in the first line of their log."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from store.tables import BROUGHT, ticket_events

_CHANNEL = ticket_events.c.details["channel"].as_string()


def of(connection: sa.Connection, ticket_id: int) -> str:
    """Say how a ticket came that a responder opened; empty for one that a caller's message did."""
    return of_many(connection, [ticket_id]).get(ticket_id, "")


def of_many(connection: sa.Connection, ids: Iterable[int]) -> dict[int, str]:
    """Say it of many; those that messages opened are left out."""
    query = sa.select(ticket_events.c.ticket_id, _CHANNEL.label("channel")).where(
        ticket_events.c.ticket_id.in_(list(ids)), BROUGHT, _CHANNEL.is_not(None)
    )
    return {row.ticket_id: row.channel for row in connection.execute(query)}


def all_of_them() -> sa.Select[tuple[int, str]]:
    """Give a query for every ticket that a responder opened, and how it came."""
    return sa.select(ticket_events.c.ticket_id, _CHANNEL.label("channel")).where(
        BROUGHT, _CHANNEL.is_not(None)
    )
