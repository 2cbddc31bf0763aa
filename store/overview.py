"""What a responder sees of conversations: which need somebody, why, and all that was said."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hotline.errors import KeyringError
from hotline.messages import InboxState, OutboxState
from hotline.tickets import State, Urgency
from hotline.understood import Understood
from store import contact_rules, outbox
from store.crypto import Keyring
from store.inbox import open_details
from store.outbox import Trouble
from store.tables import (
    attachments,
    conversation_events,
    conversations,
    inbox,
    ticket_conversations,
    tickets,
)
from store.tables import outbox as outbox_table

SHORTEST = 6  # letters of an id that may stand for it


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One conversation on the list: no words, no address."""

    id: str
    channel: str
    transport: str
    language: str
    tickets: tuple[str, ...]
    heard_at: float | None
    waiting: int  # messages nobody has dealt with
    needs_person: bool
    critical: bool  # a ticket of hers is, and nobody has looked at it yet
    watched: bool
    claimed_by: str | None
    claimed_until: float | None
    opted_out_at: float | None
    unreachable: str | None
    troubles: tuple[Trouble, ...]

    @property
    def matters(self) -> bool:
        """Say whether a responder has a reason to look."""
        marks = (self.claimed_by, self.opted_out_at, self.unreachable)
        return self.needs_person or self.critical or any(marks) or bool(self.troubles)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One message of a conversation with what became of it."""

    id: int
    inbound: bool
    kind: str
    text: str
    at: float
    state: str
    outcome: str | None = None  # of an inbound one
    understood: Understood | None = None  # what the bot took an inbound one for
    author: str | None = None  # of an outbound one
    hold: str | None = None
    held_until: float | None = None  # where the reason ends by itself
    error: str | None = None
    choices: tuple[str, ...] = ()
    place: tuple[float, float] | None = None
    contact: str = ""
    files: tuple[dict[str, Any], ...] = ()
    deleted_by_caller: bool = False
    unreadable: bool = False


def find(connection: sa.Connection, wanted: str) -> list[str]:
    """Find conversations by id, by the beginning of one, or by a ticket's code."""
    by_code = connection.execute(
        sa.select(ticket_conversations.c.conversation_id)
        .join(tickets, tickets.c.id == ticket_conversations.c.ticket_id)
        .where(tickets.c.code == wanted.upper())
        .order_by(ticket_conversations.c.joined_at)
    ).scalars()
    if found := list(by_code):
        return found
    if len(wanted) < SHORTEST or not wanted.isalnum():
        return []
    begins = conversations.c.id.startswith(wanted.lower(), autoescape=True)
    return list(connection.execute(sa.select(conversations.c.id).where(begins)).scalars())


def standings(
    connection: sa.Connection, *, now: float, conversation: str | None = None
) -> list[Standing]:
    """List conversations, those heard last first."""
    query = sa.select(conversations)
    if conversation is not None:
        query = query.where(conversations.c.id == conversation)
    codes, waiting = _codes(connection, conversation), _waiting(connection, conversation)
    critical = _critical(connection, conversation)
    troubles: dict[str, list[Trouble]] = defaultdict(list)
    for trouble in outbox.troubles(connection, conversation=conversation):
        troubles[trouble.conversation].append(trouble)
    heard = sa.func.coalesce(conversations.c.heard_at, conversations.c.opened_at)
    return [
        Standing(
            id=row.id,
            channel=row.channel,
            transport=row.transport,
            language=row.language,
            tickets=tuple(codes.get(row.id, ())),
            heard_at=row.heard_at,
            waiting=waiting.get(row.id, 0),
            needs_person=row.needs_person,
            critical=row.id in critical,
            watched=row.neutral,
            claimed_by=row.claimed_by if _claimed(row, now) else None,
            claimed_until=row.claimed_until if _claimed(row, now) else None,
            opted_out_at=row.opted_out_at,
            unreachable=row.unreachable,
            troubles=tuple(troubles.get(row.id, ())),
        )
        for row in connection.execute(query.order_by(heard.desc(), conversations.c.id))
    ]


def _claimed(row: sa.Row[Any], now: float) -> bool:
    return row.claimed_until is not None and row.claimed_until > now


def _codes(connection: sa.Connection, conversation: str | None) -> dict[str, list[str]]:
    query = (
        sa.select(ticket_conversations.c.conversation_id, tickets.c.code)
        .join(tickets, tickets.c.id == ticket_conversations.c.ticket_id)
        .order_by(tickets.c.opened_at)
    )
    if conversation is not None:
        query = query.where(ticket_conversations.c.conversation_id == conversation)
    rows = connection.execute(query)
    codes: dict[str, list[str]] = defaultdict(list)
    for conversation, code in rows:
        codes[conversation].append(code)
    return codes


