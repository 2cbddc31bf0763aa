"""Who asked to have a ticket cleared and when: nothing is cleared at a wish nobody wrote down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from hotline.errors import Refused
from hotline.escalation import Step, next_step
from hotline.notices import Kind
from hotline.staff import Level, Staff
from hotline.tickets import State
from store import escalation, notices, ticket_work
from store.crypto import Keyring
from store.tables import ticket_conversations, ticket_facts, tickets
from store.ticket_events import lock
from store.ticket_facts import add_fact, open_value
from store.ticket_places import place_of

FIELD = "data_request"
DELETE, CANCELLED = "delete", "cancelled"
# Time for a colleague or the level above to notice a wish that is not hers, or was rash; and short
# enough for her to have her wish within two days.
WAIT = 24 * 3600.0
SHORTEST = 5  # characters of how she asked, or why it was taken back
_ENDED = [state.value for state in (State.CLOSED, State.WITHDRAWN, State.UNFOUNDED)]


@dataclass(frozen=True)
class Request:
    """One saying of the wish."""

    by: str  # "caller", or the login name of who wrote it down
    at: float

    @property
    def ripe_at(self) -> float:
        """Say from when on the ticket may be cleared."""
        return self.at + WAIT


def standing(connection: sa.Connection, keyring: Keyring, ids: Sequence[int]) -> list[Request]:
    """List the wishes for a ticket and those it speaks for that nobody has taken back."""
    query = sa.select(ticket_facts).where(
        ticket_facts.c.ticket_id.in_(ids), ticket_facts.c.field == FIELD
    )
    found: list[Request] = []
    for row in connection.execute(query.order_by(ticket_facts.c.id)):
        said = open_value(keyring, row.value_sealed)
        if said is None or said == CANCELLED:
            found = []  # what nobody can read may have taken it back
        elif said == DELETE:
            found.append(Request(row.said_by, row.at))
    return found


def hinders(asked: Sequence[Request], by: Staff, *, now: float) -> str | None:
    """Say why somebody may not clear a ticket at these wishes: request, second, early."""
    if not asked:
        return "request"
    others = [one for one in asked if one.by != by.login]
    if not others:
        return "second"
    return None if any(one.ripe_at <= now for one in others) else "early"


def note(
    connection: sa.Connection,
    keyring: Keyring,
    ticket_id: int,
    how: str,
    *,
    cancelled: bool = False,
    by: Staff,
    now: float,
) -> None:
    """Write down that a caller asked, or that it was taken back; the level above is told.

    `how` says when and by what way, and is kept as a note. Raises Refused without it.
    """
    if len(how.strip()) < SHORTEST:
        raise Refused("erasure_how")
    lock(connection, ticket_id)
    wanted = CANCELLED if cancelled else DELETE
    if not add_fact(
        connection, keyring, ticket_id, FIELD, wanted, said_by=by.login, message_id=None, now=now
    ):
        raise Refused("erasure_noted")
    ticket_work.add_note(
        connection, keyring, ticket_id, staff_id=by.id, actor=by.login, text=how.strip(), now=now
    )
    if not cancelled:
        tell_above(connection, ticket_id, by=by, now=now)


def note_hers(
    connection: sa.Connection,
    keyring: Keyring,
    conversation: str,
    *,
    message_id: int | None,
    now: float,
) -> None:
    """Write down her own wish on those of her tickets that have ended and still tell something."""
    query = (
        sa.select(tickets.c.id)
        .join(ticket_conversations, ticket_conversations.c.ticket_id == tickets.c.id)
        .where(
            ticket_conversations.c.conversation_id == conversation,
            tickets.c.state.in_(_ENDED),
            tickets.c.erased_at.is_(None),
        )
        .order_by(tickets.c.id)
    )
    for ticket_id in connection.execute(query).scalars().all():
        add_fact(
            connection, keyring, ticket_id, FIELD, DELETE, said_by="caller",
            message_id=message_id, now=now,
        )  # fmt: skip


def tell_above(connection: sa.Connection, ticket_id: int, *, by: Staff, now: float) -> int:
    """Tell the level above somebody, or colleagues of the nation, that a ticket is cleared."""
    # Nobody is above the nation: there its own others hear of it.
    step = Step.UNIT if by.scope.level is Level.REGENCY else Step.PROVINCE
    crew = escalation.crew(connection, now=now)
    found = next_step(crew, place_of(connection, ticket_id), step)
    people = [one.id for one in found[1] if one.id != by.id] if found else []
    subject = f"erasure:{ticket_id}:{by.id}:{now:.0f}"
    return notices.add(connection, people, Kind.ERASURE, subject, now=now, ticket_id=ticket_id)
