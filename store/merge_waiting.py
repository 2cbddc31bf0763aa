"""A merge lets nobody wait unseen: the target is worked on, and takes over whose answer is due."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from hotline.tickets import OPEN_STATES, State, Urgency, higher_urgency
from store import ticket_alarms, ticket_changes, ticket_deadlines
from store.console_tables import ticket_work
from store.tables import tickets

_WORKING = OPEN_STATES - {State.RESOLVED}


def take_up(connection: sa.Connection, source: Any, target: Any, *, actor: str, now: float) -> bool:
    """Work again on a settled ticket that is to speak for one that is not; says whether it did.

    What is settled has no deadline for settling and does not ring.
    """
    if State(source.state) not in _WORKING or State(target.state) in _WORKING:
        return False
    ticket_changes.move(connection, target.id, State.IN_PROGRESS, actor=actor, now=now)
    return True


def wait_there(
    connection: sa.Connection, source: Any, target: Any, *, actor: str, now: float
) -> None:
    """Let the source's caller, who waits for an answer, wait in the target no longer than before.

    `target` is its row as it was. If it is critical only now and she waits, that alarms as danger.
    """
    graver = higher_urgency(Urgency(source.urgency), Urgency(target.urgency))
    if graver != target.urgency:
        due = ticket_deadlines.first(connection, graver, now=now)
        _no_later(connection, target.id, due["first_response_due"])
        ticket_deadlines.hasten(connection, target.id, graver, now=now)
    owed = ticket_deadlines.waiting(connection, source.id)
    if owed is None:
        return
    _no_later(connection, target.id, owed)
    _answer(connection, target.id, owed)
    if graver is Urgency.CRITICAL and target.urgency != graver.value:
        details = {"urgency": graver.value, "other": source.code}
        ticket_alarms.begin(connection, target.id, details, actor=actor, message_id=None, now=now)


def _no_later(connection: sa.Connection, ticket_id: int, due: float) -> None:
    """Bring the first answer forward; one that was given is not touched by it."""
    answered = sa.exists().where(
        ticket_work.c.ticket_id == ticket_id, ticket_work.c.first_answer_at.is_not(None)
    )
    later = tickets.c.first_response_due > due
    query = sa.update(tickets).where(tickets.c.id == ticket_id, later, ~answered)
    connection.execute(query.values(first_response_due=due))


def _answer(connection: sa.Connection, ticket_id: int, due: float) -> None:
    """Let the next answer be due: who was answered once has no first deadline any more."""
    next_due = ticket_work.c.next_response_due
    mine = (ticket_work.c.ticket_id == ticket_id) & ticket_work.c.first_answer_at.is_not(None)
    later = sa.or_(next_due.is_(None), next_due > due)
    query = sa.update(ticket_work).where(mine, later)
    connection.execute(query.values(next_response_due=due))
