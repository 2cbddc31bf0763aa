"""Jaga: the duty roster of a week, and who is on duty now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, HTTPException, Query, Response
from fastapi.responses import RedirectResponse

from console.desk import AtDesk, Desk, SignedIn, needs
from console.pages import WIB
from console.units import unit_namer
from hotline.errors import Refused
from hotline.hours import JAKARTA
from hotline.roster import MOST_WEEKS, ZONES, may_roster, moments, near
from hotline.staff import May
from store import db, roster
from store import staff as accounts
from store.regions import load_regions
from store.roster import Wanted
from store.staff import Session

router = APIRouter(dependencies=[Depends(needs(May.READ))])
_FIELDS = ("to", "day", "begins", "ends", "zone", "unit", "where", "weeks")
_Clock = Annotated[str, Form(pattern=r"^\d\d:\d\d$")]
_Name = Annotated[str, Form(max_length=64)]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


@router.get("/roster")
def week(
    desk: AtDesk, session: SignedIn, week: Annotated[str, Query(max_length=10)] = ""
) -> Response:
    """Show one week, and who is on duty now."""
    return _show(desk, session, _day(week) if week else _today(desk))


def _today(desk: Desk) -> date:
    return datetime.fromtimestamp(desk.now(), WIB).date()


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise HTTPException(422) from None


def _show(
    desk: Desk,
    session: Session,
    day: date,
    status: int = 200,
    problem: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response:
    monday, now = _monday(day), desk.now()
    begin = datetime.combine(monday, time(), WIB).timestamp()
    with db.read(desk.vault.engine) as connection:
        shifts = roster.between(connection, session.staff, begin, begin + 7 * 86400)
        running = roster.running(connection, now=now)
        people = _people(connection, session)
        named = unit_namer(connection)
    days = [monday + timedelta(days=number) for number in range(7)]
    return desk.show(
        "roster.html",
        session,
        status,
        days=[(one, [s for s in shifts if _begins_on(s.begins_at, one, monday)]) for one in days],
        running=[one for one in running if near(session.staff, one.region)],
        people=people,
        units=sorted({person.unit for person in people if person.unit}),
        unit_name=named,
        zones=ZONES,
        usual_zone=JAKARTA,
        table=load_regions(),
        today=_today(desk),
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
        problem=problem,
        problem_day=day if typed else None,
        most_weeks=MOST_WEEKS,
        typed={**dict.fromkeys(_FIELDS, ""), **(typed or {})},
        now=now,
    )


def _people(connection: sa.Connection, session: Session) -> list[Any]:
    everybody = accounts.everybody(connection)
    return [p for p, active, _ in everybody if active and may_roster(session.staff, p)]


def _begins_on(at: float, day: date, monday: date) -> bool:
    # A shift that began before this week stands under its first day.
    return max(datetime.fromtimestamp(at, WIB).date(), monday) == day


@router.post("/roster", dependencies=[Depends(needs(May.ASSIGN))])
def add(
    desk: AtDesk,
    session: SignedIn,
    to: _Name,
    day: Annotated[str, Form(max_length=10)],
    begins: _Clock,
    ends: _Clock,
    zone: _Name = JAKARTA,
    unit: _Name = "",
    where: _Name = "",
    weeks: Annotated[int, Form(ge=1, le=MOST_WEEKS)] = 1,
) -> Response:
    """Enter a shift, or one for each of some weeks: all of them or none.

    What cannot be is refused with its day and a reason, and what was typed stays.
    """
    first, clocks = _day(day), _clocks(begins, ends)
    when = first
    try:
        with db.write(desk.vault.engine) as connection:
            region = _region(connection, where, to)
            for week in range(weeks):
                when = first + timedelta(weeks=week)
                begins_at, ends_at = moments(when, *clocks, zone)
                wanted = Wanted(
                    login=to, unit=unit, region=region, begins_at=begins_at, ends_at=ends_at,
                    zone=zone,
                )  # fmt: skip
                made = roster.add(connection, wanted, by=session.staff, now=desk.now())
                desk.log(connection, session, "shift_entered", f"shift {made}", to=to[:24])
    except Refused as error:
        given = (to, day, begins, ends, zone, unit, where, str(weeks))
        typed = dict(zip(_FIELDS, given, strict=True))
        return _show(desk, session, when, 409, str(error), typed)
    return RedirectResponse(f"/roster?week={first}", 303)


def _clocks(begins: str, ends: str) -> tuple[time, time]:
    try:
        return time.fromisoformat(begins), time.fromisoformat(ends)
    except ValueError:
        raise HTTPException(422) from None


def _region(connection: sa.Connection, where: str, login: str) -> str:
    """Read a place as typed; left empty, a shift is for the person's own scope."""
    if where.strip():
        found = load_regions().codes_of(where)
        if len(found) > 1:
            raise Refused("more than one place has this name")
        if not found:
            raise Refused("no province or regency has this name")
        return found[0]
    people = accounts.everybody(connection)
    return next((one.scope.region for one, _, _ in people if one.login == login), "")


@router.post("/roster/{id_}/cancel", dependencies=[Depends(needs(May.ASSIGN))])
def cancel(desk: AtDesk, session: SignedIn, id_: int) -> Response:
    """Take a shift back that is not over."""
    try:
        with db.write(desk.vault.engine) as connection:
            roster.cancel(connection, id_, by=session.staff, now=desk.now())
            desk.log(connection, session, "shift_cancelled", f"shift {id_}")
    except Refused as error:
        return _show(desk, session, _today(desk), 409, str(error))
    return RedirectResponse("/roster", 303)
