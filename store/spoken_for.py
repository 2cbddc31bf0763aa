"""What a caller sees whose ticket was merged: her own code and her own words, nobody else's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from hotline.tickets import OPEN_STATES, State, Ticket
from store.console_tables import ticket_work
from store.tables import inbox, ticket_conversations, tickets


def source_row(connection: sa.Connection, ticket_id: int, conversation: str) -> sa.Row[Any] | None:
    """Find the merged ticket by which a conversation came to another ticket; None for its own."""
    here = ticket_conversations.alias("here")
    there = ticket_conversations.alias("there")
    # A merge hands a conversation over with the moment at which it joined the merged ticket.
    handed_over = sa.and_(
        here.c.ticket_id == ticket_id,
        here.c.conversation_id == conversation,
        there.c.conversation_id == conversation,
        there.c.ticket_id == tickets.c.id,
        there.c.joined_at == here.c.joined_at,
    )
    return connection.execute(
        sa.select(tickets)
        .select_from(tickets.join(ticket_work, ticket_work.c.ticket_id == tickets.c.id))
        .join(there, there.c.ticket_id == tickets.c.id)
        .join(here, handed_over)
        .where(ticket_work.c.merged_into == ticket_id)
        .order_by(tickets.c.id)
        .limit(1)
    ).first()


def as_seen_from(
    connection: sa.Connection, target: Ticket, source: Ticket, conversation: str
) -> Ticket:
    """Give the target as the merged ticket's caller may see it; what she writes still goes there.

    Its number is the target's; code and state are her own ticket's, facts what was told on that
    one and what she has written since.
    """
    written = sa.select(inbox.c.id).where(inbox.c.conversation_id == conversation)
    hers = set(connection.execute(written).scalars())
    since = tuple(fact for fact in target.facts if fact.message_id in hers)
    return replace(target, code=source.code, state=source.state, facts=source.facts + since)


def worked_on(connection: sa.Connection, ticket: Ticket) -> int:
    """Say on which ticket somebody works for this one: itself, or the one it was merged into."""
    into = sa.select(ticket_work.c.merged_into).where(ticket_work.c.ticket_id == ticket.id)
    return int(connection.execute(into).scalar() or ticket.id)


def is_over(connection: sa.Connection, ticket: Ticket) -> bool:
    """Say whether nobody works any more on the ticket that speaks for this one."""
    state = sa.select(tickets.c.state).where(tickets.c.id == worked_on(connection, ticket))
    return State(connection.execute(state).scalar_one()) not in OPEN_STATES


def belongs(connection: sa.Connection, ticket_id: int, conversation: str) -> bool:
    """Say whether a conversation belongs to a ticket or to one that was merged into it."""
    hers = ticket_conversations.outerjoin(
        ticket_work, ticket_work.c.ticket_id == ticket_conversations.c.ticket_id
    )
    query = (
        sa.select(ticket_conversations.c.ticket_id)
        .select_from(hers)
        .where(
            ticket_conversations.c.conversation_id == conversation,
            sa.or_(
                ticket_conversations.c.ticket_id == ticket_id,
                ticket_work.c.merged_into == ticket_id,
            ),
        )
    )
    return connection.execute(query.limit(1)).first() is not None
