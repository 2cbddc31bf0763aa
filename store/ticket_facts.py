"""What was said about a ticket: every saying is kept, later ones correct earlier ones."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import sqlalchemy as sa

from hotline.errors import KeyringError
from hotline.tickets import Fact
from store.crypto import Keyring
from store.regions import load_regions
from store.tables import ticket_facts
from store.ticket_events import add_event
from store.ticket_work import suggest_regions

# Where somebody was named to be from, and where she was brought or is to be brought.
_PARTS = {
    "region": "origin",
    "origin": "origin",
    "country": "destination",
    "destination": "destination",
}
_COUNTRY = re.compile(r"[A-Z]{2}")
_VALUE = "ticket_facts.value"


def open_value(keyring: Keyring, sealed: bytes) -> str | None:
    """Open what a fact says; None when it is damaged: one such row must not hide all others."""
    try:
        return keyring.open(sealed, _VALUE)
    except KeyringError:
        return None


def add_fact(
    connection: sa.Connection,
    keyring: Keyring,
    ticket_id: int,
    field: str,
    value: str,
    *,
    said_by: str,
    message_id: int | None,
    now: float,
) -> bool:
    """Keep one thing somebody said; says whether this message made it known.

    What is said again in the same words is not kept twice; a message that is worked on a second
    time after a crash gets the same answer as the first time.
    """
    same = [f for f in facts_of(connection, keyring, ticket_id) if f.field == field]
    if message_id is not None and any((f.message_id, f.value) == (message_id, value) for f in same):
        return True
    if same and same[-1].value == value:
        return False
    row = {
        "ticket_id": ticket_id,
        "field": field,
        "value_sealed": keyring.seal(value, _VALUE),
        "said_by": said_by,
        "message_id": message_id,
        "at": now,
    }
    connection.execute(sa.insert(ticket_facts), row)
    _place(connection, ticket_id, field, value)
    kind = "fact_corrected" if same else "fact_added"
    add_event(
        connection, ticket_id, kind, said_by, {"field": field}, message_id=message_id, now=now
    )
    return True


def _place(connection: sa.Connection, ticket_id: int, field: str, value: str) -> None:
    """Let a place that was named decide which region's responders see the ticket."""
    part = _PARTS.get(field)
    if part is None:
        return
    abroad = [value] if _COUNTRY.fullmatch(value) else []
    suggest_regions(connection, ticket_id, part, abroad or load_regions().find_all(value))


def facts_of(connection: sa.Connection, keyring: Keyring, ticket_id: int) -> tuple[Fact, ...]:
    """Read everything that was said about a ticket, oldest first, but for what is damaged."""
    return told_of(connection, keyring, ticket_id)[0]


def told_of(
    connection: sa.Connection, keyring: Keyring, ticket_id: int
) -> tuple[tuple[Fact, ...], tuple[str, ...]]:
    """Read what was said about a ticket, oldest first, and the fields with a damaged value."""
    rows = connection.execute(
        sa.select(ticket_facts)
        .where(ticket_facts.c.ticket_id == ticket_id)
        .order_by(ticket_facts.c.id)
    )
    told = [(row, open_value(keyring, row.value_sealed)) for row in rows]
    facts = tuple(
        Fact(
            field=row.field,
            value=value,
            said_by=row.said_by,
            message_id=row.message_id,
            at=datetime.fromtimestamp(row.at, UTC),
        )
        for row, value in told
        if value is not None
    )
    return facts, tuple(dict.fromkeys(row.field for row, value in told if value is None))
