"""Overdue referrals and follow-ups, and whose they are: listed in the console, told once a week."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import sqlalchemy as sa

from hotline.deadlines import Deadlines
from hotline.escalation import Crew
from hotline.notices import Kind
from hotline.referrals import OPEN
from hotline.staff import May, Role, Staff, sees
from store import notices, ticket_list
from store.console_tables import follow_ups, referrals, staff, ticket_work
from store.tables import tickets
from store.ticket_work import place_of

_MOST = 300
_WEEK = 7 * 86400.0


@dataclass(frozen=True, kw_only=True)
class Item:
    """Something overdue: a referral (open its page) or a follow-up (open its ticket's)."""

    what: str  # referral, follow_up
    id: int
    ticket_id: int
    code: str
    due_at: float
    unit: str  # asked by a referral, or working on the ticket
    staff_id: int | None  # who asked, or who holds the ticket


def is_mine(person: Staff, item: Item) -> bool:
    """Say whether something overdue is somebody's to do.

    A referral is its unit's and whoever asked for it; a follow-up is whose ticket it is, else the
    unit's, else a supervisor's.
    """
    if not person.may(May.REFER):
        return False
    if item.staff_id == person.id or (item.unit and item.unit == person.unit):
        return item.what == "referral" or item.staff_id in {person.id, None}
    nobody = item.what == "follow_up" and item.staff_id is None and not item.unit
    return nobody and person.role is Role.SUPERVISOR


def _referrals(now: float) -> sa.Select[tuple[object, ...]]:
    return (
        sa.select(
            referrals.c.id, referrals.c.ticket_id, tickets.c.code, referrals.c.due_at,
            referrals.c.unit, referrals.c.staff_id,
        )
        .join(tickets, tickets.c.id == referrals.c.ticket_id)
        .where(
            referrals.c.state.in_([state.value for state in OPEN]), referrals.c.due_at < now
        )
        .order_by(referrals.c.due_at)
    )  # fmt: skip


def _follow_ups(now: float) -> sa.Select[tuple[object, ...]]:
    holder = sa.case((staff.c.active, ticket_work.c.staff_id), else_=sa.null())
    joined = (
        follow_ups.join(tickets, tickets.c.id == follow_ups.c.ticket_id)
        .outerjoin(ticket_work, ticket_work.c.ticket_id == tickets.c.id)
        .outerjoin(staff, staff.c.id == ticket_work.c.staff_id)
    )
    return (
        sa.select(
            follow_ups.c.id, follow_ups.c.ticket_id, tickets.c.code, follow_ups.c.due_at,
            sa.func.coalesce(ticket_work.c.unit, "").label("unit"), holder.label("staff_id"),
        )
        .select_from(joined)
        .where(follow_ups.c.done_at.is_(None), follow_ups.c.due_at < now)
        .order_by(follow_ups.c.due_at)
    )  # fmt: skip


def _items(what: str, rows: Iterable[sa.Row[tuple[object, ...]]]) -> list[Item]:
    return [
        Item(
            what=what,
            id=row.id,
            ticket_id=row.ticket_id,
            code=row.code,
            due_at=row.due_at,
            unit=row.unit,
            staff_id=row.staff_id,
        )
        for row in rows
    ]


def mine(connection: sa.Connection, person: Staff, *, now: float) -> list[Item]:
    """List what is overdue and somebody's to do, the longest overdue first."""
    theirs = sa.or_(referrals.c.unit == person.unit, referrals.c.staff_id == person.id)
    asked = _items("referral", connection.execute(_referrals(now).where(theirs).limit(_MOST)))
    seen = ticket_list.known(person, follow_ups.c.ticket_id)
    found = _items("follow_up", connection.execute(_follow_ups(now).where(seen).limit(_MOST)))
    known = [one for one in asked if is_mine(person, one) and _may_know(connection, person, one)]
    known += [one for one in found if is_mine(person, one)]  # the query has looked already
    return sorted(known, key=lambda one: one.due_at)


def _may_know(connection: sa.Connection, person: Staff, item: Item) -> bool:
    place = place_of(connection, item.ticket_id)
    if item.what == "referral" and item.unit == person.unit:
        # Who is asked sees the referral before the ticket, unless too near to who is involved.
        place = replace(place, referred_units=place.referred_units | {item.unit})
    return sees(person, place)


def remind(connection: sa.Connection, everybody: Crew, rules: Deadlines, *, now: float) -> int:
    """Tell the owners of what is overdue, once a week, in working hours or while on duty."""
    duty = {shift.staff_id for shift in everybody.shifts}
    awake = [
        one
        for one in everybody.people
        if one.id in everybody.reachable and (rules.hours.within(now) or one.id in duty)
    ]
    if not awake:
        return 0
    items = _items("referral", connection.execute(_referrals(now)))
    items += _items("follow_up", connection.execute(_follow_ups(now)))
    added = 0
    for item in items:
        owners = [one for one in awake if is_mine(one, item) and _may_know(connection, one, item)]
        owners = [one for one in owners if one.id in duty] or owners
        subject = f"{item.what}:{item.id}:{int((now - item.due_at) // _WEEK)}"
        added += notices.add(
            connection, [one.id for one in owners], Kind.REMINDER, subject, now=now,
            ticket_id=item.ticket_id,
        )  # fmt: skip
    return added
