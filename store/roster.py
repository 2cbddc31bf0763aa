"""The duty roster: shifts entered by supervisors, and who is on duty at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from hotline.errors import Refused
from hotline.roster import HANDOVER_SECONDS, Shift, check_shift, may_roster, near
from hotline.staff import Staff
from store.console_tables import staff
from store.duty_tables import duty_shifts
from store.staff_rows import person_of

_MOST = 500


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A shift as somebody enters it."""

    login: str
    unit: str
    region: str
    begins_at: float
    ends_at: float
    zone: str


def _query() -> sa.Select[tuple[object, ...]]:
    return (
        sa.select(duty_shifts, staff.c.name)
        .join(staff, staff.c.id == duty_shifts.c.staff_id)
        .where(duty_shifts.c.cancelled_at.is_(None), staff.c.active)
    )


def _read(rows: Sequence[sa.Row[tuple[object, ...]]]) -> list[Shift]:
    return [
        Shift(
            id=row.id,
            staff_id=row.staff_id,
            name=row.name,
            unit=row.unit,
            region=row.region,
            begins_at=row.begins_at,
            ends_at=row.ends_at,
            zone=row.zone,
        )
        for row in rows
    ]


def running(connection: sa.Connection, *, now: float) -> list[Shift]:
    """Read the shifts that run now."""
    query = _query().where(duty_shifts.c.begins_at <= now, duty_shifts.c.ends_at > now)
    return _read(connection.execute(query.order_by(duty_shifts.c.ends_at)).all())


def between(connection: sa.Connection, reader: Staff, begin: float, end: float) -> list[Shift]:
    """Read the shifts of a stretch of time that concern somebody."""
    query = _query().where(duty_shifts.c.begins_at < end, duty_shifts.c.ends_at > begin)
    ordered = query.order_by(duty_shifts.c.begins_at, staff.c.name).limit(_MOST)
    found = _read(connection.execute(ordered).all())
    return [one for one in found if near(reader, one.region) or one.staff_id == reader.id]


def own(connection: sa.Connection, staff_id: int, *, now: float) -> Shift | None:
    """Find the shift somebody is in, or has just ended and may still write the note of."""
    query = _query().where(
        duty_shifts.c.staff_id == staff_id,
        duty_shifts.c.begins_at <= now,
        duty_shifts.c.ends_at > now - HANDOVER_SECONDS,
    )
    found = _read(connection.execute(query.order_by(duty_shifts.c.ends_at.desc())).all())
    return next((one for one in found if one.holds(now)), found[0] if found else None)


def on_duty(connection: sa.Connection, staff_id: int, *, now: float) -> bool:
    """Say whether somebody is on duty now."""
    return any(one.staff_id == staff_id for one in running(connection, now=now))


def add(connection: sa.Connection, wanted: Wanted, *, by: Staff, now: float) -> int:
    """Enter a shift; raises Refused when it cannot be, or is not this supervisor's to enter."""
    query = sa.select(staff).where(staff.c.login == wanted.login.strip().lower(), staff.c.active)
    if connection.dialect.name == "postgresql":
        query = query.with_for_update()  # two who enter at once must not both miss the overlap
    row = connection.execute(query).first()
    person = person_of(row) if row else None
    if person is None or not may_roster(by, person):
        raise Refused("nobody of your scope has this name")
    if not wanted.region.startswith(by.scope.region):
        raise Refused("a shift lies within your own scope")
    theirs = sa.select(duty_shifts.c.begins_at, duty_shifts.c.ends_at).where(
        duty_shifts.c.staff_id == person.id,
        duty_shifts.c.cancelled_at.is_(None),
        duty_shifts.c.ends_at > wanted.begins_at,
    )
    others = [(begin, end) for begin, end in connection.execute(theirs)]
    check_shift(wanted.begins_at, wanted.ends_at, others, now=now)
    values = {
        "staff_id": person.id, "unit": wanted.unit, "region": wanted.region, "zone": wanted.zone,
        "begins_at": wanted.begins_at, "ends_at": wanted.ends_at, "entered_by": by.id, "at": now,
    }  # fmt: skip
    made = connection.execute(sa.insert(duty_shifts).returning(duty_shifts.c.id), values)
    return int(made.scalar_one())


def cancel(connection: sa.Connection, shift_id: int, *, by: Staff, now: float) -> None:
    """Take a shift back that is not over; raises Refused for another's or an old one."""
    query = sa.select(staff, duty_shifts.c.ends_at, duty_shifts.c.cancelled_at).join(
        duty_shifts, duty_shifts.c.staff_id == staff.c.id
    )
    row = connection.execute(query.where(duty_shifts.c.id == shift_id)).first()
    if row is None or not may_roster(by, person_of(row)):
        raise Refused("nobody of your scope has this shift")
    if row.ends_at <= now or row.cancelled_at is not None:
        raise Refused("this shift is over or was taken back already")
    mine = duty_shifts.c.id == shift_id
    connection.execute(sa.update(duty_shifts).where(mine).values(cancelled_at=now))
