"""From whom a ticket is kept by name: levels and colleagues that somebody called involved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from hotline.staff import Staff
from store.console_tables import ticket_bars, ticket_work
from store.tables import ticket_conversations

_LEVEL, _PERSON = "level:", "person:"


def level(region: str) -> str:
    """Give the mark against everybody at or below a region's level."""
    return f"{_LEVEL}{region}"


def person(staff_id: int) -> str:
    """Give the mark against one colleague."""
    return f"{_PERSON}{staff_id}"


def against(staff: Staff) -> sa.CompoundSelect[Any]:
    """Give a query for the ids of the tickets that are kept from somebody by name.

    With those that carry a mark go the same callers' others. Marks are few: a database begins
    with them, not with a million conversations.
    """
    region = staff.scope.region
    marks = {person(staff.id), *(level(code) for code in (region[:2], region) if code)}
    named = sa.select(ticket_bars.c.ticket_id).where(ticket_bars.c.mark.in_(sorted(marks)))
    hers, other = ticket_conversations.alias("barred"), ticket_conversations.alias("with_barred")
    same = hers.join(other, other.c.conversation_id == hers.c.conversation_id)
    work = ticket_work.alias("merged")
    return sa.union(
        named,
        sa.select(other.c.ticket_id).select_from(same).where(hers.c.ticket_id.in_(named)),
        sa.select(work.c.ticket_id).where(work.c.merged_into.in_(named)),
        # No null among them: "not in" would then be true of no ticket at all.
        sa.select(work.c.merged_into).where(
            work.c.ticket_id.in_(named), work.c.merged_into.is_not(None)
        ),
    )


def of_many(connection: sa.Connection, ids: Iterable[int]) -> dict[int, set[str]]:
    """Read the marks of some tickets; those without any are left out."""
    query = sa.select(ticket_bars).where(ticket_bars.c.ticket_id.in_(list(ids)))
    found: dict[int, set[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.ticket_id, set()).add(row.mark)
    return found


def of(connection: sa.Connection, ticket_id: int) -> set[str]:
    """Read the marks of one ticket."""
    return of_many(connection, [ticket_id]).get(ticket_id, set())


def regions(marks: Iterable[str]) -> frozenset[str]:
    """Give the regions whose levels are meant."""
    return frozenset(mark.removeprefix(_LEVEL) for mark in marks if mark.startswith(_LEVEL))


def people(marks: Iterable[str]) -> frozenset[int]:
    """Give the ids of the colleagues who are meant."""
    return frozenset(int(mark.removeprefix(_PERSON)) for mark in marks if mark.startswith(_PERSON))


def write(connection: sa.Connection, ticket_id: int, marks: Iterable[str]) -> None:
    """Replace a ticket's marks."""
    connection.execute(sa.delete(ticket_bars).where(ticket_bars.c.ticket_id == ticket_id))
    rows = [{"ticket_id": ticket_id, "mark": one} for one in sorted(set(marks))]
    if rows:
        connection.execute(sa.insert(ticket_bars), rows)
