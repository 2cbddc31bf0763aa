"""Plans the follow-ups of a ticket when somebody is safely home."""

from __future__ import annotations

import sqlalchemy as sa

from hotline.follow_ups import MONTHS, due_at
from store.arrivals import insert_ignoring
from store.console_tables import follow_ups
from store.ticket_events import add_event, lock


def plan(connection: sa.Connection, ticket_id: int, *, actor: str, now: float) -> int:
    """Plan all follow-ups of a ticket from today on; says how many were new."""
    lock(connection, ticket_id)
    mine = sa.select(follow_ups.c.months).where(follow_ups.c.ticket_id == ticket_id)
    known = set(connection.execute(mine).scalars())
    new = [months for months in MONTHS if months not in known]
    for months in new:
        row = {"ticket_id": ticket_id, "months": months, "due_at": due_at(now, months)}
        connection.execute(insert_ignoring(connection, follow_ups), row)
    if new:
        details = {"months": new}
        kind = "follow_ups_planned"
        add_event(connection, ticket_id, kind, actor, details, message_id=None, now=now)
    return len(new)
