"""Inbound messages: stored once each, claimed one conversation at a time, in order."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from hotline.errors import KeyringError
from hotline.messages import InboundMessage, InboxState, Kind
from store.crypto import Keyring
from store.tables import attachments, conversations, inbox

_WAITING = InboxState.WAITING.value


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """The oldest unanswered message of a conversation."""

    id: int
    text: str
    attempts: int
    behind: int  # how many more wait after it
    kind: Kind = Kind.TEXT
    received_at: float = 0.0
    pick: tuple[int, int] | None = None
    place: tuple[float, float] | None = None
    contact: str = ""
    ref: str = ""
    unreadable: bool = False  # sealed with a key we lack, or damaged


def insert_ignoring(connection: sa.Connection, table: sa.Table) -> Any:
    """Give an INSERT that passes silently over a row that is already there."""
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return make(table).on_conflict_do_nothing()


def conversation_of(
    connection: sa.Connection,
    keyring: Keyring,
    *,
    channel: str,
    address: str,
    now: float,
    transport: str,
) -> str:
    """Find the conversation of an address on a channel, or open one."""
    index = keyring.blind("address", f"{channel}:{address}")
    find = sa.select(conversations.c.id).where(conversations.c.address_index == index)
    found = connection.execute(find).scalar()
    if found is None:
        row = {
            "id": secrets.token_hex(16),
            "channel": channel,
            "transport": transport,
            "address_sealed": keyring.seal(address, "conversations.address"),
            "address_index": index,
            "opened_at": now,
        }
        connection.execute(insert_ignoring(connection, conversations), row)
        found = connection.execute(find).scalar_one()
    return str(found)


def receive(
    connection: sa.Connection, keyring: Keyring, message: InboundMessage, *, transport: str
) -> tuple[int, bool]:
    """Store an inbound message; a repeat of the same provider id changes nothing.

    Returns the row's id and whether it is new.
    """
    moment = message.received_at.timestamp()
    conversation = conversation_of(
        connection,
        keyring,
        channel=message.channel,
        address=message.address,
        now=moment,
        transport=transport,
    )
    row = {
        "channel": message.channel.value,
        "provider_id": message.provider_id,
        "conversation_id": conversation,
        "kind": message.kind.value,
        "text_sealed": keyring.seal(message.text, "inbox.text"),
        "details_sealed": _sealed_details(keyring, message),
        "received_at": moment,
    }
    # RETURNING, not rowcount: PostgreSQL's driver does not count rows it gives back.
    insert = insert_ignoring(connection, inbox).returning(inbox.c.id)
    new = connection.execute(insert, row).scalar()
    if new is not None:
        _hear(connection, conversation, moment, transport)
        _expect_media(connection, keyring, message, conversation, new, transport)
        return int(new), True
    same = (inbox.c.channel == message.channel.value) & (inbox.c.provider_id == message.provider_id)
    return int(connection.execute(sa.select(inbox.c.id).where(same)).scalar_one()), False


def _sealed_details(keyring: Keyring, message: InboundMessage) -> bytes | None:
    details = message.details()
    return keyring.seal(json.dumps(details), "inbox.details") if details else None


def _hear(connection: sa.Connection, conversation: str, moment: float, transport: str) -> None:
    """Make the conversation due, and note that its caller can be reached this way."""
    heard = conversations.c.heard_at
    connection.execute(
        sa.update(conversations)
        .where(conversations.c.id == conversation)
        .values(
            next_at=sa.func.coalesce(conversations.c.next_at, moment),
            # A provider's repeat may come late; the window hangs on the newest.
            heard_at=sa.case((heard > moment, heard), else_=moment),
            transport=transport,
            unreachable=None,
        )
    )


def _expect_media(
    connection: sa.Connection,
    keyring: Keyring,
    message: InboundMessage,
    conversation: str,
    inbox_id: int,
    transport: str,
) -> None:
    rows = [
        {
            "conversation_id": conversation,
            "inbox_id": inbox_id,
            "place": place,
            "transport": transport,
            "kind": one.kind.value,
            "source_sealed": keyring.seal(one.source, "attachments.source"),
            "name_sealed": keyring.seal(one.name, "attachments.name") if one.name else None,
            "declared_type": one.declared_type[:100] or None,
            "size": one.size,
            "next_at": message.received_at.timestamp(),
            "at": message.received_at.timestamp(),
        }
        for place, one in enumerate(message.media)
    ]
    if rows:
        connection.execute(sa.insert(attachments), rows)


def anything_due(connection: sa.Connection, now: float) -> bool:
    """Say whether a claim would find anything."""
    free = sa.or_(conversations.c.lease_until.is_(None), conversations.c.lease_until < now)
    query = sa.select(conversations.c.id).where(conversations.c.next_at <= now, free).limit(1)
    return connection.execute(query).first() is not None


def claim(
    connection: sa.Connection,
    *,
    owner: str,
    limit: int,
    now: float,
    lease: float,
    busy: Collection[str] = (),
) -> list[str]:
    """Take up to `limit` conversations that are due and that nobody holds.

    `busy` are those the owner is still working on although their lease has run out: taking them
    again would give the fence the right name in the wrong hand.

    `lease` is in seconds: when it runs out without being renewed, another worker takes over.
    """
    free = sa.or_(conversations.c.lease_until.is_(None), conversations.c.lease_until < now)
    due = (
        sa.select(conversations.c.id)
        .where(conversations.c.next_at <= now, free, conversations.c.id.not_in(busy))
        .order_by(conversations.c.next_at)
        .limit(limit)
    )
    if connection.dialect.name == "postgresql":
        due = due.with_for_update(skip_locked=True)
    taken: Sequence[str] = list(connection.execute(due).scalars())
    if taken:
        connection.execute(
            sa.update(conversations)
            .where(conversations.c.id.in_(taken))
            .values(owner=owner, lease_until=now + lease)
        )
    return list(taken)


def renew(
    connection: sa.Connection, conversation: str, *, owner: str, now: float, lease: float
) -> bool:
    """Prolong a lease; False when another worker has taken the conversation meanwhile."""
    done = connection.execute(
        sa.update(conversations)
        .where(conversations.c.id == conversation, conversations.c.owner == owner)
        .values(lease_until=now + lease)
    )
    return done.rowcount == 1


def next_waiting(connection: sa.Connection, keyring: Keyring, conversation: str) -> Waiting | None:
    """Read the oldest unanswered message of a conversation.

    One that cannot be opened is given too, marked: it must be counted and shown, not met for ever.
    """
    mine = (inbox.c.conversation_id == conversation) & (inbox.c.state == _WAITING)
    row = connection.execute(sa.select(inbox).where(mine).order_by(inbox.c.id).limit(1)).first()
    if row is None:
        return None
    behind = connection.execute(
        sa.select(sa.func.count()).select_from(inbox).where(mine, inbox.c.id > row.id)
    ).scalar_one()
    known = {"id": row.id, "attempts": row.attempts, "behind": behind}
    known |= {"kind": kind_of(row.kind), "received_at": row.received_at}
    try:
        text = keyring.open(row.text_sealed, "inbox.text")
        details = open_details(keyring, row.details_sealed)
        return Waiting(text=text, **known, **_typed(details))
    except (KeyringError, ValueError, TypeError, KeyError):
        return Waiting(text="", unreadable=True, **known)


def kind_of(stored: str) -> Kind:
    """Read a stored kind."""
    # A newer version may have stored a kind that this one does not know.
    return Kind(stored) if stored in Kind else Kind.OTHER


def open_details(keyring: Keyring, sealed: bytes | None) -> dict[str, Any]:
    """Give what a message holds besides its text, in the plain form of InboundMessage.details."""
    if sealed is None:
        return {}
    plain = json.loads(keyring.open(sealed, "inbox.details"))
    return dict(plain)


def _typed(details: dict[str, Any]) -> dict[str, Any]:
    typed: dict[str, Any] = {
        "contact": str(details.get("contact", "")),
        "ref": str(details.get("ref", "")),
    }
    if pick := details.get("pick"):
        typed["pick"] = (int(pick[0]), int(pick[1]))
    if place := details.get("place"):
        typed["place"] = (float(place[0]), float(place[1]))
    return typed


def count_attempt(connection: sa.Connection, message_id: int) -> None:
    """Remember that a worker has begun with a message, so that a poisonous one is noticed."""
    connection.execute(
        sa.update(inbox).where(inbox.c.id == message_id).values(attempts=inbox.c.attempts + 1)
    )


def finish(connection: sa.Connection, message_id: int, *, outcome: str, now: float) -> None:
    """Mark a message as answered (or silent by design)."""
    connection.execute(
        sa.update(inbox)
        .where(inbox.c.id == message_id)
        .values(state=InboxState.DONE.value, outcome=outcome, done_at=now)
    )


def release(
    connection: sa.Connection, conversation: str, *, owner: str, again_at: float | None = None
) -> None:
    """Give a conversation back; it stays due when a message came in meanwhile."""
    # The row is locked first: a message that commits between our look and our update would
    # otherwise find next_at still set, leave it alone, and then lose it to us.
    held = conversations.c.id == conversation
    lock = sa.select(conversations.c.id).where(held)
    if connection.dialect.name == "postgresql":
        lock = lock.with_for_update()
    connection.execute(lock)
    more = connection.execute(
        sa.select(inbox.c.received_at)
        .where(inbox.c.conversation_id == conversation, inbox.c.state == _WAITING)
        .order_by(inbox.c.id)
        .limit(1)
    ).scalar()
    due = again_at if again_at is not None else more
    connection.execute(
        sa.update(conversations)
        .where(held, conversations.c.owner == owner)
        .values(owner=None, lease_until=None, next_at=due)
    )
