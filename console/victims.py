"""Korban: the people whom a ticket concerns are written down, changed, and marked as a mistake."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, HTTPException, Response
from fastapi.responses import RedirectResponse

from console.desk import AtDesk, Desk, SignedIn, needs
from console.findings import CHOICES, Entered
from console.inbox import the_ticket
from console.ticket_page import page
from hotline.errors import Refused
from hotline.staff import May
from hotline.victims import Condition, Details, Minor, Relation, Sex
from store import db, tickets, victims
from store.staff import Session
from store.victims import Victim

reading = APIRouter(dependencies=[Depends(needs(May.READ))])
writing = APIRouter(dependencies=[Depends(needs(May.WRITE))])
_Had = Annotated[int, Form(ge=0, le=1_000_000)]


def typed_details(
    name: Annotated[str, Form(max_length=400)] = "",
    relation: Annotated[Relation, Form()] = Relation.UNKNOWN,
    sex: Annotated[Sex, Form()] = Sex.UNKNOWN,
    age: Annotated[str, Form(max_length=8)] = "",
    minor: Annotated[Minor, Form()] = Minor.UNKNOWN,
    whereabouts: Annotated[str, Form(max_length=800)] = "",
    condition: Annotated[Condition, Form()] = Condition.UNKNOWN,
) -> Details:
    """Read the form of somebody concerned; an age that is no number is not taken."""
    years = age.strip()
    if years and not (years.isascii() and years.isdigit()):
        raise HTTPException(422)
    return Details(
        name=name, relation=relation, sex=sex, age=int(years) if years else None, minor=minor,
        whereabouts=whereabouts, condition=condition,
    )  # fmt: skip


_Typed = Annotated[Details, Depends(typed_details)]


@writing.post("/tickets/{code}/victims")
def add(desk: AtDesk, session: SignedIn, code: str, typed: _Typed) -> Response:
    """Write somebody down."""
    id_ = the_ticket(desk, session, code)
    try:
        with db.write(desk.vault.engine) as connection:
            made = victims.add(
                connection, desk.vault.keyring, id_, typed, by=session.staff, now=desk.now()
            )
            desk.log(connection, session, "victim_added", code, victim=made)
    except Refused as error:
        entered = Entered(person=typed)
        return page(desk, session, id_, code, 409, problem=str(error), entered=entered)
    return RedirectResponse(f"/tickets/{code}#victims", 303)


@reading.get("/tickets/{code}/victims/{which}")
def show(desk: AtDesk, session: SignedIn, code: str, which: int) -> Response:
    """Show one of them with every version; that it was read is logged."""
    return _show(desk, session, code, which)


def _show(
    desk: Desk,
    session: Session,
    code: str,
    which: int,
    status: int = 200,
    *,
    problem: str = "",
    typed: Details | None = None,
    reason: str = "",
) -> Response:
    id_ = the_ticket(desk, session, code)
    with db.write(desk.vault.engine) as connection:
        [ticket] = tickets.all_tickets(connection, desk.vault.keyring, code=code)
        victim = _find(connection, desk, id_, which)
        desk.log(connection, session, "victim_read", code, victim=which)
    return desk.show(
        "victim.html",
        session,
        status,
        ticket=ticket,
        victim=victim,
        typed=typed or victim.now.details,
        reason=reason,
        problem=problem,
        choices=CHOICES,
    )


def _find(connection: sa.Connection, desk: Desk, ticket_id: int, which: int) -> Victim:
    """Find somebody of this ticket; another ticket's people are not found."""
    people = victims.of_ticket(connection, desk.vault.keyring, ticket_id)
    found = next((one for one in people if one.id == which), None)
    if found is None:
        raise HTTPException(404)
    return found


@writing.post("/tickets/{code}/victims/{which}")
def change(
    desk: AtDesk, session: SignedIn, code: str, which: int, typed: _Typed, had: _Had = 0
) -> Response:
    """Change what is known of somebody; what was there before stays readable."""
    id_ = the_ticket(desk, session, code)
    try:
        with db.write(desk.vault.engine) as connection:
            _find(connection, desk, id_, which)
            victims.change(
                connection, desk.vault.keyring, id_, which, typed, had=had, by=session.staff,
                now=desk.now(),
            )  # fmt: skip
            desk.log(connection, session, "victim_changed", code, victim=which)
    except Refused as error:
        return _show(desk, session, code, which, 409, problem=str(error), typed=typed)
    return RedirectResponse(f"/tickets/{code}/victims/{which}", 303)


@writing.post("/tickets/{code}/victims/{which}/mistake")
def mistake(
    desk: AtDesk,
    session: SignedIn,
    code: str,
    which: int,
    mistaken: Annotated[bool, Form()],
    reason: Annotated[str, Form(max_length=500)] = "",
    had: _Had = 0,
) -> Response:
    """Say that somebody was entered by mistake, or was none after all; with a reason."""
    id_ = the_ticket(desk, session, code)
    try:
        with db.write(desk.vault.engine) as connection:
            _find(connection, desk, id_, which)
            victims.mark(
                connection, desk.vault.keyring, id_, which, reason, mistaken=mistaken, had=had,
                by=session.staff, now=desk.now(),
            )  # fmt: skip
            action = "victim_mistaken" if mistaken else "victim_restored"
            desk.log(connection, session, action, code, victim=which)
    except Refused as error:
        return _show(desk, session, code, which, 409, problem=str(error), reason=reason)
    return RedirectResponse(f"/tickets/{code}/victims/{which}", 303)
