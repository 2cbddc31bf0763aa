"""Tickets as they are read: by conversation, by code, or all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from hotline.tickets import (
    OPEN_STATES,
    Category,
    Clearing,
    State,
    Ticket,
    Urgency,
    Verification,
)
from store import spoken_for
from store.console_tables import ticket_work
from store.crypto import Keyring
from store.tables import conversations, ticket_conversations, ticket_events, tickets
from store.ticket_facts import told_of


def open_ticket_of(
    connection: sa.Connection, keyring: Keyring, conversation: str, *, wanted: int | None = None
) -> Ticket | None:
    """Read the ticket a conversation is about, if one is open, as its caller may see it.

    Of several it is `wanted`, or the one joined last.
    """
    row = open_row(connection, conversation, wanted=wanted)
    if row is None:
        return None
    ticket = read_ticket(connection, keyring, row)
    merged = spoken_for.source_row(connection, row.id, conversation)
    if merged is None:
        return ticket
    source = read_ticket(connection, keyring, merged)
    return spoken_for.as_seen_from(connection, ticket, source, conversation)


def all_tickets(
    connection: sa.Connection, keyring: Keyring, *, code: str | None = None
) -> Sequence[Ticket]:
    """Read tickets, most urgent first; one only when `code` is given."""
    query = sa.select(tickets).order_by(tickets.c.opened_at.desc())
    if code is not None:
        query = query.where(tickets.c.code == code)
    found = [read_ticket(connection, keyring, row) for row in connection.execute(query)]
    order = {Urgency.CRITICAL: 0, Urgency.HIGH: 1, Urgency.NORMAL: 2}
    return sorted(found, key=lambda ticket: order[ticket.urgency])


def conversations_of(connection: sa.Connection, ticket_id: int) -> list[tuple[str, str]]:
    """List the conversations that belong to a ticket with their channels, first one first."""
    query = (
        sa.select(conversations.c.id, conversations.c.channel)
        .join(ticket_conversations, ticket_conversations.c.conversation_id == conversations.c.id)
        .where(ticket_conversations.c.ticket_id == ticket_id)
        .order_by(ticket_conversations.c.joined_at, conversations.c.id)
    )
    return [(row.id, row.channel) for row in connection.execute(query)]


def open_row(
    connection: sa.Connection, conversation: str, *, wanted: int | None = None
) -> sa.Row[Any] | None:
    """Find the row of the open ticket a conversation is about: `wanted`, if it is one of those.

    For one that was merged stands the ticket that speaks for it.
    """
    into = sa.select(ticket_work.c.merged_into).where(ticket_work.c.ticket_id == wanted)
    is_wanted = tickets.c.id == sa.func.coalesce(into.scalar_subquery(), wanted)
    first = [] if wanted is None else [sa.case((is_wanted, 0), else_=1)]
    return connection.execute(
        sa.select(tickets)
        .join(ticket_conversations, ticket_conversations.c.ticket_id == tickets.c.id)
        .where(
            ticket_conversations.c.conversation_id == conversation,
            tickets.c.state.in_([state.value for state in OPEN_STATES]),
        )
        .order_by(*first, ticket_conversations.c.joined_at.desc(), tickets.c.id.desc())
        .limit(1)
    ).first()


def opened_by(connection: sa.Connection, conversation: str, message_id: int) -> int | None:
    """Give the id of the ticket a conversation is about if this very message has opened it."""
    row = open_row(connection, conversation)
    if row is None:
        return None
    query = sa.select(ticket_events.c.id).where(
        ticket_events.c.ticket_id == row.id,
        ticket_events.c.kind == "opened",
        ticket_events.c.message_id == message_id,
    )
    return None if connection.execute(query).first() is None else int(row.id)


def read_ticket(connection: sa.Connection, keyring: Keyring, row: sa.Row[Any]) -> Ticket:
    """Build a ticket from its row, with its facts opened."""
    facts, unreadable = told_of(connection, keyring, row.id)
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
        facts=facts,
        unreadable=unreadable,
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
