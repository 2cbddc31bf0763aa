"""In which order tickets are listed, and a page of them read: by rank, then by deadline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from hotline.tickets import Urgency
from store.tables import IS_OPEN, tickets
from store.ticket_deadlines import DUE

PAGE = 50
RANK = sa.case(
    (tickets.c.urgency == Urgency.CRITICAL.value, 0),
    (tickets.c.urgency == Urgency.HIGH.value, 1),
    else_=2,
)
SOONEST = (DUE.nulls_last(), tickets.c.id)


def open_only(query: sa.Select[Any]) -> sa.Select[Any]:
    """Narrow to the open tickets, and look them up where only those are.

    SQLite keeps no account of its tables by itself and would begin with all of a million.
    """
    return query.where(IS_OPEN).with_hint(tickets, "INDEXED BY ix_tickets_open", "sqlite")


def in_order(connection: sa.Connection, query: sa.Select[Any], offset: int) -> list[int]:
    """Read the ids of a page of few tickets: the gravest and the soonest due first."""
    page = query.order_by(RANK, *SOONEST).offset(offset).limit(PAGE)
    return list(connection.execute(page).scalars())


def gravest(connection: sa.Connection, query: sa.Select[Any], offset: int) -> list[int]:
    """Read a page rank after rank: sorting the few critical ones costs a part of sorting all."""
    parts = [
        query.where(tickets.c.urgency == urgency.value).order_by(*SOONEST)
        for urgency in (Urgency.CRITICAL, Urgency.HIGH, Urgency.NORMAL)
    ]
    return _page(connection, parts, offset)


def with_closed(connection: sa.Connection, query: sa.Select[Any], offset: int) -> list[int]:
    """Read a page of all tickets: the open ones as above, then the others, the newest first."""
    parts = [
        open_only(query).where(tickets.c.urgency == urgency.value).order_by(*SOONEST)
        for urgency in (Urgency.CRITICAL, Urgency.HIGH, Urgency.NORMAL)
    ]
    return _page(connection, [*parts, query.where(~IS_OPEN).order_by(tickets.c.id.desc())], offset)


def _page(connection: sa.Connection, parts: Sequence[sa.Select[Any]], offset: int) -> list[int]:
    """Read a page of one list after another; a list is counted only where a page begins beyond."""
    found: list[int] = []
    for part in parts:
        ids = connection.execute(part.offset(offset).limit(PAGE - len(found))).scalars().all()
        found += ids
        if len(found) == PAGE:
            break
        if ids or not offset:
            offset = 0
            continue
        count = part.with_only_columns(sa.func.count()).order_by(None)
        offset -= int(connection.execute(count).scalar_one())
    return found
