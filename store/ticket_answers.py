"""When a person's reply counts as an answer: at once, or once what held it has let it go."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from hotline.deadlines import Deadline
from hotline.holding import Waiting, hold_for
from hotline.messages import Hold, OutboxState, Purpose
from hotline.tickets import Urgency
from store import ticket_work
from store.console_tables import ticket_work as work_table
from store.crypto import Keyring
from store.deadline_rules import in_force
from store.standing import standing_of
from store.tables import conversations, outbox, ticket_conversations, ticket_events, tickets
from store.ticket_events import add_event

_HELD = "answer_held"
_WAITS = (OutboxState.QUEUED.value, OutboxState.HELD.value)
_ON_THE_WAY = (*_WAITS, OutboxState.SENDING.value)
_Why = tuple[Hold, float | None]


def written(
    connection: sa.Connection,
    keyring: Keyring,
    ticket_id: int,
    conversation: str,
    ids: list[int],
    *,
    actor: str,
    quiet: tuple[int, int],
    now: float,
) -> None:
    """Note that a person has written messages to a caller; `ids` are theirs in the outbox.

    What goes out is an answer. What her wishes, a shut window or the night hold is none yet: the
    deadline stands still until the hold ends, and where nobody knows when, begins anew once.
    """
    held, why = _held(connection, keyring, conversation, ids, quiet, now)
    if not held:
        ticket_work.answered(connection, ticket_id, actor=actor, now=now)
        return
    ticket_work.read_by_person(connection, ticket_id, actor=actor, now=now)
    # By the message's own moment the line in the log is found again when it goes out.
    at = connection.execute(
        sa.select(outbox.c.created_at).where(outbox.c.id == ids[0])
    ).scalar_one()
    noted = sa.select(ticket_events.c.id).where(_line(at), ticket_events.c.ticket_id == ticket_id)
    if why is not None and connection.execute(noted).first() is None:
        _put_off(connection, ticket_id, why, actor=actor, now=at)


def _line(at: float) -> sa.ColumnElement[bool]:
    return sa.and_(ticket_events.c.kind == _HELD, ticket_events.c.at == at)


def _held(
    connection: sa.Connection,
    keyring: Keyring,
    conversation: str,
    ids: list[int],
    quiet: tuple[int, int],
    now: float,
) -> tuple[bool, _Why | None]:
    """Say whether it waits, and why; no reason when it waits behind one that put it off."""
    row = connection.execute(
        sa.select(conversations).where(conversations.c.id == conversation)
    ).one()
    if row.transport == "local":
        return False, None  # our own page shows it at once
    earlier = sa.select(outbox.c.id).where(
        outbox.c.conversation_id == conversation,
        outbox.c.purpose == Purpose.RESPONDER.value,
        outbox.c.state == OutboxState.HELD.value,
        outbox.c.id < min(ids),
    )
    if connection.execute(earlier.limit(1)).first() is not None:
        return True, None
    reply = Waiting(id=0, purpose=Purpose.RESPONDER)
    why = hold_for(reply, standing_of(keyring, row, quiet), now)
    return why is not None, why


def _put_off(
    connection: sa.Connection, ticket_id: int, why: _Why, *, actor: str, now: float
) -> None:
    hold, until = why
    row = connection.execute(
        sa.select(
            tickets.c.urgency, tickets.c.first_response_due, work_table.c.first_answer_at,
            work_table.c.next_response_due,
        )
        .select_from(tickets.join(work_table, work_table.c.ticket_id == tickets.c.id))
        .where(tickets.c.id == ticket_id)
    ).one()  # fmt: skip
    first = row.first_answer_at is None
    due = row.first_response_due if first else row.next_response_due
    details: dict[str, Any] = {"hold": hold.value, "until": until, "due": due}
    # Who was late before the reply stays late until it has gone out.
    if due is not None and due > now:
        what = Deadline.FIRST if first else Deadline.NEXT
        anew = in_force(connection).due(what, Urgency(row.urgency), now)
        later = max(due, anew) if until is None else until + (due - now)
        table = tickets if first else work_table
        mine = tickets.c.id == ticket_id if first else work_table.c.ticket_id == ticket_id
        column = "first_response_due" if first else "next_response_due"
        connection.execute(sa.update(table).where(mine).values({column: later}))
    add_event(connection, ticket_id, _HELD, actor, details, message_id=None, now=now)


def went_out(connection: sa.Connection, row: sa.Row[Any], *, now: float) -> None:
    """Let a reply that was held count as the answer, now that the last part of it has gone out.

    `row` is a message's row of `outbox`. What she wrote meanwhile waits for an answer of its own.
    """
    if row.purpose != Purpose.RESPONDER.value:
        return
    found = connection.execute(
        sa.select(ticket_events.c.ticket_id)
        .join(ticket_conversations, ticket_conversations.c.ticket_id == ticket_events.c.ticket_id)
        .where(
            ticket_conversations.c.conversation_id == row.conversation_id,
            _line(row.created_at),
        )
    ).scalars()
    for ticket_id in found.all():
        if not _more_to_come(connection, row):
            ticket_work.answered(connection, ticket_id, actor=row.author, now=now)
            _waits_again(connection, ticket_id, row)


def _more_to_come(connection: sa.Connection, row: sa.Row[Any]) -> bool:
    query = sa.select(outbox.c.id).where(
        outbox.c.conversation_id == row.conversation_id,
        outbox.c.purpose == Purpose.RESPONDER.value,
        outbox.c.created_at == row.created_at,
        outbox.c.id != row.id,
        outbox.c.state.in_(_ON_THE_WAY),
    )
    return connection.execute(query.limit(1)).first() is not None


def _waits_again(connection: sa.Connection, ticket_id: int, row: sa.Row[Any]) -> None:
    heard, until, urgency = connection.execute(
        sa.select(conversations.c.heard_at, conversations.c.claimed_until, tickets.c.urgency)
        .select_from(conversations)
        .join(tickets, tickets.c.id == ticket_id)
        .where(conversations.c.id == row.conversation_id)
    ).one()
    if heard is None or heard <= row.created_at or heard >= (until or 0.0):
        return  # she has not written since, or the bot has answered her
    due = in_force(connection).due(Deadline.NEXT, Urgency(urgency), heard)
    mine = work_table.c.ticket_id == ticket_id
    connection.execute(sa.update(work_table).where(mine).values(next_response_due=due))
