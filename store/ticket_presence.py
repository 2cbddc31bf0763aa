"""Who has a ticket open just now, so that two do not do the same."""

from __future__ import annotations

import sqlalchemy as sa

from store.arrivals import insert_ignoring
from store.console_tables import staff, ticket_presence

_HERE_SECONDS = 45.0


def arrive(connection: sa.Connection, ticket_id: int, staff_id: int, *, now: float) -> None:
    """Say that somebody has a ticket open."""
    mine = (ticket_presence.c.ticket_id == ticket_id) & (ticket_presence.c.staff_id == staff_id)
    row = {"ticket_id": ticket_id, "staff_id": staff_id, "at": now}
    connection.execute(insert_ignoring(connection, ticket_presence), row)
    connection.execute(sa.update(ticket_presence).where(mine).values(at=now))


def others_here(
    connection: sa.Connection, ticket_id: int, staff_id: int, *, now: float
) -> list[str]:
    """Name who else has a ticket open now."""
    query = (
        sa.select(staff.c.name)
        .join(ticket_presence)
        .where(
            ticket_presence.c.ticket_id == ticket_id,
            ticket_presence.c.staff_id != staff_id,
            ticket_presence.c.at > now - _HERE_SECONDS,
        )
    )
    return list(connection.execute(query.order_by(staff.c.name)).scalars())
