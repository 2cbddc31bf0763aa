"""Which of a ticket's conversations are its caller's own, and which a responder trusts for replies.

Code and key of a ticket can be read off her phone: who joins with them is not taken for her.
"""

from __future__ import annotations

import sqlalchemy as sa

from store.console_tables import ticket_work
from store.tables import ticket_conversations, tickets
from store.ticket_events import add_event


def _joined_later() -> sa.ColumnElement[bool]:
    """Say of `ticket_conversations` that neither this ticket nor one merged into it began there.

    A report joins its conversation in the moment in which it is opened, and a merge keeps that.
    """
    here, began = ticket_conversations.c, ticket_conversations.alias("began")
    opened, merged = tickets.alias("opened"), ticket_work.alias("merged")
    hers = sa.exists().where(
        merged.c.ticket_id == opened.c.id, merged.c.merged_into == here.ticket_id
    )
    return ~sa.exists().where(
        began.c.conversation_id == here.conversation_id,
        began.c.joined_at == here.joined_at,
        opened.c.id == began.c.ticket_id,
        opened.c.opened_at >= began.c.joined_at,
        sa.or_(opened.c.id == here.ticket_id, hers),
    )


JOINED_LATER = _joined_later()


def joined_later(connection: sa.Connection, ticket_id: int) -> set[str]:
    """Find a ticket's conversations that joined it with code and key."""
    mine = ticket_conversations.c.ticket_id == ticket_id
    query = sa.select(ticket_conversations.c.conversation_id).where(mine, JOINED_LATER)
    return set(connection.execute(query).scalars())


def choose(
    connection: sa.Connection, ticket_id: int, conversation: str, *, actor: str, now: float
) -> None:
    """Let replies to a ticket go to one of its conversations from now on."""
    connection.execute(
        sa.update(tickets)
        .where(tickets.c.id == ticket_id)
        .values(reply_conversation_id=conversation)
    )
    add_event(connection, ticket_id, "reply_way_chosen", actor, {}, message_id=None, now=now)
