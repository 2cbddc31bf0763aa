"""Clears an ended ticket because its caller asked for it; says what the law or the case keeps."""

from __future__ import annotations

import sqlalchemy as sa

from hotline.errors import Refused
from hotline.staff import Staff
from hotline.tickets import OPEN_STATES, State
from store import erasure_requests, ticket_work
from store.crypto import Keyring
from store.retention import erase
from store.retention_due import kept_by, members, unsettled
from store.tables import tickets
from store.ticket_events import lock

EVENT = "erased_on_request"
SHORTEST = 5  # characters of a ground


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
    as a note. It takes a wish that another person or the caller herself said a day ago. The level
    above is told. Raises Refused with `erasure_` and why not: reason, open, merged, done, hold,
    referral, follow_up, message (one waits for its answer), restitution, request (nobody asked),
    second (the same person wrote the wish down) or early.
    """
    if len(ground.strip()) < SHORTEST:
        raise Refused("erasure_reason")
    ids = members(connection, ticket_id)
    for one in ids:
        lock(connection, one)
    row = connection.execute(sa.select(tickets).where(tickets.c.id == ticket_id)).one()
    if why := _stays(connection, keyring, row, ids):
        raise Refused(f"erasure_{why}")
    asked = erasure_requests.standing(connection, keyring, ids)
    if why := erasure_requests.hinders(asked, by, now=now):
        raise Refused(f"erasure_{why}")
    told = erasure_requests.tell_above(connection, ticket_id, by=by, now=now)
    # The wish goes with the facts: who said it first, and when, stays in the log.
    details: dict[str, object] = {
        "rule": "request", "asked_by": asked[0].by, "asked_at": asked[0].at, "notices": told,
    }  # fmt: skip
    erase(connection, keyring, ids, now, kind=EVENT, actor=by.login, details=details, now=now)
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