def _critical(connection: sa.Connection, conversation: str | None) -> set[str]:
    """Find the conversations of callers in danger whom nobody has looked after yet."""
    talk, seen = ticket_conversations.c.conversation_id, conversation_events.c
    looked = sa.exists().where(
        seen.conversation_id == talk,
        seen.kind.in_(("claimed", "replied")),
        seen.at >= tickets.c.opened_at,
    )
    query = (
        sa.select(talk)
        .join(tickets, tickets.c.id == ticket_conversations.c.ticket_id)
        .where(tickets.c.urgency == Urgency.CRITICAL.value, tickets.c.state == State.NEW.value)
        .where(~looked)
    )
    if conversation is not None:
        query = query.where(talk == conversation)
    return set(connection.execute(query).scalars())


def _waiting(connection: sa.Connection, conversation: str | None) -> dict[str, int]:
    query = (
        sa.select(inbox.c.conversation_id, sa.func.count())
        .where(inbox.c.state == InboxState.WAITING.value)
        .group_by(inbox.c.conversation_id)
    )
    if conversation is not None:
        query = query.where(inbox.c.conversation_id == conversation)
    return {row[0]: row[1] for row in connection.execute(query)}


def lines(connection: sa.Connection, keyring: Keyring, conversation: str) -> list[Line]:
    """Read everything of a conversation, also what was not sent, oldest first."""
    files = _files(connection, keyring, conversation)
    hers = connection.execute(sa.select(inbox).where(inbox.c.conversation_id == conversation))
    ours = connection.execute(
        sa.select(outbox_table).where(outbox_table.c.conversation_id == conversation)
    )
    sent = [_outbound(keyring, row) for row in ours]
    offered = {line.id: line.choices for line in sent}
    heard = [_inbound(keyring, row, files.get(row.id, ()), offered) for row in hers]
    return sorted(heard + sent, key=lambda one: (one.at, not one.inbound, one.id))


def _inbound(
    keyring: Keyring,
    row: sa.Row[Any],
    files: tuple[dict[str, Any], ...],
    offered: dict[int, tuple[str, ...]],
) -> Line:
    text, details, unreadable = "", {}, False
    try:
        text = keyring.open(row.text_sealed, "inbox.text")
        details = open_details(keyring, row.details_sealed)
    except (KeyringError, ValueError):
        unreadable = True
    place = details.get("place")
    return Line(
        id=row.id,
        inbound=True,
        kind=row.kind,
        text=text or _tapped(details.get("pick"), offered),
        at=row.received_at,
        state=row.state,
        outcome=row.outcome,
        place=(float(place[0]), float(place[1])) if place else None,
        contact=str(details.get("contact", "")),
        files=files,
        deleted_by_caller=bool(details.get("deleted")),
        unreadable=unreadable,
        understood=_understood(row),
    )


def _understood(row: sa.Row[Any]) -> Understood | None:
    if not row.read_intent:
        return None
    return Understood(row.read_intent, row.read_confidence or 0.0, row.read_language or "")


def _tapped(pick: list[int] | None, offered: dict[int, tuple[str, ...]]) -> str:
    """Give the words on the button that was tapped, where the provider does not tell them."""
    titles = offered.get(pick[0], ()) if pick else ()
    return titles[pick[1] - 1] if pick and 1 <= pick[1] <= len(titles) else ""


def _outbound(keyring: Keyring, row: sa.Row[Any]) -> Line:
    try:
        plain, unreadable = json.loads(keyring.open(row.body_sealed, "outbox.body")), False
    except (KeyringError, ValueError):
        plain, unreadable = {"text": "", "choices": []}, True
    return Line(
        id=row.id,
        inbound=False,
        kind=row.purpose,
        text=str(plain["text"]),
        at=row.created_at,
        state=row.state,
        author=row.author,
        hold=row.hold,
        held_until=row.next_at if row.state == OutboxState.HELD.value else None,
        error=" ".join(part for part in (row.error_code, row.error) if part) or None,
        choices=tuple(str(choice["title"]) for choice in plain.get("choices") or []),
        unreadable=unreadable,
    )


def _files(
    connection: sa.Connection, keyring: Keyring, conversation: str
) -> dict[int, tuple[dict[str, Any], ...]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = connection.execute(
        sa.select(attachments)
        .where(attachments.c.conversation_id == conversation)
        .order_by(attachments.c.place)
    )
    for row in rows:
        name = keyring.open(row.name_sealed, "attachments.name") if row.name_sealed else ""
        file = {"id": row.id, "kind": row.kind, "name": name, "state": row.state}
        file |= {"type": row.found_type, "size": row.size, "reason": row.reason}
        found[row.inbox_id].append(file)
    return {message: tuple(files) for message, files in found.items()}


def events(connection: sa.Connection, conversation: str) -> list[dict[str, Any]]:
    """Read a conversation's log, oldest first."""
    e = conversation_events.c
    rows = connection.execute(
        sa.select(e.kind, e.actor, e.details, e.at)
        .where(e.conversation_id == conversation)
        .order_by(e.id)
    )
    return [dict(row) for row in rows.mappings()]


def rules(connection: sa.Connection, keyring: Keyring, conversation: str) -> dict[str, object]:
    """Read what she said about being written to."""
    try:
        return contact_rules.read(connection, keyring, conversation)
    except (KeyringError, ValueError):
        return {"unclear": True}
