"""Decides what goes out next in a conversation, from its rows, and writes down why others wait."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from hotline.holding import Plan, Standing, Waiting, plan
from hotline.messages import Channel, Hold, OutboxState, Purpose, Reply
from store import outbox
from store.crypto import Keyring
from store.fates import WINDOW_AUTHOR
from store.outbox import NOT_NEEDED, WAIVED
from store.tables import outbox as table

_OPEN = (OutboxState.QUEUED.value, OutboxState.HELD.value)
_REFUSALS = {hold.value: hold for hold in (Hold.WINDOW, Hold.OPTED_OUT)}


def decide(
    connection: sa.Connection,
    keyring: Keyring,
    conversation: str,
    standing: Standing,
    now: float,
) -> Plan:
    """Decide what is next in a conversation that is ours, and write down what waits and why."""
    mine = (table.c.conversation_id == conversation) & table.c.state.in_(_OPEN)
    rows = connection.execute(sa.select(table).where(mine).order_by(table.c.id)).all()
    chosen = plan([_waiting(row) for row in rows], standing, now)
    if standing.channel == Channel.WHATSAPP and _tend_template(
        connection, keyring, conversation, rows, standing, chosen, now
    ):
        return decide(connection, keyring, conversation, standing, now)
    before = {row.id: (row.state, row.hold, row.next_at) for row in rows}
    for message_id, (hold, at) in chosen.held.items():
        if before[message_id] != (OutboxState.HELD.value, hold.value, at):
            values = {
                "state": OutboxState.HELD.value,
                "hold": hold.value,
                "next_at": at,
                "give_up_at": None,  # what waits for her does not grow old
            }
            connection.execute(sa.update(table).where(table.c.id == message_id).values(values))
    return chosen


def _waiting(row: sa.Row[Any]) -> Waiting:
    return Waiting(
        id=row.id,
        purpose=row.purpose,
        state=row.state,
        template=row.author == WINDOW_AUTHOR,
        waived=row.hold == WAIVED,
        next_at=row.next_at,
        # Held after a try: then it was the provider who refused.
        refused=_REFUSALS.get(row.hold) if row.attempts and row.error_code else None,
    )


def _tend_template(
    connection: sa.Connection,
    keyring: Keyring,
    conversation: str,
    rows: Sequence[sa.Row[Any]],
    standing: Standing,
    chosen: Plan,
    now: float,
) -> bool:
    """Ask her to write when that is what others wait for, once; True when rows have changed."""
    templates = [row for row in rows if row.author == WINDOW_AUTHOR]
    if not chosen.ask_to_write:
        # She has written: the template would only puzzle her.
        values = {"state": OutboxState.FAILED.value, "hold": NOT_NEEDED, "status_at": now}
        ids = [row.id for row in templates]
        if ids:
            connection.execute(sa.update(table).where(table.c.id.in_(ids)).values(values))
        return bool(ids)
    asked = sa.select(table.c.id).where(
        table.c.conversation_id == conversation,
        table.c.author == WINDOW_AUTHOR,
        # A clock put back must not make us forget that we have asked.
        table.c.created_at > min(standing.heard_at or 0.0, now - 1),
        sa.or_(table.c.hold.is_(None), table.c.hold != NOT_NEEDED),
    )
    if connection.execute(asked.limit(1)).first() is not None:
        return False
    urgencies = {row.urgency for row in rows}
    outbox.add(
        connection,
        keyring,
        conversation,
        [Reply("")],
        inbox_id=None,
        author=WINDOW_AUTHOR,
        now=now,
        purpose=Purpose.NOTICE,
        urgency=next((one for one in ("critical", "high") if one in urgencies), "normal"),
    )
    return True
