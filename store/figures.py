"""Counts tickets of one's scope: how many, how soon, how old, of what kind; never who."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from hotline.figures import (
    AGES,
    DAY,
    JAKARTA,
    SEVERAL,
    WEEK,
    Waiting,
    place,
    ranked,
    week_of,
    week_start,
)
from hotline.staff import May, Role, Staff
from hotline.tickets import OPEN_STATES, Urgency
from store import ticket_brought
from store.console_tables import ticket_regions, ticket_work
from store.tables import conversations, ticket_conversations, tickets
from store.ticket_list import visible

_OPEN = [state.value for state in OPEN_STATES]
_PLAIN = ("category", "urgency", "state", "language", "outcome")
UNKNOWN = "unknown"  # nobody has named the place
# What the figures of one page need of every ticket, gathered once: to work out for each of twenty
# counts anew what somebody may know of takes seconds on a large installation.
_gathered = sa.Table(
    "gathered_tickets",
    sa.MetaData(),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
    *(sa.Column(name, sa.String(32)) for name in _PLAIN),
    *(sa.Column(name, sa.Double) for name in ("opened_at", "first_response_due")),
    sa.Column("first_answer_at", sa.Double),
    sa.Column("noted", sa.Boolean),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)


# Under a name of its own: which regions make a ticket visible is asked of the same table.
_region = ticket_regions.alias("named")


@dataclass(frozen=True)
class Asked:
    """Whose figures, and from when to when tickets were opened."""

    staff: Staff
    since: float
    until: float
    gathered: bool = False  # within `gathering`: the tickets lie ready in a table of their own

    def __getitem__(self, name: str) -> sa.ColumnElement[Any]:
        """Give a column of the tickets asked for."""
        if self.gathered:
            return _gathered.c[name]
        if name == "noted":  # a sign of danger is noted on it
            return sa.cast(tickets.c.reasons, sa.String) != "[]"
        table = ticket_work if name in ("outcome", "first_answer_at") else tickets
        return table.c[name]


@contextmanager
def gathering(connection: sa.Connection, asked: Asked) -> Iterator[Asked]:
    """Gather the tickets asked for in a table that only this transaction sees."""
    columns = [asked[column.name].label(column.name) for column in _gathered.c]
    _gathered.create(connection)
    connection.execute(sa.insert(_gathered).from_select(list(_gathered.c), query(asked, *columns)))
    # Or the database begins with a table of a million where these are few.
    connection.execute(sa.text(f"ANALYZE {_gathered.name}"))
    yield replace(asked, gathered=True)
    _gathered.drop(connection)


def countable(staff: Staff) -> sa.ColumnElement[bool]:
    """Give the tickets that somebody's figures count, as a condition on `tickets`.

    Whoever may see figures counts what a colleague of the same scope could open: a conflict of
    interest hides a ticket from the figures of its own level as well, or they would show it.
    """
    if not staff.may(May.SEE_FIGURES):
        return sa.false()
    return visible(replace(staff, role=Role.SUPERVISOR))


def query(asked: Asked, *columns: Any) -> sa.Select[Any]:
    """Begin a query over the tickets asked for, joined with the work on them."""
    if asked.gathered:
        return sa.select(*columns).select_from(_gathered)
    joined = tickets.outerjoin(ticket_work, ticket_work.c.ticket_id == tickets.c.id)
    within = tickets.c.opened_at.between(asked.since, asked.until)
    return sa.select(*columns).select_from(joined).where(countable(asked.staff), within)


def day_of(moment: sa.ColumnElement[float]) -> sa.ColumnElement[int]:
    """Number the day of a moment in Jakarta, since 1970."""
    return sa.cast(sa.func.floor((moment + JAKARTA) / DAY), sa.Integer)


def inflow(connection: sa.Connection, asked: Asked) -> list[tuple[float, int]]:
    """Count the tickets opened in each week, the weeks without any too."""
    # The database only has to number the weeks alike; week_of knows where they begin.
    shift = asked.since if asked.since else week_start(week_of(0.0))
    number = sa.func.floor((asked["opened_at"] - shift) / WEEK).label("week")
    rows = connection.execute(query(asked, number, sa.func.count()).group_by(number)).all()
    found = {week_of(shift + int(week) * WEEK): int(count) for week, count in rows}
    if not found:
        return []
    first = week_of(asked.since) if asked.since else min(found)
    return [(week_start(w), found.get(w, 0)) for w in range(first, week_of(asked.until) + 1)]


def waiting(connection: sa.Connection, asked: Asked, urgency: Urgency | None = None) -> Waiting:
    """Measure how long callers waited for a person: all, or those of one urgency."""
    return waits(connection, asked)[urgency]


def waits(connection: sa.Connection, asked: Asked) -> dict[Urgency | None, Waiting]:
    """Measure how long callers waited for a person, to the second: all, and by urgency."""
    first, due = asked["first_answer_at"], asked["first_response_due"]
    # A ticket that was ended without an answer (a duplicate, a mistake) waits no longer.
    open_ = sa.and_(first.is_(None), asked["state"].in_(_OPEN))
    late = count_of(sa.and_(open_, due < asked.until))
    counted = (sa.func.count(first), count_of(first <= due), count_of(open_), late)
    rows = connection.execute(
        query(asked, asked["urgency"], *counted).group_by(asked["urgency"])
    ).all()
    took = _took(connection, asked)

    def of(wanted: Collection[str]) -> Waiting:
        mine = [row[1:] for row in rows if row[0] in wanted]
        answered, in_time, unanswered, overdue = (
            sum(int(row[place] or 0) for row in mine) for place in range(len(counted))
        )
        times: Counter[float] = Counter()
        for one in wanted:
            times.update(took.get(one, {}))
        return Waiting(
            answered, in_time, unanswered, overdue, ranked(times, 0.5), ranked(times, 0.9)
        )

    every = {urgency.value for urgency in Urgency}
    return {None: of(every)} | {urgency: of({urgency.value}) for urgency in Urgency}


def _took(connection: sa.Connection, asked: Asked) -> dict[str, Counter[float]]:
    """Count, for each urgency, how many callers waited how many seconds for the first answer.

    The database gives what is alike once: to sort a million moments for each median takes seconds.
    """
    first = asked["first_answer_at"]
    seconds = sa.func.floor(first - asked["opened_at"] + 0.5).label("seconds")
    alike = query(asked, asked["urgency"], seconds, sa.func.count()).where(first.is_not(None))
    found: dict[str, Counter[float]] = {}
    for urgency, took, count in connection.execute(alike.group_by(asked["urgency"], seconds)):
        found.setdefault(urgency, Counter())[float(took)] += int(count)
    return found


def count_of(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    """Count the rows for which a condition holds."""
    return sa.func.sum(sa.case((condition, 1), else_=0))


def backlog(connection: sa.Connection, asked: Asked) -> list[int]:
    """Count the open tickets by age: one number for each of AGES, and one beyond."""
    age = asked.until - asked["opened_at"]
    bounds = [0.0, *(days * DAY for days in AGES), float(10**12)]
    groups = [count_of(sa.and_(age >= low, age < high)) for low, high in itertools.pairwise(bounds)]
    row = connection.execute(query(asked, *groups).where(asked["state"].in_(_OPEN))).one()
    return [int(number or 0) for number in row]


def by(connection: sa.Connection, asked: Asked, what: str) -> dict[str, int]:
    """Count by category, urgency, state, language, outcome or the channel first used."""
    if what == "channel":
        return _by_first_channel(connection, asked)
    return by_each(connection, asked)[what]


def by_each(connection: sa.Connection, asked: Asked) -> dict[str, dict[str, int]]:
    """Count by each of a ticket's own columns, looking at every ticket once."""
    columns = [asked[name] for name in _PLAIN]
    found: dict[str, dict[str, int]] = {name: {} for name in _PLAIN}
    rows = connection.execute(query(asked, *columns, sa.func.count()).group_by(*columns))
    for *values, count in rows:
        for name, value in zip(_PLAIN, values, strict=True):
            if value is not None:
                found[name][str(value)] = found[name].get(str(value), 0) + int(count)
    return found


