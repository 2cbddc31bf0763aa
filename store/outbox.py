"""Outbound messages: written with the answer's own transaction, then carried by a transport."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from hotline.messages import OutboxState, Reply
from store.crypto import Keyring
from store.tables import outbox


@dataclass(frozen=True)
class Outgoing:
    """One outbound message as it is stored."""

    id: int
    inbox_id: int | None
    reply: Reply
    author: str
    state: str
    created_at: float


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
) -> None:
    """Queue replies in order; (inbox_id, place) is unique, so an answer cannot stand twice."""
    rows = [
        {
            "conversation_id": conversation,
            "inbox_id": inbox_id,
            "place": place,
            "body_sealed": keyring.seal(json.dumps(reply.to_dict()), "outbox.body"),
            "author": author,
            "state": state.value,
            "created_at": now,
            "sent_at": now if state is OutboxState.SENT else None,
        }
        for place, reply in enumerate(replies)
    ]
    if rows:
        connection.execute(sa.insert(outbox), rows)


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


def answers_to(connection: sa.Connection, keyring: Keyring, inbox_id: int) -> list[Outgoing]:
    """Read what answers one inbound message, in order."""
    rows = connection.execute(
        sa.select(outbox).where(outbox.c.inbox_id == inbox_id).order_by(outbox.c.place)
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
