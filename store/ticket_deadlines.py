"""The deadlines of tickets: set when one opens, is raised, is heard from or goes on again."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from hotline.deadlines import Deadline
from hotline.tickets import OPEN_STATES, State, Urgency
from store.arrivals import insert_ignoring
from store.console_tables import ticket_work
from store.deadline_rules import in_force
from store.tables import ticket_conversations, tickets

OPEN = [state.value for state in OPEN_STATES]
# Settled, and open only because somebody may still be asked after.
_SETTLED = tickets.c.state == State.RESOLVED.value
_RESOLUTION = sa.case((_SETTLED, sa.null()), else_=tickets.c.resolution_due)
# Until a person has answered, the first deadline counts; afterwards the sooner of the other two.
# A first one that was missed stays as it was: danger told after it has a moment of its own.
WAITING = sa.case(
    (ticket_work.c.first_answer_at.is_not(None), ticket_work.c.next_response_due),
    (
        ticket_work.c.next_response_due > tickets.c.first_response_due,
        ticket_work.c.next_response_due,
    ),
    else_=tickets.c.first_response_due,
)
DUE = sa.case(
    (WAITING.is_(None), _RESOLUTION),
    (_RESOLUTION.is_(None), WAITING),
    (WAITING <= _RESOLUTION, WAITING),
    else_=_RESOLUTION,
)
WHAT = sa.case(
    (sa.or_(WAITING.is_(None), WAITING > _RESOLUTION), Deadline.RESOLUTION.value),
    (ticket_work.c.first_answer_at.is_(None), Deadline.FIRST.value),
    else_=Deadline.NEXT.value,
)

# How far a ticket has gone up for the deadline that counts now.
LEVEL = sa.case((ticket_work.c.escalated_due == DUE, ticket_work.c.escalation), else_=0)


def first(connection: sa.Connection, urgency: Urgency, *, now: float) -> dict[str, float]:
    """Give the deadlines of a ticket that opens or is raised now, as columns of `tickets`."""
    rules = in_force(connection)
    return {
        "first_response_due": rules.due(Deadline.FIRST, urgency, now),
        "resolution_due": rules.due(Deadline.RESOLUTION, urgency, now),
    }


def sooner(new: dict[str, float], row: sa.Row[Any]) -> dict[str, float]:
    """Give deadlines that nothing puts off: of two the sooner."""
    had = {name: getattr(row, name) for name in new}
    return {name: min(due, had[name] or due) for name, due in new.items()}


def hasten(connection: sa.Connection, ticket_id: int, urgency: Urgency, *, now: float) -> None:
    """Let a caller who waits for an answer wait no longer than her new urgency allows."""
    due = in_force(connection).due(Deadline.NEXT, urgency, now)
    later = (ticket_work.c.ticket_id == ticket_id) & (ticket_work.c.next_response_due > due)
    connection.execute(sa.update(ticket_work).where(later).values(next_response_due=due))


def waiting(connection: sa.Connection, ticket_id: int) -> float | None:
    """Read until when somebody who waits for a person must have been answered."""
    joined = tickets.outerjoin(ticket_work, ticket_work.c.ticket_id == tickets.c.id)
    query = sa.select(WAITING).select_from(joined).where(tickets.c.id == ticket_id)
    found = connection.execute(query).scalar_one()
    return None if found is None else float(found)


def endanger(connection: sa.Connection, ticket_id: int, *, now: float) -> float:
    """Let danger be answered at once, whatever was answered, late or settled; gives until when.

    A sooner deadline that is still ahead holds. Being late for settling hides nothing: that begins
    anew.
    """
    settling = connection.execute(
        sa.select(tickets.c.resolution_due).where(tickets.c.id == ticket_id)
    ).scalar()
    if settling is not None and settling <= now:
        reopened(connection, ticket_id, now=now)
    due = in_force(connection).due(Deadline.NEXT, Urgency.CRITICAL, now)
    had = waiting(connection, ticket_id)
    if had is not None and now < had <= due:
        return had
    connection.execute(insert_ignoring(connection, ticket_work), {"ticket_id": ticket_id})
    mine = ticket_work.c.ticket_id == ticket_id
    connection.execute(sa.update(ticket_work).where(mine).values(next_response_due=due))
    return due


def reopened(connection: sa.Connection, ticket_id: int, *, now: float) -> None:
    """Let the time for settling begin anew: what is taken up again cannot be late already."""
    query = sa.select(tickets.c.urgency).where(tickets.c.id == ticket_id)
    urgency = Urgency(connection.execute(query).scalar_one())
    due = in_force(connection).due(Deadline.RESOLUTION, urgency, now)
    connection.execute(
        sa.update(tickets).where(tickets.c.id == ticket_id).values(resolution_due=due)
    )


def heard(connection: sa.Connection, conversation: str, *, now: float) -> None:
    """Note that a caller wrote to the person who has her: from now on she waits for an answer.

    The first unanswered message counts; later ones do not put the deadline off. Before a person
    has answered for the first time, the first deadline holds.
    """
    rules = in_force(connection)
    mine = sa.select(ticket_conversations.c.ticket_id).where(
        ticket_conversations.c.conversation_id == conversation
    )
    for urgency in Urgency:
        of_urgency = sa.select(tickets.c.id).where(
            tickets.c.id.in_(mine),
            tickets.c.urgency == urgency.value,
            tickets.c.state.in_(OPEN),
        )
        connection.execute(
            sa.update(ticket_work)
            .where(
                ticket_work.c.ticket_id.in_(of_urgency),
                ticket_work.c.first_answer_at.is_not(None),
                ticket_work.c.next_response_due.is_(None),
            )
            .values(next_response_due=rules.due(Deadline.NEXT, urgency, now))
        )
