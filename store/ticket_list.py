"""The tickets somebody may see, in views, sorted by risk and deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from hotline.staff import Level, May, Staff
from hotline.tickets import Category, State, Urgency
from store import ticket_bars, ticket_brought
from store.console_tables import ticket_labels, ticket_regions, ticket_work
from store.tables import conversations, ticket_conversations, ticket_events, tickets
from store.ticket_deadlines import DUE, LEVEL, WHAT
from store.ticket_mentions import waiting_for
from store.ticket_order import gravest, in_order, open_only, with_closed
from store.ticket_scopes import each_ours, is_wide, near_caller, ours

NOWHERE = "-"  # the code of a place that nobody knows: no ticket has it


class View(StrEnum):
    """The lists a responder works from."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    ESCALATED = "escalated"
    WAITING = "waiting"  # for the caller
    OPEN = "open"
    ALL = "all"


@dataclass(frozen=True)
class Line:
    """One ticket in a list: nothing personal."""

    id: int
    code: str
    category: str
    urgency: str
    reasons: tuple[str, ...]
    state: str
    opened_at: float
    due_at: float | None
    conflict: bool
    anonymous: bool
    staff_id: int | None
    unit: str
    language: str
    heard_at: float | None
    channels: tuple[str, ...]
    due_what: str  # which deadline `due_at` is
    level: int  # how far it has gone up, while it is late
    called: bool  # a colleague's note names the reader, who has not looked since


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to; empty parts narrow nothing."""

    category: Category | None = None
    urgency: Urgency | None = None
    state: State | None = None
    label: str = ""
    regions: tuple[str, ...] = ()  # codes, of any part of the way; a province holds its regencies

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """Give the filter as conditions on `tickets`."""
        found: list[sa.ColumnElement[bool]] = []
        if self.category:
            found.append(tickets.c.category == self.category.value)
        if self.urgency:
            found.append(tickets.c.urgency == self.urgency.value)
        if self.state:
            found.append(tickets.c.state == self.state.value)
        if self.label:
            labelled = sa.select(ticket_labels.c.ticket_id).where(
                ticket_labels.c.label == self.label
            )
            found.append(tickets.c.id.in_(labelled))
        if self.regions:
            places = [ticket_regions.c.region.startswith(code) for code in self.regions]
            placed = sa.select(ticket_regions.c.ticket_id).where(sa.or_(*places))
            found.append(tickets.c.id.in_(placed))
        return found


def visible(staff: Staff, *, wide: bool = False) -> sa.ColumnElement[bool]:
    """Give `hotline.staff.sees` as a condition on `tickets` (joined with `ticket_work`).

    The two say the same; a test asks both about every combination. `wide` says it in the way that
    is faster where a large part of all tickets is visible: of each ticket whether it is.
    """
    if not staff.may(May.READ):
        return sa.false()
    named = tickets.c.id.in_(ticket_bars.against(staff))
    if staff.scope.level is Level.NATIONAL:
        return ~named
    places = sa.select(ticket_regions.c.region).where(
        # A country abroad has letters; nobody's scope lies there.
        ticket_regions.c.ticket_id == tickets.c.id,
        ticket_regions.c.region < ":",
    )
    # At or below the level at which the influential person sits; also where nobody knows it. One
    # number for each ticket: of two conditions PostgreSQL would make lists of all tickets first.
    above = ticket_regions.c.region.in_([staff.scope.region[:2], staff.scope.region])
    nearest = places.with_only_columns(sa.func.max(sa.case((above, 1), else_=0))).scalar_subquery()
    near = sa.func.coalesce(nearest, 1) == 1
    mine = each_ours(staff, places) if wide else ours(staff)
    own = sa.and_(tickets.c.conflict_of_interest, near)
    # Said once more in the case: PostgreSQL would else ask it of every open ticket there is.
    hers = sa.case((mine, near_caller(staff)), else_=sa.false())
    return sa.and_(mine, ~own, ~named, ~hers)


def of_view(view: View, staff: Staff, now: float) -> sa.ColumnElement[bool]:
    """Give a view as a condition on `tickets` joined with `ticket_work`.

    Of every view but ALL the tickets are open as well: whoever asks says so once.
    """
    own = sa.select(ticket_work.c.ticket_id).where(ticket_work.c.staff_id == staff.id)
    conditions: Mapping[View, sa.ColumnElement[bool]] = {
        View.MINE: tickets.c.id.in_(sa.union(own.correlate(None), waiting_for(staff.id))),
        View.UNASSIGNED: sa.and_(
            ticket_work.c.staff_id.is_(None), sa.func.coalesce(ticket_work.c.unit, "") == ""
        ),
        View.ESCALATED: now > DUE,
        View.WAITING: sa.and_(
            ticket_work.c.first_answer_at.is_not(None),
            ticket_work.c.next_response_due.is_(None),
        ),
        View.OPEN: sa.true(),
        View.ALL: sa.true(),
    }
    return conditions[view]


def seen(staff: Staff, *columns: Any, wide: bool = False) -> sa.Select[Any]:
    """Begin a query over the tickets somebody may know of, joined with the work on them."""
    joined = tickets.outerjoin(ticket_work, ticket_work.c.ticket_id == tickets.c.id)
    return sa.select(*columns).select_from(joined).where(visible(staff, wide=wide))


def page(
    connection: sa.Connection,
    staff: Staff,
    view: View,
    *,
    now: float,
    offset: int = 0,
    chosen: Filter | None = None,
    where: sa.ColumnElement[bool] | None = None,
) -> list[Line]:
    """Read up to PAGE tickets of a view: the gravest and the soonest due first.

    Among all, the open ones come first, then the others, the newest first.
    """
    # What somebody looks for is few; a whole view may be nearly every ticket there is.
    wide = where is None and is_wide(connection, staff)
    query = seen(staff, tickets.c.id, wide=wide).where(of_view(view, staff, now))
    if view is not View.ALL:
        query = open_only(query)
    if chosen is not None:
        query = query.where(*chosen.conditions())
    if where is not None:
        query = query.where(where)
    read = in_order if where is not None else with_closed if view is View.ALL else gravest
    rows = _rows(connection, read(connection, query, offset))
    heard = _heard(connection, [row.id for row in rows])
    brought = ticket_brought.of_many(connection, {row.id for row in rows} - set(heard))
    named = ticket_bars.of_many(connection, [row.id for row in rows])
    called = set(connection.execute(waiting_for(staff.id)).scalars())
    lines = [_line(row, heard.get(row.id, []), called=row.id in called) for row in rows]
    return [
        replace(
            line,
            conflict=line.conflict or line.id in named,
            channels=line.channels or ((brought[line.id],) if line.id in brought else ()),
        )
        for line in lines
    ]


def _rows(connection: sa.Connection, ids: Sequence[int]) -> list[Any]:
    """Read some tickets in the order of their ids here: sorting whole rows would cost far more."""
    joined = tickets.outerjoin(ticket_work, ticket_work.c.ticket_id == tickets.c.id)
    columns = (
        tickets, ticket_work.c.staff_id, ticket_work.c.unit, LEVEL.label("up"),
        DUE.label("due_at"), WHAT.label("what_is_due"),
    )  # fmt: skip
    query = sa.select(*columns).select_from(joined).where(tickets.c.id.in_(ids))
    rows = {row.id: row for row in connection.execute(query)}
    return [rows[id_] for id_ in ids]


def _heard(connection: sa.Connection, ids: list[int]) -> dict[int, list[tuple[str, float | None]]]:
    """Read over which channels, and when last, the callers of some tickets were heard."""
    rows = connection.execute(
        sa.select(
            ticket_conversations.c.ticket_id, conversations.c.channel, conversations.c.heard_at
        )
        .join(conversations)
        .where(ticket_conversations.c.ticket_id.in_(ids))
    )
    found: dict[int, list[tuple[str, float | None]]] = {}
    for row in rows:
        found.setdefault(row.ticket_id, []).append((row.channel, row.heard_at))
    return found


def _line(row: Any, heard: list[tuple[str, float | None]], *, called: bool) -> Line:
    return Line(
        id=row.id,
        code=row.code,
        category=row.category,
        urgency=row.urgency,
        reasons=tuple(row.reasons),
        state=row.state,
        opened_at=row.opened_at,
        due_at=row.due_at,
        conflict=row.conflict_of_interest,
        anonymous=row.anonymous,
        staff_id=row.staff_id,
        unit=row.unit or "",
        language=row.language,
        heard_at=max((at for _, at in heard if at is not None), default=None),
        channels=tuple(dict.fromkeys(channel for channel, _ in heard)),
        due_what=row.what_is_due,
        level=row.up,
        called=called,
    )


def visible_ids(staff: Staff) -> sa.Select[Any]:
    """Give a query for the ids of all tickets this person may know of."""
    return seen(staff, tickets.c.id)


def known(staff: Staff, ticket_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Say of a column with tickets' ids that this person may know of them.

    Who may know of all is not given a list of a million ids to be looked up in.
    """
    if staff.scope.level is Level.NATIONAL and staff.may(May.READ):
        return ticket_id.not_in(ticket_bars.against(staff))
    return ticket_id.in_(visible_ids(staff))


def find(connection: sa.Connection, staff: Staff, code: str) -> int | None:
    """Find a ticket's id by its code, if this person may know of it."""
    query = seen(staff, tickets.c.id).where(tickets.c.code == code)
    return connection.execute(query).scalar()


def events(connection: sa.Connection, ticket_id: int) -> list[dict[str, Any]]:
    """Read a ticket's log, newest first."""
    query = (
        sa.select(
            ticket_events.c.kind, ticket_events.c.actor, ticket_events.c.details, ticket_events.c.at
        )
        .where(ticket_events.c.ticket_id == ticket_id)
        .order_by(ticket_events.c.id.desc())
    )
    return [dict(row) for row in connection.execute(query).mappings()]
