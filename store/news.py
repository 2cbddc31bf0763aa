"""What has changed on tickets since the last look: one cheap query tells whether anything has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa

from hotline.staff import Place
from store import ticket_alarms, ticket_places
from store.console_tables import ticket_presence, ticket_work
from store.tables import (
    conversation_events,
    inbox,
    outbox,
    ticket_conversations,
    ticket_events,
    tickets,
)
from store.ticket_mentions import CALLED

# Rows may become visible in another order than that of their ids, and outbound messages change
# their state: so many of the newest are looked at again.
_WINDOW = 200
_IN = 400  # values in one list of a query


@dataclass(frozen=True)
class News:
    """One ticket on which something happened; nothing personal."""

    id: int
    code: str
    critical: bool  # and rings: nobody holds it, or new danger waits for its holder
    opened_at: float
    place: Place
    called: frozenset[int]  # who was named in a note and has not looked yet
    alarm: float = 0.0  # another one for every danger that alarms anew


def fingerprint(connection: sa.Connection) -> tuple[object, ...]:
    """Give values that change whenever something happens; a few index look-ups."""
    columns: list[sa.ColumnElement[object]] = []
    for table in (inbox, ticket_events, conversation_events):
        newest = sa.select(sa.func.max(table.c.id)).scalar_subquery()
        recent = sa.select(sa.func.count()).where(table.c.id > newest - _WINDOW)
        columns += [newest, recent.scalar_subquery()]
    newest = sa.select(sa.func.max(outbox.c.id)).scalar_subquery()
    # Every state and hold weighs differently, so that no two changes cancel out.
    weight = sa.func.length(outbox.c.state) * 7 + sa.func.coalesce(outbox.c.status_at, 0)
    weight += sa.func.length(sa.func.coalesce(outbox.c.hold, "")) * 31
    recent = sa.select(sa.func.sum(weight * (outbox.c.id % 97 + 1))).where(
        outbox.c.id > newest - _WINDOW
    )
    columns += [newest, recent.scalar_subquery()]
    return tuple(connection.execute(sa.select(*columns)).one())


@dataclass
class Seen:
    """The newest rows as they were at the last look."""

    rows: dict[str, dict[int, tuple[object, ...]]] = field(default_factory=dict)

    def changed(self, connection: sa.Connection) -> set[int]:
        """Look at the newest rows; returns the tickets of those that are new or different.

        The first look remembers everything and reports nothing.
        """
        talks: set[str] = set()
        ids: set[int] = set()
        for table, whose, state in (
            (inbox, inbox.c.conversation_id, (inbox.c.state,)),
            (conversation_events, conversation_events.c.conversation_id, ()),
            (outbox, outbox.c.conversation_id, (outbox.c.state, outbox.c.hold, outbox.c.status_at)),
            (ticket_events, ticket_events.c.ticket_id, ()),
        ):
            fresh = self._fresh(connection, table, whose, state)
            if table is ticket_events:
                ids |= {int(str(one)) for one in fresh}
            else:
                talks |= {str(one) for one in fresh}
        return ids | _tickets_of(connection, talks)

    def _fresh(
        self,
        connection: sa.Connection,
        table: sa.Table,
        whose: sa.ColumnElement[object],
        state: tuple[sa.ColumnElement[object], ...],
    ) -> set[object]:
        before = self.rows.get(table.name)
        newest = sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0)).scalar_subquery()
        since = newest - _WINDOW
        if before:
            # More may have come than the window holds.
            since = sa.func.min(since, max(before)) if _is_sqlite(connection) else sa.func.least(
                since, max(before)
            )  # fmt: skip
        found = connection.execute(
            sa.select(table.c.id, whose.label("whose"), *state).where(table.c.id > since)
        ).all()
        now = {row.id: tuple(row[1:]) for row in found}
        self.rows[table.name] = now
        if before is None:
            return set()
        return {row.whose for row in found if before.get(row.id) != tuple(row[1:])}


def _is_sqlite(connection: sa.Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _tickets_of(connection: sa.Connection, talks: Iterable[str]) -> set[int]:
    wanted = list(talks)[:_IN]
    if not wanted:
        return set()
    query = sa.select(ticket_conversations.c.ticket_id).where(
        ticket_conversations.c.conversation_id.in_(wanted)
    )
    return set(connection.execute(query).scalars())


def tell(connection: sa.Connection, ids: Iterable[int]) -> list[News]:
    """Read what decides who may hear of some tickets, in a handful of queries for all."""
    wanted = list(ids)[:_IN]
    if not wanted:
        return []
    columns = (tickets.c.id, tickets.c.code, tickets.c.opened_at)
    rows = connection.execute(sa.select(*columns).where(tickets.c.id.in_(wanted))).all()
    places, called = ticket_places.places_of(connection, wanted), _called(connection, wanted)
    ringing = ticket_alarms.ringing(connection, wanted)
    return [
        News(
            row.id,
            row.code,
            row.id in ringing,
            row.opened_at,
            places[row.id],
            frozenset(called.get(row.id, ())),
            ringing.get(row.id, 0.0),
        )
        for row in rows
    ]


def alarming(connection: sa.Connection, since: float) -> list[News]:
    """Find critical tickets that ring and on which something happened from `since` on.

    A page was not listening between the moment it was made and the beginning of its stream, nor
    while a broken stream was being opened again: what rang then must ring now.
    """
    query = (
        sa.select(tickets.c.id)
        .select_from(tickets.outerjoin(ticket_work, ticket_work.c.ticket_id == tickets.c.id))
        .where(
            ticket_alarms.RINGS,
            sa.exists().where(
                ticket_events.c.ticket_id == tickets.c.id, ticket_events.c.at >= since
            ),
        )
        .order_by(tickets.c.id.desc())
        .limit(_WINDOW)
    )
    return tell(connection, connection.execute(query).scalars().all())


def _called(connection: sa.Connection, ids: list[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    p = ticket_presence.c
    query = sa.select(p.ticket_id, p.staff_id).where(p.ticket_id.in_(ids), p.at == CALLED)
    for row in connection.execute(query):
        found.setdefault(row.ticket_id, set()).add(row.staff_id)
    return found
