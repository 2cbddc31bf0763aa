"""Tickets are opened, raised and joined by conversations; each change with a line in the log."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hotline import codes
from hotline.tickets import (
    USUAL_URGENCY,
    Category,
    Clearing,
    State,
    Urgency,
    Verification,
    higher_category,
    higher_urgency,
    merge_reasons,
)
from store import spoken_for, standing, ticket_alarms, ticket_deadlines, ticket_release
from store.arrivals import insert_ignoring
from store.crypto import Keyring
from store.tables import ticket_conversations, ticket_events, tickets
from store.ticket_changes import flag_conflict, flag_withdrawal, move, set_anonymous
from store.ticket_events import add_event, broken_line, lock
from store.ticket_facts import add_fact
from store.ticket_keys import KEY_ATTEMPTS_AN_HOUR, derive, find_with_key, key_of
from store.ticket_reading import (
    all_tickets,
    conversations_of,
    open_row,
    open_ticket_of,
    opened_by,
)

# Who works with tickets needs this one name only; the files beside it hold one idea each.
__all__ = [
    "KEY_ATTEMPTS_AN_HOUR",
    "Opened",
    "add_event",
    "add_fact",
    "all_tickets",
    "broken_line",
    "conversations_of",
    "create",
    "find_with_key",
    "flag_conflict",
    "flag_withdrawal",
    "join",
    "key_of",
    "move",
    "open_or_raise",
    "open_ticket_of",
    "opened_by",
    "set_anonymous",
    "speak",
]


@dataclass(frozen=True)
class Opened:
    """A ticket that a message opened or raised, with what the caller needs to come back."""

    id: int
    code: str
    key: str
    created: bool  # by this very message, also when it is worked on again


def open_or_raise(
    connection: sa.Connection,
    keyring: Keyring,
    *,
    conversation: str,
    category: Category,
    reasons: Iterable[str],
    message_id: int | None,
    language: str,
    now: float,
    urgency: Urgency | None = None,
    ticket_id: int | None = None,
) -> Opened:
    """Open a ticket for a conversation, or raise the one that is open.

    Of several that are open, `ticket_id` says which one is meant; else it is the one talked about.
    Category and urgency only ever go up here; running it twice for one message changes nothing.
    """
    urgency = urgency or USUAL_URGENCY[category]
    current = _locked_row(connection, conversation, ticket_id)
    if current is not None:
        asked = (category, urgency, tuple(reasons))
        _raise(connection, current, conversation, *asked, message_id, now)
        # After a merge she is told her own ticket's code and key, never the other's.
        told = spoken_for.source_row(connection, current.id, conversation) or current
        key = derive(keyring, told.id, told.key_salt)
        created = _opened_by(connection, told.id, message_id)
        return Opened(current.id, told.code, key, created=created)
    made = create(
        connection, keyring, category=category, urgency=urgency, reasons=reasons,
        language=language, actor="bot", message_id=message_id, now=now,
    )  # fmt: skip
    join(connection, made.id, conversation, now=now)
    return made


def create(
    connection: sa.Connection,
    keyring: Keyring,
    *,
    category: Category,
    urgency: Urgency,
    reasons: Iterable[str],
    language: str,
    actor: str,
    message_id: int | None,
    now: float,
    **details: str,
) -> Opened:
    """Make a ticket that no conversation belongs to yet; `details` go into its first log line."""
    salt = secrets.token_bytes(16)
    row = {
        "code": _free_code(connection),
        "key_salt": salt,
        "category": category.value,
        "urgency": urgency.value,
        "reasons": list(merge_reasons((), reasons)),
        "state": State.NEW.value,
        "verification": Verification.UNVERIFIED.value,
        "clearing": Clearing.UNCLEARED.value,
        "language": language,
        "opened_at": now,
        **ticket_deadlines.first(connection, urgency, now=now),
    }
    made = connection.execute(sa.insert(tickets).returning(tickets.c.id), row).scalar_one()
    told = {"category": category.value, "urgency": urgency.value, "reasons": row["reasons"]}
    told |= details
    add_event(connection, made, "opened", actor, told, message_id=message_id, now=now)
    return Opened(made, str(row["code"]), derive(keyring, made, salt), created=True)


def speak(connection: sa.Connection, conversation: str, message_id: int, language: str) -> None:
    """Note the language of a ticket that its own message opened before anybody had read it."""
    current = open_row(connection, conversation)
    if current is not None and _opened_by(connection, current.id, message_id):
        mine = tickets.c.id == current.id
        connection.execute(sa.update(tickets).where(mine).values(language=language))


def _opened_by(connection: sa.Connection, ticket_id: int, message_id: int | None) -> bool:
    if message_id is None:
        return False
    query = sa.select(ticket_events.c.id).where(
        ticket_events.c.ticket_id == ticket_id,
        ticket_events.c.kind == "opened",
        ticket_events.c.message_id == message_id,
    )
    return connection.execute(query).first() is not None


def _free_code(connection: sa.Connection) -> str:
    while True:
        code = codes.new_code()
        if not connection.execute(sa.select(tickets.c.id).where(tickets.c.code == code)).first():
            return code


def _locked_row(
    connection: sa.Connection, conversation: str, wanted: int | None
) -> sa.Row[Any] | None:
    """Find the ticket to raise and keep it as it is: two who write at once see each other's.

    What was read before the lock may be old, so it is read once more.
    """
    standing.keep(connection, conversation)
    row = open_row(connection, conversation, wanted=wanted)
    while row is not None:
        lock(connection, row.id)
        again = open_row(connection, conversation, wanted=wanted)
        if again is None or again.id == row.id:
            return again
        row = again
    return None


def _raise(
    connection: sa.Connection,
    row: sa.Row[Any],
    conversation: str,
    category: Category,
    urgency: Urgency,
    reasons: tuple[str, ...],
    message_id: int | None,
    now: float,
) -> None:
    new = {
        "category": higher_category(Category(row.category), category).value,
        "urgency": higher_urgency(Urgency(row.urgency), urgency).value,
        "reasons": list(merge_reasons(row.reasons, reasons)),
    }
    old = {"category": row.category, "urgency": row.urgency, "reasons": row.reasons}
    becomes = new["urgency"] == Urgency.CRITICAL.value != row.urgency
    cries = category is Category.EMERGENCY and urgency is Urgency.CRITICAL
    alarms = becomes or (
        cries and ticket_alarms.is_new(connection, row, conversation, message_id, now=now)
    )
    if new == old and not alarms:
        return
    due = ticket_deadlines.first(connection, Urgency(str(new["urgency"])), now=now)
    values = {**new, **ticket_deadlines.sooner(due, row)}
    connection.execute(sa.update(tickets).where(tickets.c.id == row.id).values(values))
    ticket_deadlines.hasten(connection, row.id, Urgency(str(new["urgency"])), now=now)
    if alarms:
        ticket_alarms.begin(connection, row.id, new, actor="bot", message_id=message_id, now=now)
        return
    add_event(connection, row.id, "raised", "bot", new, message_id=message_id, now=now)


def join(connection: sa.Connection, ticket_id: int, conversation: str, *, now: float) -> None:
    """Let a conversation belong to a ticket; the one joined last is the one talked about.

    Tickets that become one caller's by it share from whom they are kept, so also who may hold them.
    """
    row = {"ticket_id": ticket_id, "conversation_id": conversation, "joined_at": now}
    connection.execute(insert_ignoring(connection, ticket_conversations), row)
    ticket_release.from_who_cannot_see(connection, ticket_id, actor="bot", now=now)
