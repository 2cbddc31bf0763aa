"""A conversation as its caller saw it: what she wrote and what was sent to her, in order."""

from __future__ import annotations

import json
from dataclasses import dataclass

import sqlalchemy as sa

from hotline.errors import KeyringError
from hotline.messages import Choice, InboxState, OutboxState, Reply
from store.crypto import Keyring
from store.tables import attachments, conversations, inbox, outbox, ticket_facts

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
        Said(row.id, True, Reply(_text(keyring, row.text_sealed)), row.received_at) for row in rows
    ]
    said = _sent(connection, keyring, outbox.c.conversation_id == conversation)
    return sorted(heard + said, key=lambda one: (one.at, not one.inbound, one.id))


def _text(keyring: Keyring, sealed: bytes) -> str:
    try:
        return keyring.open(sealed, "inbox.text")
    except KeyringError:
        return ""  # one damaged message must not hide all others


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


@dataclass(frozen=True)
class Offered:
    """The choices of one of our own messages."""

    choices: tuple[Choice, ...]
    latest: bool  # nothing the bot said later has asked for something else


def offered(
    connection: sa.Connection, keyring: Keyring, conversation: str, *, outbox_id: int
) -> Offered | None:
    """Read what a message of ours offered; None when it is not of this conversation."""
    row = connection.execute(
        sa.select(outbox).where(outbox.c.id == outbox_id, outbox.c.conversation_id == conversation)
    ).first()
    if row is None:
        return None
    later = connection.execute(
        sa.select(outbox.c.id)
        .where(
            outbox.c.conversation_id == conversation,
            outbox.c.id > outbox_id,
            outbox.c.author == "bot",
            outbox.c.inbox_id.is_distinct_from(row.inbox_id),
        )
        .limit(1)
    ).first()
    return Offered(_body(keyring, row.body_sealed).choices, later is None)


def last_asks(connection: sa.Connection, keyring: Keyring, conversation: str) -> bool:
    """Say whether our last message waits for an answer in words."""
    sealed = connection.execute(
        sa.select(outbox.c.body_sealed)
        .where(outbox.c.conversation_id == conversation)
        .order_by(outbox.c.id.desc())
        .limit(1)
    ).scalar()
    if sealed is None:
        return False
    last = _body(keyring, sealed)
    return bool(last.choices) or "?" in last.text


def _body(keyring: Keyring, sealed: bytes) -> Reply:
    try:
        return Reply.from_dict(json.loads(keyring.open(sealed, "outbox.body")))
    except KeyringError:
        return Reply("")


def attachments_of(connection: sa.Connection, message_id: int) -> list[int]:
    """List the files that came with a message."""
    query = sa.select(attachments.c.id).where(attachments.c.inbox_id == message_id)
    return list(connection.execute(query.order_by(attachments.c.place)).scalars())


def largest_file(connection: sa.Connection, message_id: int) -> int:
    """Give the bytes of the largest file of a message, as the provider told; 0 when it did not."""
    size = sa.func.coalesce(sa.func.max(attachments.c.size), 0)
    return int(
        connection.execute(sa.select(size).where(attachments.c.inbox_id == message_id)).scalar_one()
    )


def is_evidence(connection: sa.Connection, message_id: int) -> bool:
    """Say whether something on a ticket was told in this message."""
    query = sa.select(ticket_facts.c.id).where(ticket_facts.c.message_id == message_id)
    return connection.execute(query.limit(1)).first() is not None
