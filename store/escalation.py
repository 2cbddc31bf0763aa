"""Late tickets go up, critical ones nobody has taken are told: once each, kept in the log."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from hotline.deadlines import Deadline, Deadlines
from hotline.escalation import Crew, Step, alarmed, next_step
from hotline.notices import EXPIRES, Kind
from hotline.staff import Place
from hotline.tickets import Urgency
from store import notice_ways, notices, roster
from store import staff as accounts
from store.arrivals import insert_ignoring
from store.console_tables import ticket_work
from store.duty_tables import notices as notices_table
from store.tables import tickets
from store.ticket_alarms import RINGS
from store.ticket_deadlines import DUE, OPEN, WAITING, WHAT
from store.ticket_events import add_event, lock
from store.ticket_work import place_of

ACTOR = "clock"  # what the log calls it when nobody but time has acted
_MOST = 200
_JOINED = tickets.outerjoin(ticket_work, ticket_work.c.ticket_id == tickets.c.id)
# A new deadline begins anew, from the unit upwards.
_NEW = sa.or_(ticket_work.c.escalated_due.is_(None), ticket_work.c.escalated_due != DUE)


@dataclass(frozen=True, kw_only=True)
class Late:
    """A ticket past a deadline, and how far it has gone up for it."""

    id: int
    urgency: Urgency
    due: float
    what: Deadline
    step: Step
    since: float | None  # when it went up the last time


def crew(connection: sa.Connection, *, now: float) -> Crew:
    """Read who could be told now."""
    return Crew(
        people=[person for person, active, _ in accounts.everybody(connection) if active],
        shifts=roster.running(connection, now=now),
        reachable=notice_ways.reachable(connection),
    )


def _query(now: float) -> sa.Select[tuple[object, ...]]:
    return (
        sa.select(
            tickets.c.id, tickets.c.urgency, DUE.label("due"), WHAT.label("what"),
            sa.case((_NEW, Step.UNIT.value), else_=ticket_work.c.escalation).label("step"),
            sa.case((_NEW, sa.null()), else_=ticket_work.c.escalated_at).label("since"),
        )
        .select_from(_JOINED)
        .where(
            tickets.c.state.in_(OPEN), now > DUE,
            sa.or_(_NEW, ticket_work.c.escalation < Step.NATIONAL.value),
        )
    )  # fmt: skip


def _read(row: sa.Row[tuple[object, ...]]) -> Late:
    return Late(
        id=row.id,
        urgency=Urgency(row.urgency),
        due=row.due,
        what=Deadline(row.what),
        step=Step(row.step),
        since=row.since,
    )


def due(connection: sa.Connection, rules: Deadlines, *, now: float) -> list[Late]:
    """List the tickets that go up now, the gravest first."""
    grave = sa.case((tickets.c.urgency == Urgency.CRITICAL.value, 0), else_=1)
    first = sa.case((_NEW, 0), else_=1)
    query = _query(now).order_by(first, grave, ticket_work.c.escalated_at, DUE).limit(_MOST)
    found = [_read(row) for row in connection.execute(query)]
    return [one for one in found if _ripe(one, rules, now)]


def _ripe(late: Late, rules: Deadlines, now: float) -> bool:
    return late.since is None or now >= rules.next_step(late.urgency, late.since)


def escalate(
    connection: sa.Connection, late: Late, everybody: Crew, rules: Deadlines, *, now: float
) -> Step | None:
    """Bring one ticket a step up; None when it no longer needs it: somebody was quicker."""
    lock(connection, late.id)
    row = connection.execute(_query(now).where(tickets.c.id == late.id)).first()
    if row is None or not _ripe(late := _read(row), rules, now):
        return None
    place = place_of(connection, late.id)
    found = next_step(everybody, place, late.step)
    if found is None:
        return None
    step, people = found
    values = {"escalation": step.value, "escalated_due": late.due, "escalated_at": now}
    connection.execute(insert_ignoring(connection, ticket_work), {"ticket_id": late.id})
    mine = ticket_work.c.ticket_id == late.id
    connection.execute(sa.update(ticket_work).where(mine).values(values))
    told = notices.add(
        connection, [one.id for one in people], Kind.ESCALATED,
        f"late:{late.id}:{late.due:.0f}:{step.value}", now=now, ticket_id=late.id,
    )  # fmt: skip
    details = {"level": step.name.lower(), "deadline": late.what.value, "notices": told}
    add_event(connection, late.id, "escalated", ACTOR, details, message_id=None, now=now)
    return step


def untold(connection: sa.Connection, *, now: float) -> list[tuple[int, Place]]:
    """List critical tickets that ring, fresh or anew, and of which nobody was told yet."""
    told = sa.select(notices_table.c.ticket_id).where(
        notices_table.c.ticket_id == tickets.c.id, notices_table.c.kind == Kind.CRITICAL.value
    )
    query = (
        sa.select(tickets.c.id)
        .select_from(_JOINED)
        .where(
            RINGS,
            now - EXPIRES < WAITING,
            ~sa.exists(told),
        )
        .order_by(tickets.c.id)
        .limit(_MOST)
    )
    found = connection.execute(query).scalars().all()
    return [(id_, place_of(connection, id_)) for id_ in found]


def alarm(
    connection: sa.Connection, ticket_id: int, place: Place, everybody: Crew, *, now: float
) -> int:
    """Tell its holder and those on duty, else everybody in scope, that a critical ticket waits."""
    people = [one.id for one in alarmed(everybody, place)]
    subject = f"critical:{ticket_id}"
    return notices.add(connection, people, Kind.CRITICAL, subject, now=now, ticket_id=ticket_id)