def _by_first_channel(connection: sa.Connection, asked: Asked) -> dict[str, int]:
    """Count by the channel of the conversation a ticket began with, or how it came to the desk."""
    mine, other = ticket_conversations, ticket_conversations.alias("other")
    earlier = sa.or_(
        other.c.joined_at < mine.c.joined_at,
        sa.and_(
            other.c.joined_at == mine.c.joined_at, other.c.conversation_id < mine.c.conversation_id
        ),
    )
    # Most tickets have one conversation: asking whether there is an earlier one costs far less
    # than sorting those of every ticket.
    first = ~sa.exists().where(other.c.ticket_id == mine.c.ticket_id, earlier)
    counted = query(asked, conversations.c.channel, sa.func.count()).where(
        mine.c.ticket_id == asked["id"], conversations.c.id == mine.c.conversation_id, first
    )
    here = ticket_brought.all_of_them().subquery()
    # Who writes later to a ticket that a responder opened did not begin it.
    counted = counted.where(asked["id"].not_in(sa.select(here.c.ticket_id)))
    rows = list(connection.execute(counted.group_by(conversations.c.channel)))
    brought = query(asked, here.c.channel, sa.func.count()).where(here.c.ticket_id == asked["id"])
    rows += connection.execute(brought.group_by(here.c.channel))
    return {str(value): int(count) for value, count in rows}


