"""What retention may clear by now, and what stays: holds, open work, unsettled restitution."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from hotline.errors import KeyringError
from hotline.follow_ups import Standing, Topic
from hotline.messages import InboxState
from hotline.referrals import OPEN
from hotline.tickets import OPEN_STATES, State
from store.console_tables import follow_ups, referrals, ticket_work
from store.crypto import Keyring
from store.tables import conversations, inbox, outbox, ticket_conversations, tickets

# Merged tickets go with the one that speaks for them.
_HEADS = [state.value for state in State if state not in OPEN_STATES | {State.MERGED}]
_ASKED = referrals.c.state.in_([state.value for state in OPEN])
_PLANNED = follow_ups.c.done_at.is_(None)


def members(connection: sa.Connection, head: int) -> list[int]:
    """List a ticket and those it speaks for, in the order in which they are locked."""
    into = sa.select(ticket_work.c.ticket_id).where(ticket_work.c.merged_into == head)
    return sorted({head, *connection.execute(into).scalars()})


def _speaking(table: sa.Table, *where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Find the tickets that speak for the rows of a table."""
    joined = table.outerjoin(ticket_work, ticket_work.c.ticket_id == table.c.ticket_id)
    head = sa.func.coalesce(ticket_work.c.merged_into, table.c.ticket_id)
    return sa.select(head).select_from(joined).where(*where)


def unhindered() -> sa.ColumnElement[bool]:
    """Say of a ticket that no hold, open follow-up or referral, or waiting message keeps it."""
    held = sa.select(sa.func.coalesce(ticket_work.c.merged_into, ticket_work.c.ticket_id)).where(
        ticket_work.c.legal_hold
    )
    asked, planned = _speaking(referrals, _ASKED), _speaking(follow_ups, _PLANNED)
    return sa.and_(*(tickets.c.id.not_in(ids) for ids in (held, asked, planned, _waited_for())))


def _waited_for() -> sa.Select[Any]:
    """Find the tickets in whose conversations a message waits, however it came to that."""
    joined = ticket_conversations.join(
        inbox, inbox.c.conversation_id == ticket_conversations.c.conversation_id
    )
    # Written out, not bound: the index holds waiting rows only, and must be known to fit.
    waits = sa.text("inbox.state = 'waiting'")
    return sa.select(ticket_conversations.c.ticket_id).select_from(joined).where(waits)


def ended(before: float) -> sa.ColumnElement[bool]:
    """Say of a ticket that it ended before a moment and still tells something."""
    return sa.and_(
        tickets.c.erased_at.is_(None), tickets.c.ended_at < before, tickets.c.state.in_(_HEADS)
    )


def tickets_due(
    connection: sa.Connection,
    keyring: Keyring,
    before: float,
    *,
    after: tuple[float, int] | None,
    limit: int,
) -> tuple[list[int], tuple[float, int] | None]:
    """Find tickets to clear, those that ended first before others; also where to look on."""
    query = sa.select(tickets.c.id, tickets.c.ended_at).where(ended(before), unhindered())
    if after is not None:
        at, id_ = after
        later = sa.and_(tickets.c.ended_at == at, tickets.c.id > id_)
        query = query.where(tickets.c.ended_at >= at, sa.or_(tickets.c.ended_at > at, later))
    query = query.order_by(tickets.c.ended_at, tickets.c.id).limit(limit)
    rows = connection.execute(query).all()
    ids = [row.id for row in rows]
    kept = unsettled(connection, keyring, ids)
    where = (rows[-1].ended_at, rows[-1].id) if rows else None
    return [id_ for id_ in ids if id_ not in kept], where


def is_due(
    connection: sa.Connection, keyring: Keyring, head: int, ids: Sequence[int], before: float
) -> bool:
    """Ask once more about one ticket and its members, within the transaction that clears them."""
    query = sa.select(tickets.c.id).where(tickets.c.id == head, ended(before))
    if connection.execute(query).first() is None or unsettled(connection, keyring, [head]):
        return False
    return kept_by(connection, ids) is None


