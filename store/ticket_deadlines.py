"""What a caller's message means for the deadlines of her tickets."""

from __future__ import annotations

import sqlalchemy as sa

from hotline.tickets import FIRST_RESPONSE, OPEN_STATES
from store.console_tables import ticket_work
from store.tables import ticket_conversations, tickets


def heard(connection: sa.Connection, conversation: str, *, now: float) -> None:
    """Note that a caller wrote to the person who has her: from now on she waits for an answer.

    The first unanswered message counts; later ones do not put the deadline off. Before a person
    has answered for the first time, the first deadline holds.
    """
    mine = sa.select(ticket_conversations.c.ticket_id).where(
        ticket_conversations.c.conversation_id == conversation
    )
    for urgency, allowed in FIRST_RESPONSE.items():
        of_urgency = sa.select(tickets.c.id).where(
            tickets.c.id.in_(mine),
            tickets.c.urgency == urgency.value,
            tickets.c.state.in_([state.value for state in OPEN_STATES]),
        )
        connection.execute(
            sa.update(ticket_work)
            .where(
                ticket_work.c.ticket_id.in_(of_urgency),
                ticket_work.c.first_answer_at.is_not(None),
                ticket_work.c.next_response_due.is_(None),
            )
            .values(next_response_due=now + allowed.total_seconds())
        )
