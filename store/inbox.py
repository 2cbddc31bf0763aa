"""Inbound messages: stored once each, claimed one conversation at a time, in order."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hotline.errors import KeyringError
from hotline.messages import InboundMessage, InboxState, Kind
from hotline.understood import Understood
from store.arrivals import Arrival, insert_ignoring, receive_all
from store.crypto import Keyring
from store.tables import conversations, inbox

_WAITING = InboxState.WAITING.value
_SPARE = 4
_LONGEST_LEASE = 86_400.0  # seconds; settings allow 600


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
    own_contact: bool = False
    ref: str = ""
    unreadable: bool = False  # sealed with a key we lack, or damaged


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
    """Store one inbound message; returns its row's id and whether it is new."""
    return receive_all(connection, keyring, [Arrival(message, transport)])[0]


def _free(now: float) -> sa.ColumnElement[bool]:
    until = conversations.c.lease_until
    # One far ahead was taken by a clock that ran ahead, and nobody prolongs it.
    return sa.or_(until.is_(None), until < now, until > now + _LONGEST_LEASE)


def _timed(now: float) -> sa.Select[tuple[str]]:
    """Find conversations that were to be looked at again by now."""
    c = conversations.c
    return sa.select(c.id).where(c.next_at <= now, _free(now)).order_by(c.next_at)


def _untimed(now: float) -> sa.Select[tuple[str]]:
    """Find conversations in which a message waits, the longest waiting first.

    Messages are stored without touching the conversation's row, which a worker may hold, so it
    is they that say what is due.
    """
    c = conversations.c
    return (
        sa.select(c.id)
        .join(inbox, inbox.c.conversation_id == c.id)
        # Written out, not bound: the index holds waiting rows only, and must be known to fit. Nor
        # shall a database begin with the conversations that have no moment: they are nearly all.
        .where(sa.text("inbox.state = 'waiting'"), sa.func.coalesce(c.next_at, 0) == 0, _free(now))
        .group_by(c.id)
        .order_by(sa.func.min(inbox.c.received_at))
    )


def anything_due(connection: sa.Connection, now: float) -> bool:
    """Say whether a claim would find anything."""
    return any(connection.execute(q(now).limit(1)).first() for q in (_timed, _untimed))


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
    # More than wanted: other workers look at the same ones at the same moment.
    due = [
        row.id
        for query in (_timed(now), _untimed(now))
        for row in connection.execute(query.limit(_SPARE * limit + len(busy)))
        if row.id not in busy
    ]
    if not due:
        return []
    at = conversations.c.next_at
    mine = sa.select(conversations.c.id).where(
        conversations.c.id.in_(due), _free(now), sa.or_(at.is_(None), at <= now)
    )
    order = {conversation: place for place, conversation in enumerate(due)}
    first = mine.order_by(sa.case(order, value=conversations.c.id)).limit(limit)
    if connection.dialect.name == "postgresql":
        # Not the whole row: a message being stored refers to it, and must not wait for us.
        first = first.with_for_update(skip_locked=True, key_share=True)
    free = list(connection.execute(first).scalars())
    if free:
        connection.execute(
            sa.update(conversations)
            .where(conversations.c.id.in_(free))
            .values(owner=owner, lease_until=now + lease)
        )
    return free


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
        "own_contact": bool(details.get("own_contact")),
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


def finish(
    connection: sa.Connection,
    message_id: int,
    *,
    outcome: str,
    now: float,
    understood: Understood | None = None,
) -> None:
    """Mark a message as answered (or silent by design), with what the bot took it for."""
    values: dict[str, Any] = {"state": InboxState.DONE.value, "outcome": outcome, "done_at": now}
    if understood is not None:
        values["read_intent"] = understood.intent
        values["read_confidence"] = understood.confidence
        values["read_language"] = understood.language
    connection.execute(sa.update(inbox).where(inbox.c.id == message_id).values(values))


def release(
    connection: sa.Connection, conversation: str, *, owner: str, again_at: float | None = None
) -> None:
    """Give a conversation back; it is due again at `again_at`, or as soon as a message waits."""
    connection.execute(
        sa.update(conversations)
        .where(conversations.c.id == conversation, conversations.c.owner == owner)
        .values(owner=None, lease_until=None, next_at=again_at)
    )
