"""A ticket's log: appended to only, each line's hash covering the line before it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sqlalchemy as sa

from store.tables import ticket_events, tickets

_ONCE_A_MESSAGE = frozenset({"intake_stopped", "withdrawal_requested", "conversation_joined"})
_GENESIS = b"\0" * 32


def add_event(
    connection: sa.Connection,
    ticket_id: int,
    kind: str,
    actor: str,
    details: dict[str, Any],
    *,
    message_id: int | None,
    now: float,
) -> None:
    """Append to a ticket's log; each line's hash covers the line before it.

    A caller's message makes each kind of line once, also when it is worked on again.
    """
    lock(connection, ticket_id)
    mine = (ticket_events.c.ticket_id == ticket_id) & (ticket_events.c.kind == kind)
    once = kind in _ONCE_A_MESSAGE and message_id is not None
    if (
        once
        and connection.execute(
            sa.select(ticket_events.c.id).where(mine, ticket_events.c.message_id == message_id)
        ).first()
    ):
        return
    last = connection.execute(
        sa.select(ticket_events.c.hash)
        .where(ticket_events.c.ticket_id == ticket_id)
        .order_by(ticket_events.c.id.desc())
        .limit(1)
    ).scalar()
    previous = bytes(last) if last else _GENESIS
    row = {
        "ticket_id": ticket_id,
        "kind": kind,
        "actor": actor,
        "details": details,
        "message_id": message_id,
        "at": now,
        "previous_hash": previous,
    }
    connection.execute(sa.insert(ticket_events), {**row, "hash": _line_hash(row)})


def _line_hash(row: dict[str, Any]) -> bytes:
    covered = [row[k] for k in ("ticket_id", "kind", "actor", "details", "message_id", "at")]
    text = json.dumps(covered, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(bytes(row["previous_hash"]) + text.encode()).digest()


def lock(connection: sa.Connection, ticket_id: int) -> None:
    """Let nobody else write on a ticket until we are done: two lines must not share a parent.

    SQLite has but one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        query = sa.select(tickets.c.id).where(tickets.c.id == ticket_id)
        connection.execute(query.with_for_update())


def broken_line(connection: sa.Connection, ticket_id: int) -> int | None:
    """Find the first line of a ticket's log that was changed or whose predecessor is missing."""
    previous = _GENESIS
    for row in connection.execute(
        sa.select(ticket_events)
        .where(ticket_events.c.ticket_id == ticket_id)
        .order_by(ticket_events.c.id)
    ).mappings():
        if bytes(row["previous_hash"]) != previous or bytes(row["hash"]) != _line_hash(dict(row)):
            return int(row["id"])
        previous = bytes(row["hash"])
    return None
