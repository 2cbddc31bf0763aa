"""Stores what an update came to, in the caller's transaction."""

from __future__ import annotations

import sqlalchemy as sa

from channels.telegram.codes import BLOCKED
from channels.telegram.parse import Heard
from hotline.messages import Channel
from store import conversations as talks
from store import inbox, outbox
from store.crypto import Keyring
from store.tables import conversations


def store(connection: sa.Connection, keyring: Keyring, heard: Heard) -> None:
    """Store one update; doing it again changes nothing."""
    if heard.message is not None:
        inbox.receive(connection, keyring, heard.message, transport="telegram")
    elif heard.blocked:
        _mark(connection, keyring, heard.blocked, heard, blocked=True)
    elif heard.unblocked:
        _mark(connection, keyring, heard.unblocked, heard, blocked=False)


def _mark(
    connection: sa.Connection, keyring: Keyring, address: str, heard: Heard, *, blocked: bool
) -> None:
    assert heard.at is not None
    index = keyring.blind("address", f"{Channel.TELEGRAM}:{address}")
    row = connection.execute(
        sa.select(conversations.c.id, conversations.c.unreachable, conversations.c.heard_at).where(
            conversations.c.address_index == index
        )
    ).first()
    # Whoever never wrote has no conversation. A block from before her last message is over.
    if row is None or (blocked and (row.heard_at or 0) > heard.at.timestamp() + 1):
        return
    if (row.unreachable == BLOCKED) is blocked:
        return
    values = {"unreachable": BLOCKED if blocked else None}
    connection.execute(
        sa.update(conversations).where(conversations.c.id == row.id).values(**values)
    )
    if not blocked:
        outbox.wake_held(connection, row.id, heard.at.timestamp())
    talks.add_event(
        connection,
        row.id,
        "blocked_by_caller" if blocked else "unblocked_by_caller",
        actor="caller",
        details={"transport": "telegram"},
        now=heard.at.timestamp(),
    )
