"""Referrals in lists: what a unit was asked, what it asked of others, and who may know of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import sqlalchemy as sa

from hotline.referrals import OPEN, ReferralState, is_overdue
from hotline.staff import May, Place, Staff, sees
from store import ticket_list, ticket_work
from store.console_tables import referrals
from store.tables import tickets

_MOST = 200


@dataclass(frozen=True, kw_only=True)
class Line:
    """A referral in a list: nothing that was told."""

    id: int
    ticket_id: int
    code: str
    category: str
    urgency: str
    unit: str
    service: str
    state: ReferralState
    due_at: float | None
    at: float
    overdue: bool


def sides(connection: sa.Connection, person: Staff, line: Line) -> tuple[bool, bool]:
    """Say whether somebody stands on the asking and on the asked side; neither means: unknown."""
    place = ticket_work.place_of(connection, line.ticket_id)
    asking = sees(person, replace(place, referred_units=frozenset()))
    return asking, _is_asked(person, line.unit, place)


def _is_asked(person: Staff, unit: str, place: Place) -> bool:
    return person.unit == unit and sees(person, replace(place, referred_units=frozenset({unit})))


def _query() -> sa.Select[tuple[object, ...]]:
    return sa.select(referrals, tickets.c.code, tickets.c.category, tickets.c.urgency).select_from(
        referrals.join(tickets, tickets.c.id == referrals.c.ticket_id)
    )


def _line(row: sa.Row[tuple[object, ...]], now: float) -> Line:
    state = ReferralState(row.state)
    return Line(
        id=row.id,
        ticket_id=row.ticket_id,
        code=row.code,
        category=row.category,
        urgency=row.urgency,
        unit=row.unit,
        service=row.service,
        state=state,
        due_at=row.due_at,
        at=row.at,
        overdue=is_overdue(state, row.due_at, now),
    )


_FIRST_OPEN = sa.case((referrals.c.state.in_([state.value for state in OPEN]), 0), else_=1)


def incoming(connection: sa.Connection, person: Staff, *, now: float) -> list[Line]:
    """List what somebody's unit was asked, open ones and the soonest due first."""
    if not person.unit or not person.may(May.READ):
        return []
    query = _query().where(referrals.c.unit == person.unit)
    query = query.order_by(_FIRST_OPEN, referrals.c.due_at.nulls_last(), referrals.c.id.desc())
    lines = [_line(row, now) for row in connection.execute(query.limit(_MOST))]
    return [
        line
        for line in lines
        if _is_asked(person, line.unit, ticket_work.place_of(connection, line.ticket_id))
    ]


def outgoing(connection: sa.Connection, person: Staff, *, now: float) -> list[Line]:
    """List what other units were asked about tickets somebody sees anyway."""
    query = _query().where(
        ticket_list.known(person, referrals.c.ticket_id), referrals.c.unit != person.unit
    )
    query = query.order_by(_FIRST_OPEN, referrals.c.due_at.nulls_last(), referrals.c.id.desc())
    return [_line(row, now) for row in connection.execute(query.limit(_MOST))]


def of_ticket(connection: sa.Connection, ticket_id: int, *, now: float) -> list[Line]:
    """List a ticket's referrals, newest first."""
    query = _query().where(referrals.c.ticket_id == ticket_id).order_by(referrals.c.id.desc())
    return [_line(row, now) for row in connection.execute(query)]


def find(connection: sa.Connection, referral_id: int, *, now: float) -> Line | None:
    """Find one referral; whether the reader may know of it is for `sides` to say."""
    row = connection.execute(_query().where(referrals.c.id == referral_id)).first()
    return None if row is None else _line(row, now)