def by_region(connection: sa.Connection, asked: Asked, part: str) -> dict[str, int]:
    """Count by region within Indonesia; each ticket counts for one (see `hotline.figures`)."""
    region = _region.c.region
    narrow = sa.case((sa.func.length(region) == 4, region))
    columns = [f(c) for c in (region, narrow) for f in (sa.func.min, sa.func.max)]
    found: dict[str, int] = {}
    for lowest, highest, first, last, count in _named(
        connection, asked, part, region < ":", columns, ()
    ):
        where = place(lowest, highest, first if first == last else None)
        found[where] = found.get(where, 0) + int(count)
    return found


def by_country(
    connection: sa.Connection, asked: Asked, part: str = "destination"
) -> dict[str, int]:
    """Count by country abroad; a ticket that names several counts under none of them."""
    return by_place(connection, asked, part, abroad=True)[0]


def by_place(
    connection: sa.Connection,
    asked: Asked,
    part: str,
    *marks: sa.ColumnElement[bool],
    abroad: bool,
) -> list[dict[str, int]]:
    """Count by country abroad, or by province: all tickets, and those that bear each mark.

    A ticket that names several counts under none of them. Places without any are left out.
    """
    region = _region.c.region
    what = region if abroad else sa.func.substr(region, 1, 2)
    columns = [sa.func.min(what), sa.func.max(what)]
    found: list[dict[str, int]] = [{} for _ in (None, *marks)]
    for first, last, *counts in _named(
        connection, asked, part, region > ":" if abroad else region < ":", columns, marks
    ):
        where = first if first == last else SEVERAL
        for into, count in zip(found, counts, strict=True):
            if count:
                into[where] = into.get(where, 0) + int(count)
    return found


def _named(
    connection: sa.Connection,
    asked: Asked,
    part: str,
    which: sa.ColumnElement[bool],
    columns: Sequence[sa.ColumnElement[Any]],
    marks: Sequence[sa.ColumnElement[bool]],
) -> list[tuple[Any, ...]]:
    """Count the tickets for which the same things come out of their named regions.

    Gives what came out, how many tickets, and how many of them bear each mark.
    """
    labelled = [column.label(f"c{n}") for n, column in enumerate(columns)]
    marked = [sa.func.max(sa.case((m, 1), else_=0)).label(f"m{n}") for n, m in enumerate(marks)]
    mine = (_region.c.ticket_id == asked["id"], _region.c.part == part, which)
    each = query(asked, *labelled, *marked).where(*mine).group_by(asked["id"]).subquery()
    alike = [each.c[column.name] for column in labelled]
    sums = [sa.func.sum(each.c[mark.name]) for mark in marked]
    rows = connection.execute(sa.select(*alike, sa.func.count(), *sums).group_by(*alike))
    return [tuple(row) for row in rows]
