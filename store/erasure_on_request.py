"""Clears an ended ticket because its caller asks for it; says what the law or the case keeps."""

from __future__ import annotations

import sqlalchemy as sa

from hotline.errors import Refused
from hotline.staff import Staff
from hotline.tickets import OPEN_STATES, State
from store import ticket_work
from store.crypto import Keyring
from store.retention import erase
from store.retention_due import kept_by, members, unsettled
from store.tables import tickets
from store.ticket_events import lock

EVENT = "erased_on_request"
SHORTEST = 3  # characters of a ground


def erase_on_request(
    connection: sa.Connection,
    keyring: Keyring,
    ticket_id: int,
    ground: str,
    *,
    by: Staff,
    now: float,
) -> None:
    """Clear a ticket and those it speaks for, as retention would years later.

    Its row, regions, dates, outcome and log stay. The ground, which should name nobody, is kept
    as a note. Raises Refused with `erasure_` and why not: reason, open, merged, done, hold,
    referral, follow_up, message (one waits for its answer), or restitution.
    """
    if len(ground.strip()) < SHORTEST:
        raise Refused("erasure_reason")
    ids = members(connection, ticket_id)
    for one in ids:
        lock(connection, one)
    row = connection.execute(sa.select(tickets).where(tickets.c.id == ticket_id)).one()
    if why := _stays(connection, keyring, row, ids):
        raise Refused(f"erasure_{why}")
    erase(
        connection, keyring, ids, now, kind=EVENT, actor=by.login, details={"rule": "request"},
        now=now,
    )  # fmt: skip
    ticket_work.add_note(
        connection, keyring, ticket_id, staff_id=by.id, actor=by.login, text=ground.strip(), now=now
    )


def _stays(
    connection: sa.Connection, keyring: Keyring, row: sa.Row[tuple[object, ...]], ids: list[int]
) -> str | None:
    if State(row.state) in OPEN_STATES:
        return "open"
    if row.state == State.MERGED.value:
        return "merged"
    if row.erased_at is not None:
        return "done"
    if unsettled(connection, keyring, [row.id]):
        return "restitution"
    return kept_by(connection, ids)
