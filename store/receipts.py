"""Receipts: what a provider says became of a message, in any order, repeated, early or late."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hotline.delivery import Delivery, End, later
from hotline.messages import OutboxState
from store import fates, ticket_answers
from store.arrivals import insert_ignoring
from store.standing import lock
from store.tables import conversations, outbox, receipts

_chance: Callable[[], float] = secrets.SystemRandom().random
# A receipt is kept as "<our state><how it ended>:<the provider's word>", so that one that comes
# before its message is known can be applied later.
_STATES = {
    "q": OutboxState.QUEUED,
    "g": OutboxState.SENDING,
    "s": OutboxState.SENT,
    "d": OutboxState.DELIVERED,
    "r": OutboxState.READ,
    "f": OutboxState.FAILED,
    "u": OutboxState.UNCERTAIN,
}
_STATE_LETTERS = {state: letter for letter, state in _STATES.items()}
_ENDS = {
    "a": End.RETRY,
    "x": End.REFUSED,
    "n": End.UNREACHABLE,
    "o": End.OPTED_OUT,
    "w": End.WINDOW_SHUT,
    "m": End.MISCONFIGURED,
}
_END_LETTERS = {end: letter for letter, end in _ENDS.items()}
# Our own mark: the message waits or is tried again, so nothing more said under this id counts.
_PUT_BACK = "put back"
_SUCCESS = (OutboxState.SENT, OutboxState.DELIVERED, OutboxState.READ)


@dataclass(frozen=True)
class _Told:
    """What one receipt says, in our words."""

    state: OutboxState
    end: End | None
    code: str | None
    words: str
    at: float


def note(
    connection: sa.Connection,
    *,
    transport: str,
    provider_id: str,
    status: str,
    state: OutboxState,
    code: str | None = None,
    words: str = "",
    outbox_id: int | None = None,
    at: float,
    end: End | None = None,
) -> bool:
    """Store a receipt once and move its message; a message not known yet gets it later.

    `end`, for a failure, is what the provider's code means: a shut window, a STOP or a crowded
    network lets the message wait instead of failing it. False for a receipt that was known.
    """
    row = _message(connection, transport, provider_id, outbox_id)
    told = f"{_STATE_LETTERS.get(state, 'q')}{_END_LETTERS.get(end, '') if end else ''}:{status}"
    receipt = {
        "transport": transport,
        "provider_id": provider_id[:128],
        "status": told[:24],
        "error_code": code[:16] if code else None,
        "outbox_id": row.id if row is not None else None,
        "at": at,
    }
    insert = insert_ignoring(connection, receipts).returning(receipts.c.id)
    if connection.execute(insert, receipt).scalar() is None:
        return False
    if row is not None:
        _apply(connection, row.id, transport, provider_id, _Told(state, end, code, words, at))
    return True


def adopt(connection: sa.Connection, outbox_id: int, transport: str, provider_id: str) -> None:
    """Apply the receipts that came before we knew which message they are about."""
    mine = (receipts.c.transport == transport) & (receipts.c.provider_id == provider_id)
    early = mine & receipts.c.outbox_id.is_(None)
    rows = connection.execute(sa.select(receipts).where(early).order_by(receipts.c.id)).all()
    if not rows:
        return
    connection.execute(sa.update(receipts).where(early).values(outbox_id=outbox_id))
    for row in rows:
        letters, _, _ = row.status.partition(":")
        end = _ENDS.get(letters[1:])
        told = _Told(_STATES[letters[:1]], end, row.error_code, "", row.at)
        _apply(connection, outbox_id, transport, provider_id, told)


def put_back(connection: sa.Connection, transport: str, provider_id: str) -> bool:
    """Say whether a receipt has already sent this try's message back to wait."""
    query = sa.select(receipts.c.id).where(
        receipts.c.transport == transport,
        receipts.c.provider_id == provider_id,
        receipts.c.status == _PUT_BACK,
    )
    return connection.execute(query).first() is not None


def _message(
    connection: sa.Connection, transport: str, provider_id: str, outbox_id: int | None
) -> sa.Row[Any] | None:
    """Find the message that a receipt is about and lock its conversation."""
    o = outbox.c
    query: sa.Select[Any] = sa.select(o.id, o.conversation_id)
    if outbox_id is not None:
        # An id that we sent along; another try of the same message has another provider's id.
        same = sa.or_(o.provider_id.is_(None), o.provider_id == provider_id)
        query = query.where(o.id == outbox_id, same)
    else:
        # Some providers begin to count anew: the newest message of that number is meant.
        query = (
            query.join(conversations)
            .where(o.provider_id == provider_id, conversations.c.transport == transport)
            .order_by(o.id.desc())
        )
    row = connection.execute(query.limit(1)).first()
    if row is not None:
        lock(connection, row.conversation_id)
    return row


def _apply(
    connection: sa.Connection, outbox_id: int, transport: str, provider_id: str, told: _Told
) -> None:
    if put_back(connection, transport, provider_id):
        return
    row = connection.execute(sa.select(outbox).where(outbox.c.id == outbox_id)).one()
    current = OutboxState(row.state)
    state = later(current, told.state)
    if state is current:
        return
    if state is OutboxState.FAILED and told.end in fates.PUT_BACK:
        delivery = Delivery(end=told.end, code=told.code, words=told.words)
        now = told.at
        if fates.settle(connection, row, delivery, now=now, chance=_chance) != OutboxState.FAILED:
            _mark_put_back(connection, row.id, transport, provider_id, now)
        return
    values: dict[str, Any] = {
        "state": state.value,
        "status_at": told.at,
        "provider_id": row.provider_id or provider_id[:128],
        "error_code": told.code[:16] if told.code else None,
        "error": told.words[:200] or None,
    }
    if state in _SUCCESS:
        values |= {"sent_at": row.sent_at or told.at, "hold": None, "next_at": None}
    connection.execute(sa.update(outbox).where(outbox.c.id == outbox_id).values(values))
    if state in _SUCCESS and current not in _SUCCESS:
        ticket_answers.went_out(connection, row, now=told.at)


def _mark_put_back(
    connection: sa.Connection, outbox_id: int, transport: str, provider_id: str, now: float
) -> None:
    mark = {
        "transport": transport,
        "provider_id": provider_id[:128],
        "status": _PUT_BACK,
        "outbox_id": outbox_id,
        "at": now,
    }
    connection.execute(insert_ignoring(connection, receipts), mark)
