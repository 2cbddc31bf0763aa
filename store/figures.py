"""Counts tickets of one's scope: how many, how soon, how old, of what kind; never who."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from hotline.figures import AGES, DAY, SEVERAL, WEEK, Waiting, place, week_of, week_start
from hotline.staff import May, Role, Staff
from hotline.tickets import OPEN_STATES, Category, Urgency
from store.console_tables import ticket_regions, ticket_work
from store.tables import conversations, ticket_conversations, ticket_events, tickets
from store.ticket_list import visible

_OPEN = [state.value for state in OPEN_STATES]
_REPORTS = [Category.EMERGENCY.value, Category.REPORT.value, Category.MISSING.value]
_COLUMNS = {
    "category": tickets.c.category,
    "urgency": tickets.c.urgency,
    "state": tickets.c.state,
    "language": tickets.c.language,
    "outcome": ticket_work.c.outcome,
}


@dataclass(frozen=True)
class Asked:
    """Whose figures, and from when to when tickets were opened."""

    staff: Staff
    since: float
    until: float


@dataclass(frozen=True)
class Dark:
    """Signs of danger that are no report, as far as the database holds them."""

    reports: int
    signs: int  # other tickets on which a sign of danger is noted
    stopped: int  # tickets of which the caller broke off the questions
    silent: int | None  # talks with a sign of danger and no ticket; None outside the national level


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
    joined = tickets.outerjoin(ticket_work, ticket_work.c.ticket_id == tickets.c.id)
    within = tickets.c.opened_at.between(asked.since, asked.until)
    return sa.select(*columns).select_from(joined).where(countable(asked.staff), within)


def inflow(connection: sa.Connection, asked: Asked) -> list[tuple[float, int]]:
    """Count the tickets opened in each week, the weeks without any too."""
    # The database only has to number the weeks alike; week_of knows where they begin.
    shift = asked.since if asked.since else week_start(week_of(0.0))
    number = sa.func.floor((tickets.c.opened_at - shift) / WEEK).label("week")
    rows = connection.execute(query(asked, number, sa.func.count()).group_by(number)).all()
    found = {week_of(shift + int(week) * WEEK): int(count) for week, count in rows}
    if not found:
        return []
    first = week_of(asked.since) if asked.since else min(found)
    return [(week_start(w), found.get(w, 0)) for w in range(first, week_of(asked.until) + 1)]


def waiting(connection: sa.Connection, asked: Asked, urgency: Urgency | None = None) -> Waiting:
    """Measure how long callers waited for a person."""
    first, due = ticket_work.c.first_answer_at, tickets.c.first_response_due
    of = query(asked) if urgency is None else query(asked).where(tickets.c.urgency == urgency.value)
    # A ticket that was ended without an answer (a duplicate, a mistake) waits no longer.
    open_ = sa.and_(first.is_(None), tickets.c.state.in_(_OPEN))
    row = connection.execute(
        of.with_only_columns(
            sa.func.count(first),
            _sum(first <= due),
            _sum(open_),
            _sum(sa.and_(open_, due < asked.until)),
        )
    ).one()
    answered, in_time, unanswered, overdue = (int(number or 0) for number in row)
    took = of.with_only_columns((first - tickets.c.opened_at).label("took"))
    took = took.where(first.is_not(None)).order_by("took")

    def at(share: float) -> float | None:
        if not answered:
            return None
        rank = max(0, -int(-share * answered // 1) - 1)  # nearest rank: a time somebody waited
        return float(connection.execute(took.offset(rank).limit(1)).scalar_one())

    return Waiting(answered, in_time, unanswered, overdue, at(0.5), at(0.9))


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def backlog(connection: sa.Connection, asked: Asked) -> list[int]:
    """Count the open tickets by age: one number for each of AGES, and one beyond."""
    age = asked.until - tickets.c.opened_at
    bounds = [0.0, *(days * DAY for days in AGES), float(10**12)]
    groups = [_sum(sa.and_(age >= low, age < high)) for low, high in itertools.pairwise(bounds)]
    row = connection.execute(query(asked, *groups).where(tickets.c.state.in_(_OPEN))).one()
    return [int(number or 0) for number in row]


def by(connection: sa.Connection, asked: Asked, what: str) -> dict[str, int]:
    """Count by category, urgency, state, language, outcome or the channel first used."""
    column = _first_channel() if what == "channel" else _COLUMNS[what]
    named = column.label("value")
    rows = connection.execute(query(asked, named, sa.func.count()).group_by(named)).all()
    return {str(value): int(count) for value, count in rows if value is not None}


def _first_channel() -> sa.ColumnElement[str]:
    return (
        sa.select(conversations.c.channel)
        .select_from(conversations.join(ticket_conversations))
        .where(ticket_conversations.c.ticket_id == tickets.c.id)
        .order_by(ticket_conversations.c.joined_at, ticket_conversations.c.conversation_id)
        .limit(1)
        .scalar_subquery()
    )


def by_region(connection: sa.Connection, asked: Asked, part: str) -> dict[str, int]:
    """Count by region within Indonesia; each ticket counts for one (see `hotline.figures`)."""
    region = ticket_regions.c.region
    narrow = sa.case((sa.func.length(region) == 4, region))
    rows = _named(
        connection, asked, part, region < ":", sa.func.min(region), sa.func.max(region),
        sa.func.min(narrow), sa.func.max(narrow),
    )  # fmt: skip
    found: dict[str, int] = {}
    for lowest, highest, first, last, count in rows:
        where = place(lowest, highest, first if first == last else None)
        found[where] = found.get(where, 0) + int(count)
    return found


def by_country(
    connection: sa.Connection, asked: Asked, part: str = "destination"
) -> dict[str, int]:
    """Count by country abroad; a ticket that names several counts under none of them."""
    region = ticket_regions.c.region
    found: dict[str, int] = {}
    lowest, highest = sa.func.min(region), sa.func.max(region)
    for first, last, count in _named(connection, asked, part, region > ":", lowest, highest):
        where = first if first == last else SEVERAL
        found[where] = found.get(where, 0) + int(count)
    return found


def _named(
    connection: sa.Connection,
    asked: Asked,
    part: str,
    which: sa.ColumnElement[bool],
    *columns: sa.ColumnElement[Any],
) -> list[tuple[Any, ...]]:
    """Count the tickets for which the same things come out of their named regions."""
    labelled = [column.label(f"c{n}") for n, column in enumerate(columns)]
    each = (
        sa.select(ticket_regions.c.ticket_id, *labelled)
        .where(ticket_regions.c.part == part, which)
        .where(ticket_regions.c.ticket_id.in_(query(asked, tickets.c.id)))
        .group_by(ticket_regions.c.ticket_id)
        .subquery()
    )
    kept = [each.c[f"c{n}"] for n in range(len(columns))]
    rows = connection.execute(sa.select(*kept, sa.func.count()).group_by(*kept))
    return [tuple(row) for row in rows]


def dark(connection: sa.Connection, asked: Asked) -> Dark:
    """Set signs of danger that never became a report against reports."""
    noted = sa.cast(tickets.c.reasons, sa.String) != "[]"
    reports = tickets.c.category.in_(_REPORTS)
    row = connection.execute(
        query(
            asked,
            _sum(reports),
            _sum(sa.and_(~reports, noted)),
            _sum(tickets.c.id.in_(_stopped())),
        )
    ).one()
    told, signs, stopped = (int(number or 0) for number in row)
    return Dark(told, signs, stopped, _silent(connection, asked))


def _stopped() -> sa.Select[Any]:
    return sa.select(ticket_events.c.ticket_id).where(ticket_events.c.kind == "intake_stopped")


def _silent(connection: sa.Connection, asked: Asked) -> int | None:
    """Count talks in which danger was heard but no ticket came of it: nobody knows their region."""
    if asked.staff.scope.region:
        return None
    worried = sa.or_(conversations.c.needs_person, conversations.c.neutral)
    without = ~sa.exists().where(ticket_conversations.c.conversation_id == conversations.c.id)
    within = conversations.c.opened_at.between(asked.since, asked.until)
    found = sa.select(sa.func.count()).select_from(conversations).where(worried, without, within)
    return int(connection.execute(found).scalar_one())
