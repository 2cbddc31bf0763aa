"""Callers who do not want to be known: by name, number or address nothing of theirs is found.

Whoever says so on one ticket means all she told from the same phone, on whichever ticket it stands.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from store.tables import ticket_conversations, tickets


def speaks_in(conversation: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Say of a column with conversations' ids that such a caller speaks there."""
    theirs, hidden = ticket_conversations.alias("theirs"), tickets.alias("hidden")
    return sa.exists().where(
        theirs.c.conversation_id == conversation,
        hidden.c.id == theirs.c.ticket_id,
        hidden.c.anonymous,
    )


def among(connection: sa.Connection, ids: Iterable[int]) -> set[int]:
    """Find those tickets among some that such a caller opened or shares."""
    wanted = list(ids)
    own = sa.select(tickets.c.id).where(tickets.c.id.in_(wanted), tickets.c.anonymous)
    shared = sa.select(ticket_conversations.c.ticket_id).where(
        ticket_conversations.c.ticket_id.in_(wanted),
        speaks_in(ticket_conversations.c.conversation_id),
    )
    return set(connection.execute(sa.union(own, shared)).scalars())
