"""What of a ticket's conversations a reader may know: not what was told on tickets out of sight."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from hotline.staff import Staff, sees
from hotline.tickets import OPEN_STATES, State
from store.tables import inbox, ticket_conversations, tickets
from store.ticket_places import places_of

_NEVER, _ALWAYS = float("-inf"), float("inf")


@dataclass(frozen=True, kw_only=True)
class Told:
    """One conversation of a ticket, and from when until when it was about a ticket out of sight."""

    conversation: str
    hidden: tuple[tuple[float, float], ...] = ()

    def shows(self, at: float) -> bool:
        """Say whether what was said or sent at a moment may be read."""
        return not any(begin <= at < end for begin, end in self.hidden)

    @property
    def now(self) -> bool:
        """Say whether what is said now may be read: it is not about a ticket out of sight."""
        return not self.hidden or self.hidden[-1][1] != _ALWAYS


def of_ticket(connection: sa.Connection, person: Staff, ticket_id: int) -> dict[str, Told]:
    """Say it of every conversation of a ticket, the first one first.

    Whoever sees an open ticket of a conversation works with its caller and reads all of it. For
    everybody else it belongs, from the message that opened a ticket on, to that ticket.
    """
    mine = sa.select(ticket_conversations.c.conversation_id).where(
        ticket_conversations.c.ticket_id == ticket_id
    )
    t = ticket_conversations.c
    rows = connection.execute(
        sa.select(t.conversation_id, t.ticket_id, t.joined_at, tickets.c.state)
        .join(tickets, tickets.c.id == t.ticket_id)
        .where(t.conversation_id.in_(mine))
        .order_by(t.joined_at, t.ticket_id)
    ).all()
    places = places_of(connection, {row.ticket_id for row in rows})
    seen = {id_ for id_, place in places.items() if sees(person, place)}
    talks: dict[str, list[Any]] = {}
    for row in rows:
        talks.setdefault(row.conversation_id, []).append(row)
    order = sorted(
        talks,
        key=lambda one: (min(r.joined_at for r in talks[one] if r.ticket_id == ticket_id), one),
    )
    return {one: _of_talk(connection, one, talks[one], seen) for one in order}


def _of_talk(
    connection: sa.Connection,
    conversation: str,
    rows: list[Any],
    seen: set[int],
) -> Told:
    works = any(row.ticket_id in seen and State(row.state) in OPEN_STATES for row in rows)
    if works or all(row.ticket_id in seen for row in rows):
        return Told(conversation=conversation)
    # A merge hands a conversation on with the moment at which it joined: one stretch, two tickets.
    moments = sorted({row.joined_at for row in rows})
    begins = [_NEVER, *(_begin(connection, conversation, at) for at in moments[1:]), _ALWAYS]
    visible = {row.joined_at for row in rows if row.ticket_id in seen}
    stretches = zip(moments, pairwise(begins), strict=True)
    return Told(
        conversation=conversation,
        hidden=tuple(stretch for at, stretch in stretches if at not in visible),
    )


def _begin(connection: sa.Connection, conversation: str, joined_at: float) -> float:
    """Give the moment of the message by which a conversation came to a ticket."""
    newest = sa.select(sa.func.max(inbox.c.received_at)).where(
        inbox.c.conversation_id == conversation, inbox.c.received_at <= joined_at
    )
    return float(connection.execute(newest).scalar() or joined_at)
