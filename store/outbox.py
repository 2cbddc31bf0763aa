"""Outbound messages: written with the answer's own transaction, then carried by a transport."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from hotline.messages import Hold, OutboxState, Purpose, Reply
from store.crypto import Keyring
from store.standing import make_due
from store.tables import outbox

# What `outbox.hold` says besides the words of hotline.messages.Hold.
WAIVED = "waived"  # a responder has seen why it waits, and sends it all the same
MISCONFIGURED = "misconfigured"  # our account or settings; tried again, and shown
_UNTIL_SHE_WRITES = (Hold.WINDOW.value, Hold.OPTED_OUT.value, Hold.UNREACHABLE.value)
NOT_NEEDED = "not_needed"  # a template overtaken by her own message, or what was erased unsent
ERASED = "erased"  # the error code of what was to go out and was deleted


@dataclass(frozen=True)
class Outgoing:
    """One outbound message as it is stored."""

    id: int
    inbox_id: int | None
    reply: Reply
    author: str
    state: str
    created_at: float


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """An outbound message that a responder must know about; its words stay sealed."""

    id: int
    conversation: str
    state: str
    hold: str | None  # why it waits
    purpose: str
    urgency: str
    author: str
    code: str | None
    words: str | None  # the provider's
    attempts: int
    created_at: float
    status_at: float | None
    next_at: float | None
    held_until: float | None  # of a held one whose reason ends by itself


def add(
    connection: sa.Connection,
    keyring: Keyring,
    conversation: str,
    replies: Sequence[Reply],
    *,
    inbox_id: int | None,
    author: str,
    now: float,
    state: OutboxState = OutboxState.QUEUED,
    purpose: Purpose = Purpose.ANSWER,
    urgency: str = "normal",
) -> list[int]:
    """Queue replies in order; (inbox_id, place) is unique, so an answer cannot stand twice.

    Returns the rows' ids.
    """
    rows = [
        {
            "conversation_id": conversation,
            "inbox_id": inbox_id,
            "place": place,
            "body_sealed": keyring.seal(json.dumps(reply.to_dict()), "outbox.body"),
            "author": author,
            "purpose": purpose.value,
            "urgency": urgency,
            "state": state.value,
            "created_at": now,
            "sent_at": now if state is OutboxState.SENT else None,
        }
        for place, reply in enumerate(replies)
    ]
    # One by one: the order of the ids is the order in which they go out.
    insert = sa.insert(outbox).returning(outbox.c.id)
    ids = [int(connection.execute(insert, row).scalar_one()) for row in rows]
    if ids and state is OutboxState.QUEUED:
        make_due(connection, conversation, now)
    return ids


def _read(keyring: Keyring, row: sa.Row[tuple[object, ...]]) -> Outgoing:
    plain = json.loads(keyring.open(row.body_sealed, "outbox.body"))
    return Outgoing(
        row.id, row.inbox_id, Reply.from_dict(plain), row.author, row.state, row.created_at
    )


def since(
    connection: sa.Connection, keyring: Keyring, conversation: str, *, after: int
) -> list[Outgoing]:
    """Read a conversation's outbound messages with an id above `after`, oldest first."""
    rows = connection.execute(
        sa.select(outbox)
        .where(outbox.c.conversation_id == conversation, outbox.c.id > after)
        .order_by(outbox.c.id)
    )
    return [_read(keyring, row) for row in rows]


def mark_delivered(connection: sa.Connection, ids: Sequence[int]) -> None:
    """Note that the caller's own page has shown these; statuses never move back."""
    if ids:
        connection.execute(
            sa.update(outbox)
            .where(outbox.c.id.in_(ids), outbox.c.state == OutboxState.SENT.value)
            .values(state=OutboxState.DELIVERED.value)
        )


def wake_held(connection: sa.Connection, conversation: str, now: float) -> None:
    """Let what waits be looked at anew, because the caller has written or her rules changed.

    What may go then goes; what was only waiting for its next try is tried at once.
    """
    waits = (OutboxState.HELD.value, OutboxState.QUEUED.value)
    mine = (outbox.c.conversation_id == conversation) & outbox.c.state.in_(waits)
    # Her message overrules what a provider said before it; a clock is no witness of the order.
    kept = sa.case((outbox.c.hold.in_(_UNTIL_SHE_WRITES), None), else_=outbox.c.hold)
    woken = connection.execute(sa.update(outbox).where(mine).values(next_at=None, hold=kept))
    if woken.rowcount:
        make_due(connection, conversation, now)


def waive(connection: sa.Connection, outbox_id: int, now: float) -> bool:
    """Send a held message in spite of her hours or rules, because a responder says so.

    A provider's shut window and a STOP stay in force. False when the message is not held.
    """
    held = (outbox.c.id == outbox_id) & (outbox.c.state == OutboxState.HELD.value)
    waived = sa.update(outbox).where(held).values(hold=WAIVED, next_at=None)
    found = connection.execute(waived.returning(outbox.c.conversation_id)).scalar()
    if found is None:
        return False
    make_due(connection, found, now)
    return True


def troubles(connection: sa.Connection, *, conversation: str | None = None) -> list[Trouble]:
    """List what failed, may not have arrived, or waits for more than its turn; oldest first."""
    o = outbox.c
    shown = (OutboxState.FAILED.value, OutboxState.UNCERTAIN.value, OutboxState.HELD.value)
    query = sa.select(outbox).where(
        sa.or_(o.state.in_(shown), o.hold == MISCONFIGURED),
        sa.or_(o.hold.is_(None), o.hold != NOT_NEEDED),
    )
    if conversation is not None:
        query = query.where(o.conversation_id == conversation)
    return [
        Trouble(
            id=row.id,
            conversation=row.conversation_id,
            state=row.state,
            hold=row.hold,
            purpose=row.purpose,
            urgency=row.urgency,
            author=row.author,
            code=row.error_code,
            words=row.error,
            attempts=row.attempts,
            created_at=row.created_at,
            status_at=row.status_at,
            next_at=row.next_at,
            held_until=row.next_at if row.state == OutboxState.HELD.value else None,
        )
        for row in connection.execute(query.order_by(o.id))
    ]
