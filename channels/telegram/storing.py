"""Stores what an update came to, in the caller's transaction."""

from __future__ import annotations

import sqlalchemy as sa

from channels.telegram.codes import BLOCKED
from channels.telegram.parse import Heard
from hotline.messages import Channel, InboundMessage
from hotline.notices import read_code
from store import arrivals, inbox, notice_ways, outbox
from store import conversations as talks
from store.arrivals import Arrival
from store.crypto import Keyring
from store.tables import conversations


def store(connection: sa.Connection, keyring: Keyring, heard: Heard) -> None:
    """Store one update; doing it again changes nothing."""
    if heard.message is not None:
        if not _from_staff(connection, keyring, heard.message):
            inbox.receive(connection, keyring, heard.message, transport="telegram")
    elif heard.blocked:
        _mark(connection, keyring, heard.blocked, heard, blocked=True)
    elif heard.unblocked:
        _mark(connection, keyring, heard.unblocked, heard, blocked=False)


def job(keyring: Keyring, heard: Heard) -> arrivals.Job:
    """Say what is to be stored, for a group commit."""
    if heard.message is not None and read_code(heard.message.text) is None:
        return [Arrival(heard.message, "telegram")]
    return lambda connection: store(connection, keyring, heard)


def _from_staff(connection: sa.Connection, keyring: Keyring, message: InboundMessage) -> bool:
    """Link the Telegram of a member of staff who sends the code of the profile.

    Such a text never becomes a caller's message, also when it comes again or too late.
    """
    if read_code(message.text) is None:
        return False
    at = message.received_at.timestamp()
    notice_ways.link(connection, keyring, message.text, message.address, now=at)
    return True


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
