"""What the desk sees of retention: what was cleared, what will be soon, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from hotline.retention import NOTICE, Retention, Rule
from hotline.staff import May, Role, Staff
from store.console_tables import staff, ticket_work
from store.crypto import Keyring
from store.erasure_on_request import EVENT as ASKED_FOR
from store.retention import EVENT
from store.retention_due import ended, unhindered, unsettled
from store.tables import ticket_events, tickets
from store.ticket_list import visible

_MOST = 300


@dataclass(frozen=True)
class Kept:
    """How a ticket stands with retention; empty while nothing is near."""

    erased_at: float | None = None
    clears_at: float | None = None
    on_request: bool = False  # it was the caller who asked


@dataclass(frozen=True)
class Soon:
    """A ticket that will be cleared within a month."""

    code: str
    clears_at: float


def kept(
    connection: sa.Connection, keyring: Keyring, rules: Retention, ticket_id: int, *, now: float
) -> Kept:
    """Say when a ticket was cleared, or when it will be if that is within a month."""
    cleared = sa.select(ticket_events.c.at, ticket_events.c.kind).where(
        ticket_events.c.ticket_id == ticket_id, ticket_events.c.kind.in_((EVENT, ASKED_FOR))
    )
    last = connection.execute(cleared.order_by(ticket_events.c.id.desc()).limit(1)).first()
    erased, asked = (last.at, last.kind == ASKED_FOR) if last else (None, False)
    query = _near(rules, now).where(tickets.c.id == ticket_id)
    row = connection.execute(query).first()
    if row is None or unsettled(connection, keyring, [row.id]):
        return Kept(erased_at=erased, on_request=asked)
    return Kept(erased, rules.clears_at(row.ended_at), asked)


def soon(
    connection: sa.Connection, keyring: Keyring, person: Staff, rules: Retention, *, now: float
) -> list[Soon]:
    """List the tickets of one's own that will be cleared within a month, the nearest first.

    A ticket is whose it is, else its unit's, else a supervisor's.
    """
    if not person.may(May.CLOSE):
        return []
    query = _near(rules, now).where(visible(person), _is_owner(person))
    rows = connection.execute(query.order_by(tickets.c.ended_at).limit(_MOST)).all()
    stay = unsettled(connection, keyring, [row.id for row in rows])
    found = [(row, rules.clears_at(row.ended_at)) for row in rows if row.id not in stay]
    return [Soon(row.code, at) for row, at in found if at is not None]


def _near(rules: Retention, now: float) -> sa.Select[tuple[int, str, float]]:
    before = rules.before(Rule.CLOSED, now + NOTICE)
    joined = tickets.outerjoin(ticket_work, ticket_work.c.ticket_id == tickets.c.id).outerjoin(
        staff, staff.c.id == ticket_work.c.staff_id
    )
    due = sa.false() if before is None else ended(before)
    return (
        sa.select(tickets.c.id, tickets.c.code, tickets.c.ended_at)
        .select_from(joined)
        .where(due, unhindered())
    )


def _is_owner(person: Staff) -> sa.ColumnElement[bool]:
    unit = sa.func.coalesce(ticket_work.c.unit, "")
    nobody = sa.or_(ticket_work.c.staff_id.is_(None), staff.c.active.is_(False))
    others = [unit == person.unit] if person.unit else []
    if person.role is Role.SUPERVISOR:
        others.append(unit == "")
    return sa.or_(ticket_work.c.staff_id == person.id, sa.and_(nobody, sa.or_(sa.false(), *others)))
