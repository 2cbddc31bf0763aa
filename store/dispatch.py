"""The sending side of the outbox: conversations claimed with a lease, messages begun and ended.

A message is marked as `sending`, and that is committed, before a provider is called. Whoever finds
one so marked after a claim knows that somebody ended in the middle: it may have gone out, so it is
marked as uncertain and never repeated blindly.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hotline.delivery import Delivery, End, Parcel, give_up_after, later
from hotline.messages import OutboxState, Purpose
from store import fates, receipts, ticket_answers, unsent
from store.crypto import Keyring
from store.fates import WINDOW_AUTHOR
from store.outbox import WAIVED
from store.planning import decide
from store.standing import lock, standing_of
from store.tables import conversations
from store.tables import outbox as table

_chance: Callable[[], float] = secrets.SystemRandom().random
_OPEN = (OutboxState.QUEUED.value, OutboxState.HELD.value)
# Nothing is ever due later than this from now: what is, was written by a clock that ran ahead.
_FURTHEST = 26 * 3600.0
_CLOCKS_DIFFER = 60.0
_ALONE = ("smpp",)  # one process holds the session with the SMS centre, and sends there


class LostLeaseError(Exception):
    """Another sender holds the conversation now."""


@dataclass(frozen=True)
class Claimed:
    """A conversation that is ours to send in."""

    id: str
    channel: str
    transport: str


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who sends, and for how long he holds a conversation without a sign of life."""

    owner: str
    lease: float
    quiet: tuple[int, int] = (0, 0)  # hours from and until which networks carry no SMS of ours
    alone: str = ""  # the transport that only this sender serves; empty: all but such


def _due(now: float, holder: Holder) -> sa.ColumnElement[bool]:
    c = conversations.c
    until = c.send_lease_until
    free = sa.or_(until.is_(None), until < now, until > now + holder.lease + _CLOCKS_DIFFER)
    ours = c.transport == holder.alone if holder.alone else c.transport.not_in(_ALONE)
    return sa.and_(sa.or_(c.send_at <= now, c.send_at > now + _FURTHEST), free, ours)


def anything_due(connection: sa.Connection, holder: Holder, now: float) -> bool:
    """Say whether a claim would find anything."""
    query = sa.select(conversations.c.id).where(_due(now, holder)).limit(1)
    return connection.execute(query).first() is not None


def claim(
    connection: sa.Connection,
    holder: Holder,
    *,
    limit: int,
    now: float,
    busy: Collection[str] = (),
) -> list[Claimed]:
    """Take up to `limit` conversations in which something is to be sent and that nobody holds.

    `busy` are those that this sender still works on although their lease has run out.
    """
    c = conversations.c
    due = (
        sa.select(c.id, c.channel, c.transport)
        .where(_due(now, holder), c.id.not_in(busy))
        .order_by(c.send_at)
        .limit(limit)
    )
    if connection.dialect.name == "postgresql":
        due = due.with_for_update(skip_locked=True)
    taken = [Claimed(*row) for row in connection.execute(due).all()]
    if taken:
        connection.execute(
            sa.update(conversations)
            .where(c.id.in_([one.id for one in taken]))
            .values(send_owner=holder.owner, send_lease_until=now + holder.lease)
        )
    return taken


def renew(connection: sa.Connection, ids: Collection[str], holder: Holder, now: float) -> None:
    """Prolong the leases of conversations in which a slow provider is being waited for."""
    mine = conversations.c.id.in_(ids) & (conversations.c.send_owner == holder.owner)
    until = now + holder.lease
    connection.execute(sa.update(conversations).where(mine).values(send_lease_until=until))


def begin_next(
    connection: sa.Connection,
    keyring: Keyring,
    conversation: str,
    holder: Holder,
    *,
    now: float,
    again_at: float | None = None,
) -> Parcel | None:
    """Mark the next message as being sent and hand it out; call the provider after the commit.

    None when nothing may go out now: the conversation is then given back, to be looked at when
    something is due, or at `again_at` if that is sooner. Raises LostLeaseError.
    """
    row = _take_hold(connection, conversation, holder, now)
    _give_up_strays(connection, conversation, now)
    while True:
        standing = standing_of(keyring, row, holder.quiet)
        chosen = decide(connection, keyring, conversation, standing, now)
        if chosen.send is None:
            release(connection, conversation, holder, at=_sooner(chosen.look_at, again_at))
            return None
        parcel = _begin(connection, keyring, row, chosen.send, now)
        if parcel is not None:
            return parcel


def finish(
    connection: sa.Connection,
    parcel: Parcel,
    delivery: Delivery,
    *,
    now: float,
    chance: Callable[[], float] = _chance,
) -> OutboxState:
    """Write down how a try ended. Needs no lease: what is known is known, whoever learnt it."""
    lock(connection, parcel.conversation)
    row = connection.execute(sa.select(table).where(table.c.id == parcel.id)).one()
    current = OutboxState(row.state)
    if row.attempts != parcel.attempts:
        return current  # a receipt has sent it back, and it is being tried anew
    if delivery.end is End.SENT:
        return _sent(connection, row, parcel, delivery, now)
    if current not in (OutboxState.SENDING, OutboxState.UNCERTAIN):
        return current  # a receipt was faster and knows more
    if current is OutboxState.UNCERTAIN and delivery.end is End.UNCERTAIN:
        return current
    return fates.settle(connection, row, delivery, now=now, chance=chance)


