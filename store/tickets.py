"""Tickets in the database: opened, raised, enriched and read, every change with an event."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from hotline import codes
from hotline.errors import Refused
from hotline.tickets import (
    OPEN_STATES,
    USUAL_URGENCY,
    Category,
    Clearing,
    Fact,
    State,
    Ticket,
    Urgency,
    Verification,
    check_move,
    first_response_due,
    higher_category,
    higher_urgency,
    merge_reasons,
)
from store.crypto import Keyring
from store.inbox import insert_ignoring
from store.tables import (
    conversations,
    key_attempts,
    ticket_conversations,
    ticket_events,
    ticket_facts,
    tickets,
)

KEY_ATTEMPTS_AN_HOUR = 5
_ONCE_A_MESSAGE = frozenset({"intake_stopped", "withdrawal_requested", "conversation_joined"})
_GENESIS = b"\0" * 32


@dataclass(frozen=True)
class Opened:
    """A ticket that a message opened or raised, with what the caller needs to come back."""

    id: int
    code: str
    key: str
    created: bool  # by this very message, also when it is worked on again


def _key(keyring: Keyring, ticket_id: int, salt: bytes) -> str:
    # Derived, not stored: a turn that is run again after a crash tells the caller the same key.
    return keyring.digits("ticket_key", f"{ticket_id}:{salt.hex()}", 8)


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
) -> Opened:
    """Open a ticket for a conversation, or raise the one that is open.

    Category and urgency only ever go up here; running it twice for one message changes nothing.
    """
    urgency = urgency or USUAL_URGENCY[category]
    current = _open_row(connection, conversation)
    if current is not None:
        _raise(connection, current, category, urgency, tuple(reasons), message_id, now)
        key = _key(keyring, current.id, current.key_salt)
        created = _opened_by(connection, current.id, message_id)
        return Opened(current.id, current.code, key, created=created)
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
        "first_response_due": first_response_due(_moment(now), urgency).timestamp(),
    }
    made = connection.execute(sa.insert(tickets).returning(tickets.c.id), row).scalar_one()
    join(connection, made, conversation, now=now)
    details = {"category": category.value, "urgency": urgency.value, "reasons": row["reasons"]}
    add_event(connection, made, "opened", "bot", details, message_id=message_id, now=now)
    return Opened(made, str(row["code"]), _key(keyring, made, salt), created=True)


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


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _open_row(connection: sa.Connection, conversation: str) -> sa.Row[Any] | None:
    return connection.execute(
        sa.select(tickets)
        .join(ticket_conversations, ticket_conversations.c.ticket_id == tickets.c.id)
        .where(
            ticket_conversations.c.conversation_id == conversation,
            tickets.c.state.in_([state.value for state in OPEN_STATES]),
        )
        .order_by(ticket_conversations.c.joined_at.desc(), tickets.c.id.desc())
        .limit(1)
    ).first()


def _raise(
    connection: sa.Connection,
    row: sa.Row[Any],
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
    if new == old:
        return
    due = first_response_due(_moment(now), Urgency(str(new["urgency"]))).timestamp()
    values = {**new, "first_response_due": min(row.first_response_due, due)}
    connection.execute(sa.update(tickets).where(tickets.c.id == row.id).values(values))
    add_event(connection, row.id, "raised", "bot", new, message_id=message_id, now=now)


def join(connection: sa.Connection, ticket_id: int, conversation: str, *, now: float) -> None:
    """Let a conversation belong to a ticket; the one joined last is the one talked about."""
    row = {"ticket_id": ticket_id, "conversation_id": conversation, "joined_at": now}
    connection.execute(insert_ignoring(connection, ticket_conversations), row)


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
    _lock(connection, ticket_id)
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


def _lock(connection: sa.Connection, ticket_id: int) -> None:
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
    same = [f for f in _facts(connection, keyring, ticket_id) if f.field == field]
    if message_id is not None and any((f.message_id, f.value) == (message_id, value) for f in same):
        return True
    if same and same[-1].value == value:
        return False
    row = {
        "ticket_id": ticket_id,
        "field": field,
        "value_sealed": keyring.seal(value, "ticket_facts.value"),
        "said_by": said_by,
        "message_id": message_id,
        "at": now,
    }
    connection.execute(sa.insert(ticket_facts), row)
    kind = "fact_corrected" if same else "fact_added"
    add_event(
        connection, ticket_id, kind, said_by, {"field": field}, message_id=message_id, now=now
    )
    return True


def flag_conflict(
    connection: sa.Connection, ticket_id: int, *, message_id: int | None, now: float
) -> None:
    """Mark that an influential local person is involved: the ticket goes one level up."""
    changed = connection.execute(
        sa.update(tickets)
        .where(tickets.c.id == ticket_id, tickets.c.conflict_of_interest.is_(False))
        .values(conflict_of_interest=True)
    )
    if changed.rowcount:
        add_event(
            connection, ticket_id, "conflict_flagged", "bot", {}, message_id=message_id, now=now
        )


def flag_withdrawal(
    connection: sa.Connection,
    ticket_id: int,
    *,
    conversation: str,
    language: str,
    message_id: int | None,
    now: float,
) -> None:
    """Note that the caller wants to withdraw, and what is odd about the way it was said.

    Another language, or a conversation that joined later, may be another person's hand.
    """
    row = connection.execute(sa.select(tickets).where(tickets.c.id == ticket_id)).one()
    first = connection.execute(
        sa.select(ticket_conversations.c.conversation_id)
        .where(ticket_conversations.c.ticket_id == ticket_id)
        .order_by(ticket_conversations.c.joined_at)
        .limit(1)
    ).scalar()
    odd = ["withdrawal_requested"]
    if language != row.language:
        odd.append("withdrawal_language_changed")
    if first != conversation:
        odd.append("withdrawal_from_other_conversation")
    reasons = list(merge_reasons(row.reasons, odd))
    connection.execute(sa.update(tickets).where(tickets.c.id == ticket_id).values(reasons=reasons))
    add_event(
        connection, ticket_id, "withdrawal_requested", "caller", {"signs": odd},
        message_id=message_id, now=now,
    )  # fmt: skip


def set_anonymous(connection: sa.Connection, ticket_id: int, *, anonymous: bool) -> None:
    """Respect that the caller does not want to be known to the units."""
    connection.execute(
        sa.update(tickets).where(tickets.c.id == ticket_id).values(anonymous=anonymous)
    )


def move(
    connection: sa.Connection, ticket_id: int, wanted: State, *, actor: str, now: float
) -> None:
    """Bring a ticket to another state; raises WrongMove when the table of moves forbids it."""
    _lock(connection, ticket_id)
    current = connection.execute(
        sa.select(tickets.c.state).where(tickets.c.id == ticket_id)
    ).scalar_one()
    check_move(State(current), wanted)
    connection.execute(
        sa.update(tickets).where(tickets.c.id == ticket_id).values(state=wanted.value)
    )
    details = {"from": current, "to": wanted.value}
    add_event(connection, ticket_id, "moved", actor, details, message_id=None, now=now)


def open_ticket_of(connection: sa.Connection, keyring: Keyring, conversation: str) -> Ticket | None:
    """Read the ticket a conversation is about, if one is open."""
    row = _open_row(connection, conversation)
    return None if row is None else _ticket(connection, keyring, row)


def conversations_of(connection: sa.Connection, ticket_id: int) -> list[tuple[str, str]]:
    """List the conversations that belong to a ticket with their channels, first one first."""
    query = (
        sa.select(conversations.c.id, conversations.c.channel)
        .join(ticket_conversations, ticket_conversations.c.conversation_id == conversations.c.id)
        .where(ticket_conversations.c.ticket_id == ticket_id)
        .order_by(ticket_conversations.c.joined_at, conversations.c.id)
    )
    return [(row.id, row.channel) for row in connection.execute(query)]


def key_of(connection: sa.Connection, keyring: Keyring, ticket_id: int) -> str:
    """Derive the key of a ticket, to be told to its own caller only."""
    salt = connection.execute(
        sa.select(tickets.c.key_salt).where(tickets.c.id == ticket_id)
    ).scalar_one()
    return _key(keyring, ticket_id, bytes(salt))


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
    if row is not None and secrets.compare_digest(_key(keyring, row.id, bytes(row.key_salt)), key):
        return _ticket(connection, keyring, row)
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


def all_tickets(
    connection: sa.Connection, keyring: Keyring, *, code: str | None = None
) -> Sequence[Ticket]:
    """Read tickets, most urgent first; one only when `code` is given."""
    query = sa.select(tickets).order_by(tickets.c.opened_at.desc())
    if code is not None:
        query = query.where(tickets.c.code == code)
    found = [_ticket(connection, keyring, row) for row in connection.execute(query)]
    order = {Urgency.CRITICAL: 0, Urgency.HIGH: 1, Urgency.NORMAL: 2}
    return sorted(found, key=lambda ticket: order[ticket.urgency])


def _facts(connection: sa.Connection, keyring: Keyring, ticket_id: int) -> tuple[Fact, ...]:
    rows = connection.execute(
        sa.select(ticket_facts)
        .where(ticket_facts.c.ticket_id == ticket_id)
        .order_by(ticket_facts.c.id)
    )
    return tuple(
        Fact(
            field=row.field,
            value=keyring.open(row.value_sealed, "ticket_facts.value"),
            said_by=row.said_by,
            message_id=row.message_id,
            at=_moment(row.at),
        )
        for row in rows
    )


def _ticket(connection: sa.Connection, keyring: Keyring, row: sa.Row[Any]) -> Ticket:
    return Ticket(
        id=row.id,
        code=row.code,
        category=Category(row.category),
        urgency=Urgency(row.urgency),
        reasons=tuple(row.reasons),
        state=State(row.state),
        verification=Verification(row.verification),
        clearing=Clearing(row.clearing),
        conflict_of_interest=row.conflict_of_interest,
        anonymous=row.anonymous,
        language=row.language,
        opened_at=_moment(row.opened_at),
        first_response_due=_moment(row.first_response_due),
        facts=_facts(connection, keyring, row.id),
    )
