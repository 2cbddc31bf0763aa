"""The key with which a caller comes back to a ticket from another conversation."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from hotline.errors import Refused
from hotline.tickets import Ticket
from store.crypto import Keyring
from store.tables import key_attempts, tickets
from store.ticket_reading import read_ticket

KEY_ATTEMPTS_AN_HOUR = 5


def derive(keyring: Keyring, ticket_id: int, salt: bytes) -> str:
    """Derive the key from ticket and salt."""
    # Derived, not stored: a turn that is run again after a crash tells the caller the same key.
    return keyring.digits("ticket_key", f"{ticket_id}:{salt.hex()}", 8)


def key_of(connection: sa.Connection, keyring: Keyring, ticket_id: int) -> str:
    """Derive the key of a ticket, to be told to its own caller only."""
    salt = connection.execute(
        sa.select(tickets.c.key_salt).where(tickets.c.id == ticket_id)
    ).scalar_one()
    return derive(keyring, ticket_id, bytes(salt))


def find_with_key(
    connection: sa.Connection,
    keyring: Keyring,
    *,
    conversation: str,
    code: str,
    key: str,
    now: float,
    message_id: int | None = None,
) -> Ticket | None:
    """Find a ticket by code and key typed in some conversation; None when they do not fit.

    Raises Refused after KEY_ATTEMPTS_AN_HOUR wrong keys, by conversation and by code.
    """
    recent = key_attempts.c.at > now - 3600
    again = sa.false() if message_id is None else key_attempts.c.message_id == message_id
    mine = sa.or_(key_attempts.c.conversation_id == conversation, key_attempts.c.code == code)
    tried = connection.execute(
        sa.select(sa.func.count())
        .select_from(key_attempts)
        .where(recent, mine, sa.func.coalesce(~again, True))
    ).scalar_one()
    if tried >= KEY_ATTEMPTS_AN_HOUR:
        raise Refused("too many wrong keys within an hour")
    row = connection.execute(sa.select(tickets).where(tickets.c.code == code)).first()
    if row is not None and secrets.compare_digest(
        derive(keyring, row.id, bytes(row.key_salt)), key
    ):
        return read_ticket(connection, keyring, row)
    if (
        message_id is None
        or not connection.execute(sa.select(key_attempts.c.id).where(again)).first()
    ):
        attempt = {
            "conversation_id": conversation,
            "code": code,
            "message_id": message_id,
            "at": now,
        }
        connection.execute(sa.insert(key_attempts), attempt)
    return None