def _sent(
    connection: sa.Connection, row: sa.Row[Any], parcel: Parcel, delivery: Delivery, now: float
) -> OutboxState:
    current = OutboxState(row.state)
    provider_id = (delivery.provider_id or "")[:128]
    if provider_id and receipts.put_back(connection, parcel.transport, provider_id):
        return current
    state = later(current, OutboxState.SENT)
    values: dict[str, Any] = {
        "state": state.value,
        "provider_id": provider_id or row.provider_id,
        "sent_at": row.sent_at or now,
    }
    if state is OutboxState.SENT:
        values |= {"status_at": now, "error_code": None, "error": None, "next_at": None}
    connection.execute(sa.update(table).where(table.c.id == row.id).values(values))
    if state is OutboxState.SENT:
        ticket_answers.went_out(connection, row, now=now)
    if provider_id:
        receipts.adopt(connection, row.id, parcel.transport, provider_id)
    return state


def goes_on(
    connection: sa.Connection,
    keyring: Keyring,
    conversation: str,
    holder: Holder,
    *,
    now: float,
    again_at: float | None = None,
) -> bool:
    """Say whether more can be sent in a conversation at once; gives it back when not."""
    try:
        row = _take_hold(connection, conversation, holder, now)
    except LostLeaseError:
        return False
    chosen = decide(connection, keyring, conversation, standing_of(keyring, row, holder.quiet), now)
    if chosen.send is None:
        release(connection, conversation, holder, at=_sooner(chosen.look_at, again_at))
    return chosen.send is not None


def _sooner(one: float | None, other: float | None) -> float | None:
    return min((at for at in (one, other) if at is not None), default=None)


def release(
    connection: sa.Connection, conversation: str, holder: Holder, *, at: float | None
) -> None:
    """Give a conversation back, to be looked at at a moment, or when something comes."""
    mine = (conversations.c.id == conversation) & (conversations.c.send_owner == holder.owner)
    free = {"send_owner": None, "send_lease_until": None, "send_at": at}
    connection.execute(sa.update(conversations).where(mine).values(free))


def address_of(connection: sa.Connection, keyring: Keyring, conversation: str) -> str:
    """Open the address of a conversation."""
    query = sa.select(conversations.c.address_sealed).where(conversations.c.id == conversation)
    return keyring.open(connection.execute(query).scalar_one(), "conversations.address")


def look_again(connection: sa.Connection, now: float) -> None:
    """Make every conversation with something open due: after a start, or when a clock jumped."""
    unfinished = (*_OPEN, OutboxState.SENDING.value)
    open_ids = sa.select(table.c.conversation_id).where(table.c.state.in_(unfinished))
    waits = conversations.c.id.in_(open_ids) & (conversations.c.transport != "local")
    connection.execute(sa.update(conversations).where(waits).values(send_at=now))


def _take_hold(
    connection: sa.Connection, conversation: str, holder: Holder, now: float
) -> sa.Row[Any]:
    """Renew the lease, which also locks the conversation; raises LostLeaseError."""
    mine = (conversations.c.id == conversation) & (conversations.c.send_owner == holder.owner)
    renewed = sa.update(conversations).where(mine).values(send_lease_until=now + holder.lease)
    if connection.execute(renewed).rowcount != 1:
        raise LostLeaseError(conversation)
    query = sa.select(conversations).where(conversations.c.id == conversation)
    return connection.execute(query).one()


def _give_up_strays(connection: sa.Connection, conversation: str, now: float) -> None:
    """Mark as uncertain what somebody began who has ended since, or hangs."""
    begun = (table.c.conversation_id == conversation) & (table.c.state == OutboxState.SENDING.value)
    uncertain = {
        "state": OutboxState.UNCERTAIN.value,
        "error_code": "interrupted",
        "status_at": now,
    }
    connection.execute(sa.update(table).where(begun).values(uncertain))


def _begin(
    connection: sa.Connection,
    keyring: Keyring,
    conversation: sa.Row[Any],
    message_id: int,
    now: float,
) -> Parcel | None:
    """Mark one message as being sent; None when it is damaged or was erased, which fails it."""
    row = connection.execute(sa.select(table).where(table.c.id == message_id)).one()
    values: dict[str, Any] = {
        "state": OutboxState.SENDING.value,
        "attempts": row.attempts + 1,
        "status_at": now,
        "next_at": None,
        "hold": row.hold if row.hold == WAIVED else None,
        "error_code": None,
        "error": None,
        "give_up_at": row.give_up_at or now + give_up_after(row.urgency),
    }
    reply = unsent.open_body(keyring, row.body_sealed)
    failed = unsent.end_of(row, reply)
    connection.execute(sa.update(table).where(table.c.id == message_id).values(values | failed))
    if reply is None or failed:
        return None
    return Parcel(
        id=row.id,
        conversation=conversation.id,
        channel=conversation.channel,
        transport=conversation.transport,
        address=keyring.open(conversation.address_sealed, "conversations.address"),
        language=conversation.language,
        reply=reply,
        purpose=Purpose(row.purpose),
        attempts=row.attempts + 1,
        template=row.author == WINDOW_AUTHOR,
    )
