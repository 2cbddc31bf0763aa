"""Danger told on a ticket that is open already: when it alarms anew, and until when it rings."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from hotline.notices import EXPIRES
from hotline.tickets import OPEN_STATES, State, Urgency
from store import notices, ticket_changes, ticket_deadlines
from store.console_tables import ticket_work
from store.tables import conversations, ticket_events, tickets
from store.ticket_deadlines import WAITING
from store.ticket_events import add_event

_RAISED = "raised"
_ALARM = ticket_events.c.details["alarm"].as_float()
_JOINED = tickets.outerjoin(ticket_work, ticket_work.c.ticket_id == tickets.c.id)
# The line in the log names the moment until which this danger must be answered: once it is
# answered, or a held reply has put it off, another moment counts, and nothing rings any more.
PENDING = sa.exists().where(
    ticket_events.c.ticket_id == tickets.c.id,
    ticket_events.c.kind == _RAISED,
    _ALARM == WAITING,
)
# What is critical rings until somebody holds it, and in its holder's hands for new danger.
RINGS = sa.and_(
    tickets.c.urgency == Urgency.CRITICAL.value,
    tickets.c.state.in_([state.value for state in OPEN_STATES]),
    sa.or_(ticket_work.c.staff_id.is_(None), PENDING),
)


def is_new(
    connection: sa.Connection,
    row: sa.Row[Any],
    conversation: str,
    message_id: int | None,
    *,
    now: float,
) -> bool:
    """Say whether danger told on a critical ticket, its `row`, must alarm once more.

    Not while an earlier cry waits for its answer, nor while she writes with a person, who reads
    it; nor for a message that is worked on again.
    """
    if _told_before(connection, row.id, message_id):
        return False
    if State(row.state) is State.RESOLVED:
        return True
    held = sa.select(conversations.c.claimed_until).where(conversations.c.id == conversation)
    if (connection.execute(held).scalar() or 0.0) > now:
        return False
    due = ticket_deadlines.waiting(connection, row.id)
    return due is None or due <= now - EXPIRES


def _told_before(connection: sa.Connection, ticket_id: int, message_id: int | None) -> bool:
    if message_id is None:
        return False
    query = sa.select(ticket_events.c.id).where(
        ticket_events.c.ticket_id == ticket_id,
        ticket_events.c.message_id == message_id,
        # What the same message raised for another reason has told nobody of danger.
        sa.or_(ticket_events.c.kind == "opened", _ALARM.is_not(None)),
    )
    return connection.execute(query.limit(1)).first() is not None


def begin(
    connection: sa.Connection,
    ticket_id: int,
    details: dict[str, Any],
    *,
    actor: str,
    message_id: int | None,
    now: float,
) -> None:
    """Work on a ticket again if it was settled, let its danger be due at once, and tell of it."""
    state = sa.select(tickets.c.state).where(tickets.c.id == ticket_id)
    if State(connection.execute(state).scalar_one()) is State.RESOLVED:
        ticket_changes.move(connection, ticket_id, State.IN_PROGRESS, actor=actor, now=now)
    due = ticket_deadlines.endanger(connection, ticket_id, now=now)
    notices.ring_again(connection, ticket_id, now=now)
    told = {**details, "alarm": due}
    add_event(connection, ticket_id, _RAISED, actor, told, message_id=message_id, now=now)


def ringing(connection: sa.Connection, ids: Collection[int]) -> dict[int, float]:
    """Say which of some tickets ring for a person, each with what tells two alarms apart."""
    alarm = sa.case((PENDING, WAITING), else_=0.0)
    query = sa.select(tickets.c.id, alarm).select_from(_JOINED)
    rows = connection.execute(query.where(tickets.c.id.in_(ids), RINGS))
    return {id_: float(at) for id_, at in rows}
