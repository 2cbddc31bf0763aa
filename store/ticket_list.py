"""The tickets somebody may see, in views, sorted by risk and deadline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from hotline.staff import Level, May, Staff
from hotline.tickets import OPEN_STATES, Category, State, Urgency
from store.console_tables import referrals, ticket_labels, ticket_regions, ticket_work
from store.tables import conversations, ticket_conversations, ticket_events, tickets
from store.ticket_mentions import waiting_for

PAGE = 50
_OPEN = [state.value for state in OPEN_STATES]
_REFERRED_TO = ("accepted",)  # who was only asked sees no more than the referral


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
    called: bool  # a colleague's note names the reader, who has not looked since


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to; empty parts narrow nothing."""

    category: Category | None = None
    urgency: Urgency | None = None
    state: State | None = None
    label: str = ""

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
        return found


def visible(staff: Staff) -> sa.ColumnElement[bool]:
    """Give `hotline.staff.sees` as a condition on `tickets` (joined with `ticket_work`).

    The two say the same; a test asks both about every combination.
    """
    if not staff.may(May.READ):
        return sa.false()
    if staff.scope.level is Level.NATIONAL:
        return sa.true()
    places = sa.select(ticket_regions.c.region).where(
        # A country abroad has letters; nobody's scope lies there.
        ticket_regions.c.ticket_id == tickets.c.id,
        ticket_regions.c.region < ":",
    )
    inside = sa.exists(places.where(ticket_regions.c.region.startswith(staff.scope.region)))
    ours: list[sa.ColumnElement[bool]] = [inside, ticket_work.c.staff_id == staff.id]
    if staff.unit:
        asked = sa.select(referrals.c.id).where(
            referrals.c.ticket_id == tickets.c.id,
            referrals.c.unit == staff.unit,
            referrals.c.state.in_(_REFERRED_TO),
        )
        ours += [ticket_work.c.unit == staff.unit, sa.exists(asked)]
    # At or below the level at which the influential person sits.
    above = [staff.scope.region[:2], staff.scope.region]
    near = sa.or_(~sa.exists(places), sa.exists(places.where(ticket_regions.c.region.in_(above))))
    return sa.and_(sa.or_(*ours), ~sa.and_(tickets.c.conflict_of_interest, near))


_RANK = sa.case(
    (tickets.c.urgency == Urgency.CRITICAL.value, 0),
    (tickets.c.urgency == Urgency.HIGH.value, 1),
    else_=2,
)
# Until a person has answered, the first deadline counts.
_DUE = sa.case(
    (ticket_work.c.first_answer_at.is_(None), tickets.c.first_response_due),
    else_=sa.func.coalesce(ticket_work.c.next_response_due, ticket_work.c.resolution_due),
)


def _of_view(view: View, staff: Staff, now: float) -> sa.ColumnElement[bool]:
    is_open = tickets.c.state.in_(_OPEN)
    nobody = sa.and_(
        ticket_work.c.staff_id.is_(None), sa.func.coalesce(ticket_work.c.unit, "") == ""
    )
    conditions: Mapping[View, sa.ColumnElement[bool]] = {
        View.MINE: sa.and_(
            is_open,
            sa.or_(ticket_work.c.staff_id == staff.id, tickets.c.id.in_(waiting_for(staff.id))),
        ),
        View.UNASSIGNED: sa.and_(is_open, nobody),
        View.ESCALATED: sa.and_(is_open, sa.or_(ticket_work.c.escalation > 0, now > _DUE)),
        View.WAITING: sa.and_(
            is_open,
            ticket_work.c.first_answer_at.is_not(None),
            ticket_work.c.next_response_due.is_(None),
        ),
        View.OPEN: is_open,
        View.ALL: sa.true(),
    }
    return conditions[view]


def _query(staff: Staff, *columns: Any) -> sa.Select[Any]:
    joined = tickets.outerjoin(ticket_work, ticket_work.c.ticket_id == tickets.c.id)
    return sa.select(*columns).select_from(joined).where(visible(staff))


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
    """Read up to PAGE tickets of a view: the gravest and the soonest due first."""
    query = _query(
        staff,
        tickets,
        ticket_work.c.staff_id,
        ticket_work.c.unit,
        _DUE.label("due_at"),
    ).where(_of_view(view, staff, now))
    if chosen is not None:
        query = query.where(*chosen.conditions())
    if where is not None:
        query = query.where(where)
    query = query.order_by(_RANK, _DUE.nulls_last(), tickets.c.id).offset(offset).limit(PAGE)
    rows = connection.execute(query).all()
    heard = _heard(connection, [row.id for row in rows])
    called = set(connection.execute(waiting_for(staff.id)).scalars())
    return [_line(row, heard.get(row.id, []), called=row.id in called) for row in rows]


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
        called=called,
    )


def counts(connection: sa.Connection, staff: Staff, *, now: float) -> dict[View, int]:
    """Count each view but ALL, in one pass over the open tickets."""
    views = [view for view in View if view is not View.ALL]
    sums = [
        sa.func.coalesce(sa.func.sum(sa.case((_of_view(view, staff, now), 1), else_=0)), 0)
        for view in views
    ]
    row = connection.execute(_query(staff, *sums).where(tickets.c.state.in_(_OPEN))).one()
    return dict(zip(views, (int(number) for number in row), strict=True))


def visible_ids(staff: Staff) -> sa.Select[Any]:
    """Give a query for the ids of all tickets this person may know of."""
    return _query(staff, tickets.c.id)


def find(connection: sa.Connection, staff: Staff, code: str) -> int | None:
    """Find a ticket's id by its code, if this person may know of it."""
    query = _query(staff, tickets.c.id).where(tickets.c.code == code)
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
