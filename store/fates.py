"""What the end of one try means for a message and its conversation, told at once or by receipt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from hotline.delivery import Delivery, End, give_up_after, pause
from hotline.holding import LONGEST_RETRY
from hotline.messages import Hold, OutboxState
from store.conversations import add_event
from store.outbox import MISCONFIGURED, WAIVED
from store.standing import make_due
from store.tables import conversations, outbox

WINDOW_AUTHOR = "window"  # who "wrote" a template
# Ends after which a message is not lost to its caller: it waits, or is tried again.
PUT_BACK = {
    End.RETRY: None,
    End.MISCONFIGURED: None,
    End.WINDOW_SHUT: Hold.WINDOW,
    End.UNREACHABLE: Hold.UNREACHABLE,
    End.OPTED_OUT: Hold.OPTED_OUT,
}
_MISCONFIGURED_PAUSE = 60.0
_LONGEST_MISCONFIGURED = 3600.0  # where only a receipt tells: every try costs a message
_LONGEST_TRY = 600.0  # seconds
_ARRIVED = (OutboxState.SENT.value, OutboxState.DELIVERED.value, OutboxState.READ.value)
_WAITS = (OutboxState.QUEUED.value, OutboxState.HELD.value, OutboxState.SENDING.value)


def settle(
    connection: sa.Connection,
    row: sa.Row[Any],
    delivery: Delivery,
    *,
    now: float,
    chance: Callable[[], float],
) -> OutboxState:
    """Write down what a try that ended without success means; returns the message's new state.

    `row` is the message's row of `outbox`, whose conversation the transaction has locked.
    """
    values: dict[str, Any] = {
        "error_code": (delivery.code or delivery.end.value)[:16],
        "error": delivery.words[:200] or None,
        "status_at": now,
        "hold": WAIVED if row.hold == WAIVED else None,
        "next_at": None,
    }
    _mark_conversation(connection, row.conversation_id, delivery, now)
    if delivery.end is End.UNCERTAIN:
        values["state"] = OutboxState.UNCERTAIN.value
    elif not _may_wait(connection, row, delivery.end):
        values["state"] = OutboxState.FAILED.value
    elif (hold := PUT_BACK[delivery.end]) is not None:
        values |= {"state": OutboxState.HELD.value, "hold": hold.value}
        values |= {"provider_id": None, "give_up_at": None}
    elif delivery.end is End.MISCONFIGURED:
        # Not counted against its time: an operator has to mend it first.
        values |= {"state": OutboxState.QUEUED.value, "hold": MISCONFIGURED, "give_up_at": None}
        values["next_at"] = now + _until_mended(row)
    else:
        values |= _next_try(connection, row, delivery, now, chance)
    connection.execute(sa.update(outbox).where(outbox.c.id == row.id).values(values))
    if values["state"] in _WAITS:
        make_due(connection, row.conversation_id, now)
    return OutboxState(values["state"])


def _may_wait(connection: sa.Connection, row: sa.Row[Any], end: End) -> bool:
    """Say whether a message may be tried again, now or later, without breaking the order."""
    if end not in PUT_BACK:
        return False
    if row.author == WINDOW_AUTHOR:
        return end is End.RETRY  # a template is worth nothing later
    if end is not End.RETRY or row.state == OutboxState.SENDING.value:
        return True
    # We believed it gone, and went on: is she already reading what comes after it?
    after = sa.select(outbox.c.id).where(
        outbox.c.conversation_id == row.conversation_id,
        outbox.c.id > row.id,
        outbox.c.state.in_(_ARRIVED),
    )
    return connection.execute(after.limit(1)).first() is None


def _until_mended(row: sa.Row[Any]) -> float:
    """Give the seconds before the next try of what our account or settings kept back."""
    if row.state == OutboxState.SENDING.value:
        return _MISCONFIGURED_PAUSE
    return float(min(_MISCONFIGURED_PAUSE * 2.0 ** min(row.attempts, 20), _LONGEST_MISCONFIGURED))


def _next_try(
    connection: sa.Connection,
    row: sa.Row[Any],
    delivery: Delivery,
    now: float,
    chance: Callable[[], float],
) -> dict[str, Any]:
    longest = give_up_after(row.urgency)
    # A clock that was put back must not stretch the time, and one put forward during this very
    # try must not end it. A receipt may come hours after the try: it begins no new time.
    tried_for = abs(now - (row.status_at or now))
    moved = row.state == OutboxState.SENDING.value and tried_for > _LONGEST_TRY
    known = None if moved else row.give_up_at
    give_up_at = min(known or now + longest, now + longest)
    wait = pause(row.attempts, _highest_urgency(connection, row.conversation_id), chance)
    next_at = now + min(max(wait, delivery.retry_after or 0.0), LONGEST_RETRY)
    if next_at > give_up_at:
        return {"state": OutboxState.FAILED.value, "error_code": "too_old"}
    return {
        "state": OutboxState.QUEUED.value,
        "next_at": next_at,
        "give_up_at": give_up_at,
        "provider_id": None,
    }


def begin_times_anew(connection: sa.Connection) -> None:
    """Give everything that waits its whole time again: the clock that measured it was moved."""
    waits = outbox.c.state.in_(_WAITS) & outbox.c.give_up_at.is_not(None)
    connection.execute(sa.update(outbox).where(waits).values(give_up_at=None))


def _highest_urgency(connection: sa.Connection, conversation: str) -> str:
    """Give the urgency that sets the pace: what waits behind a message waits as long as it."""
    mine = (outbox.c.conversation_id == conversation) & outbox.c.state.in_(_WAITS)
    there = set(connection.execute(sa.select(outbox.c.urgency).where(mine).distinct()).scalars())
    return next((one for one in ("critical", "high") if one in there), "normal")


def _mark_conversation(
    connection: sa.Connection, conversation: str, delivery: Delivery, now: float
) -> None:
    mine = conversations.c.id == conversation
    if delivery.end is End.UNREACHABLE:
        reason = (delivery.code or "unreachable")[:24]
        new = mine & conversations.c.unreachable.is_(None)
        change = sa.update(conversations).where(new).values(unreachable=reason)
    elif delivery.end is End.OPTED_OUT:
        new = mine & conversations.c.opted_out_at.is_(None)
        change = sa.update(conversations).where(new).values(opted_out_at=now)
    else:
        return
    if connection.execute(change).rowcount:
        told = {"code": delivery.code}
        add_event(connection, conversation, delivery.end.value, "provider", told, now)