def kept_by(connection: sa.Connection, ids: Sequence[int]) -> str | None:
    """Say what keeps a ticket and its members: hold, referral, follow_up, message; or nothing."""
    hindrances = {
        "hold": sa.select(ticket_work.c.ticket_id).where(
            ticket_work.c.ticket_id.in_(ids), ticket_work.c.legal_hold
        ),
        "referral": sa.select(referrals.c.id).where(referrals.c.ticket_id.in_(ids), _ASKED),
        "follow_up": sa.select(follow_ups.c.id).where(follow_ups.c.ticket_id.in_(ids), _PLANNED),
        "message": _waited_for().where(ticket_conversations.c.ticket_id.in_(ids)),
    }
    for name, query in hindrances.items():
        if connection.execute(query.limit(1)).first() is not None:
            return name
    return None


def unsettled(connection: sa.Connection, keyring: Keyring, heads: Sequence[int]) -> set[int]:
    """Find the tickets whose newest follow-up says that the restitution is not settled."""
    head = sa.func.coalesce(ticket_work.c.merged_into, follow_ups.c.ticket_id)
    query = (
        _speaking(follow_ups, follow_ups.c.answers_sealed.is_not(None))
        .with_only_columns(head.label("head"), follow_ups.c.ticket_id, follow_ups.c.answers_sealed)
        .where(sa.or_(follow_ups.c.ticket_id.in_(heads), ticket_work.c.merged_into.in_(heads)))
        .order_by(follow_ups.c.done_at, follow_ups.c.id)
    )
    newest = {row.ticket_id: row for row in connection.execute(query)}
    return {int(row.head) for row in newest.values() if _is_open(keyring, row.answers_sealed)}


def _is_open(keyring: Keyring, sealed: bytes) -> bool:
    try:
        said = json.loads(keyring.open(sealed, "follow_ups.answers"))["answers"]
    except (KeyringError, ValueError, KeyError):
        return True  # what nobody can read, nobody can call settled
    return bool(said.get(Topic.RESTITUTION) == Standing.TROUBLE)


def needed() -> sa.ColumnElement[bool]:
    """Say of a conversation that a ticket still tells something with it."""
    joined = ticket_conversations.join(tickets, tickets.c.id == ticket_conversations.c.ticket_id)
    return (
        sa.select(ticket_conversations.c.ticket_id)
        .select_from(joined)
        .where(
            ticket_conversations.c.conversation_id == conversations.c.id,
            tickets.c.erased_at.is_(None),
        )
        .correlate(conversations)
        .exists()
    )


def conversations_due(
    connection: sa.Connection, before: float, *, after: str | None, limit: int
) -> tuple[list[str], str | None]:
    """Find conversations to clear: silent for so long, and no ticket needs them."""
    c = conversations.c
    last = sa.func.coalesce(c.heard_at, c.opened_at)
    anew = sa.or_(c.erased_at.is_(None), c.erased_at < last)
    query = sa.select(c.id).where(last < before, anew, ~needed())
    for table, at in ((inbox, inbox.c.received_at), (outbox, outbox.c.created_at)):
        query = query.where(~sa.exists().where(table.c.conversation_id == c.id, at >= before))
    waits = sa.and_(inbox.c.conversation_id == c.id, inbox.c.state == InboxState.WAITING.value)
    query = query.where(~sa.exists().where(waits))
    if after is not None:
        query = query.where(c.id > after)
    found = list(connection.execute(query.order_by(c.id).limit(limit)).scalars())
    return found, found[-1] if found else None


def last_word(connection: sa.Connection, conversation: str) -> float | None:
    """Say when somebody last wrote in a conversation; None while a message waits."""
    waits = sa.select(inbox.c.id).where(
        inbox.c.conversation_id == conversation, inbox.c.state == InboxState.WAITING.value
    )
    if connection.execute(waits.limit(1)).first():
        return None
    c = conversations.c
    moments = [
        sa.select(sa.func.coalesce(c.heard_at, c.opened_at)).where(c.id == conversation),
        sa.select(sa.func.max(inbox.c.received_at)).where(inbox.c.conversation_id == conversation),
        sa.select(sa.func.max(outbox.c.created_at)).where(outbox.c.conversation_id == conversation),
    ]
    found = [connection.execute(query).scalar() for query in moments]
    return max(float(moment) for moment in found if moment is not None)
