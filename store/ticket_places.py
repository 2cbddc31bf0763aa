"""What decides who sees a ticket, read for one or many; a caller's tickets share who is barred."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from hotline.staff import Place
from store import ticket_bars
from store.console_tables import referrals, ticket_regions, ticket_work
from store.tables import ticket_conversations, tickets


def place_of(connection: sa.Connection, ticket_id: int) -> Place:
    """Read what decides who sees a ticket."""
    return places_of(connection, [ticket_id])[ticket_id]


def places_of(connection: sa.Connection, ids: Iterable[int]) -> dict[int, Place]:
    """Read it of many, in a handful of queries for all; ids that are no ticket's are left out."""
    wanted = list(ids)
    kin = kin_of(connection, wanted)
    near = {*wanted, *(each for others in kin.values() for each in others)}
    rows = {row.id: row for row in connection.execute(_rows(near))}
    regions = _many(connection, ticket_regions, ticket_regions.c.region, near)
    accepted = referrals.c.state == "accepted"
    asked = _many(connection, referrals, referrals.c.unit, wanted, accepted)
    marks = ticket_bars.of_many(connection, near)
    inland = {id_: frozenset(r for r in regions.get(id_, ()) if r.isdigit()) for id_ in near}
    found = {}
    for id_ in [one for one in wanted if one in rows]:
        hers = {mark for one in {id_, *kin[id_]} for mark in marks.get(one, ())}
        found[id_] = Place(
            regions=inland[id_],
            conflict=rows[id_].conflict_of_interest,
            unit=rows[id_].unit or "",
            staff_id=rows[id_].staff_id,
            referred_units=frozenset(asked.get(id_, ())),
            barred_regions=ticket_bars.regions(hers),
            barred_staff=ticket_bars.people(hers),
            conflicts_of_caller=frozenset(
                inland[one] for one in kin[id_] if rows[one].conflict_of_interest
            ),
        )
    return found


def kin_of(connection: sa.Connection, ids: Iterable[int]) -> dict[int, set[int]]:
    """Give for each ticket the others that share a conversation with it, or are merged with it."""
    wanted = list(ids)
    found: dict[int, set[int]] = {id_: set() for id_ in wanted}
    hers, other = ticket_conversations.alias("hers"), ticket_conversations.alias("other")
    same = hers.join(other, other.c.conversation_id == hers.c.conversation_id)
    source, target = ticket_work.c.ticket_id, ticket_work.c.merged_into
    queries = (
        sa.select(hers.c.ticket_id, other.c.ticket_id)
        .select_from(same)
        .where(hers.c.ticket_id.in_(wanted)),
        sa.select(source, target).where(source.in_(wanted), target.is_not(None)),
        sa.select(target, source).where(target.in_(wanted)),
    )
    for query in queries:
        for one, another in connection.execute(query):
            found[one].add(another)
    return {id_: others - {id_} for id_, others in found.items()}


def _rows(ids: Iterable[int]) -> sa.Select[tuple[int, bool, str, int]]:
    # Two keys lead from ticket_work to tickets: which one is meant must be said.
    joined = tickets.outerjoin(ticket_work, ticket_work.c.ticket_id == tickets.c.id)
    columns = (
        tickets.c.id, tickets.c.conflict_of_interest, ticket_work.c.unit, ticket_work.c.staff_id
    )  # fmt: skip
    return sa.select(*columns).select_from(joined).where(tickets.c.id.in_(list(ids)))


def _many(
    connection: sa.Connection,
    table: sa.Table,
    column: sa.ColumnElement[str],
    ids: Iterable[int],
    *where: sa.ColumnElement[bool],
) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    query = sa.select(table.c.ticket_id, column.label("what"))
    for row in connection.execute(query.where(table.c.ticket_id.in_(list(ids)), *where)):
        found.setdefault(row.ticket_id, []).append(row.what)
    return found
