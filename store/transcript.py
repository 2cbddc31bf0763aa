"""A conversation as its caller saw it: what she wrote and what was sent to her, in order."""

from __future__ import annotations

import json
from dataclasses import dataclass

import sqlalchemy as sa

from hotline.messages import InboxState, OutboxState, Reply
from store.crypto import Keyring
from store.tables import conversations, inbox, outbox

# What is held back or was refused has not been said to anybody.
_SAID = (OutboxState.SENT.value, OutboxState.DELIVERED.value, OutboxState.READ.value)


@dataclass(frozen=True)
class Said:
    """One message of a transcript; an inbound one has a reply without choices."""

    id: int
    inbound: bool
    reply: Reply
    at: float


def find_conversation(
    connection: sa.Connection, keyring: Keyring, *, channel: str, address: str
) -> str | None:
    """Find the conversation of an address without opening one."""
    index = keyring.blind("address", f"{channel}:{address}")
    query = sa.select(conversations.c.id).where(conversations.c.address_index == index)
    return connection.execute(query).scalar()


def transcript(connection: sa.Connection, keyring: Keyring, conversation: str) -> list[Said]:
    """Read everything said in a conversation, oldest first."""
    rows = connection.execute(
        sa.select(inbox.c.id, inbox.c.text_sealed, inbox.c.received_at).where(
            inbox.c.conversation_id == conversation
        )
    )
    heard = [
        Said(row.id, True, Reply(keyring.open(row.text_sealed, "inbox.text")), row.received_at)
        for row in rows
    ]
    said = _sent(connection, keyring, outbox.c.conversation_id == conversation)
    return sorted(heard + said, key=lambda one: (one.at, not one.inbound, one.id))


def sent_since(
    connection: sa.Connection, keyring: Keyring, conversation: str, *, after: int
) -> list[Said]:
    """Read what was sent with an id above `after`, and older messages nobody has fetched yet.

    The second kind exists: a held message is released late, and ids commit out of order.
    """
    new = sa.or_(outbox.c.id > after, outbox.c.state == OutboxState.SENT.value)
    return _sent(connection, keyring, (outbox.c.conversation_id == conversation) & new)


def awaits_answer(connection: sa.Connection, conversation: str) -> bool:
    """Say whether a message of the conversation has not been dealt with yet."""
    query = sa.select(inbox.c.id).where(
        inbox.c.conversation_id == conversation, inbox.c.state == InboxState.WAITING.value
    )
    return connection.execute(query.limit(1)).first() is not None


def _sent(connection: sa.Connection, keyring: Keyring, which: sa.ColumnElement[bool]) -> list[Said]:
    rows = connection.execute(
        sa.select(outbox.c.id, outbox.c.body_sealed, outbox.c.created_at)
        .where(which, outbox.c.state.in_(_SAID))
        .order_by(outbox.c.id)
    )
    return [
        Said(
            row.id,
            False,
            Reply.from_dict(json.loads(keyring.open(row.body_sealed, "outbox.body"))),
            row.created_at,
        )
        for row in rows
    ]
