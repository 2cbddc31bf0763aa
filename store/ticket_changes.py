"""A ticket is marked and moved: conflict of interest, wish to withdraw, anonymity, state."""

from __future__ import annotations

import sqlalchemy as sa

from hotline.tickets import OPEN_STATES, State, check_move, merge_reasons
from store import ticket_deadlines, ticket_release
from store.tables import ticket_conversations, tickets
from store.ticket_events import add_event, lock


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
        ticket_release.from_who_cannot_see(connection, ticket_id, actor="bot", now=now)


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
    lock(connection, ticket_id)
    current = connection.execute(
        sa.select(tickets.c.state).where(tickets.c.id == ticket_id)
    ).scalar_one()
    check_move(State(current), wanted)
    # What is taken up again holds something again: retention begins anew when it ends.
    over = {"ended_at": None if wanted in OPEN_STATES else now, "erased_at": None}
    connection.execute(
        sa.update(tickets).where(tickets.c.id == ticket_id).values(state=wanted.value, **over)
    )
    working = OPEN_STATES - {State.RESOLVED}
    if wanted in working and State(current) not in working:
        ticket_deadlines.reopened(connection, ticket_id, now=now)
    details = {"from": current, "to": wanted.value}
    add_event(connection, ticket_id, "moved", actor, details, message_id=None, now=now)
