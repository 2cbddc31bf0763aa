"""Pantauan: who came home is asked after, and what came of it is written down."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Response
from fastapi.responses import RedirectResponse

from console import reading_log
from console.desk import AtDesk, Desk, SignedIn, needs
from console.inbox import the_ticket
from console.referrals import wishes_of
from hotline.errors import Refused
from hotline.follow_ups import Standing, Topic
from hotline.staff import May
from hotline.tickets import State
from store import db, follow_up_plan, follow_ups, next_owner, ticket_work, tickets
from store.staff import Session

router = APIRouter(dependencies=[Depends(needs(May.READ))])
_Word = Annotated[str, Form(max_length=16)]
_AFTER = frozenset({State.RESOLVED, State.CLOSED})


@router.get("/follow-ups")
def overview(desk: AtDesk, session: SignedIn) -> Response:
    """List who is to be asked after, the longest overdue first."""
    with db.read(desk.vault.engine) as connection:
        lines = follow_ups.waiting(connection, session.staff, now=desk.now())
    return desk.show("follow_ups.html", session, lines=lines)


@router.get("/tickets/{code}/follow-ups")
def of_ticket(desk: AtDesk, session: SignedIn, code: str) -> Response:
    """Show a ticket's follow-ups; the checklist of the first open one is a form."""
    return _show(desk, session, code)


def _show(
    desk: Desk, session: Session, code: str, status: int = 200, problem: str = "", typed: str = ""
) -> Response:
    id_ = the_ticket(desk, session, code)
    reading_log.note(desk, session, code)
    keyring = desk.vault.keyring
    with db.write(desk.vault.engine) as connection:
        [ticket] = tickets.all_tickets(connection, keyring, code=code)
        lines = follow_ups.of_ticket(connection, keyring, id_, now=desk.now())
        work = ticket_work.work_of(connection, id_)
        named = next_owner.read(connection, keyring, id_)
        if any(line.done_at for line in lines):
            desk.log(connection, session, "follow_ups_read", code)
    return desk.show(
        "ticket_follow_ups.html",
        session,
        status,
        ticket=ticket,
        lines=lines,
        work=work,
        next_owner=named,
        wishes=wishes_of(ticket.known()),
        topics=list(Topic),
        standings=list(Standing),
        can_plan=not lines and ticket.state in _AFTER and session.staff.may(May.CLOSE),
        can_answer=session.staff.may(May.CLOSE),
        open_id=next((line.id for line in lines if line.done_at is None), None),
        problem=problem,
        typed=typed,
    )


@router.post("/tickets/{code}/follow-ups", dependencies=[Depends(needs(May.CLOSE))])
def plan(desk: AtDesk, session: SignedIn, code: str) -> Response:
    """Start asking after somebody whose ticket is resolved; closing as safely home does it too."""
    id_ = the_ticket(desk, session, code)
    with db.write(desk.vault.engine) as connection:
        [ticket] = tickets.all_tickets(connection, desk.vault.keyring, code=code)
        if ticket.state not in _AFTER:
            raise HTTPException(409)
        follow_up_plan.plan(connection, id_, actor=session.staff.login, now=desk.now())
        desk.log(connection, session, "follow_ups_planned", code)
    return RedirectResponse(f"/tickets/{code}/follow-ups", 303)


@router.post("/tickets/{code}/follow-ups/{which}", dependencies=[Depends(needs(May.CLOSE))])
def record(
    desk: AtDesk,
    session: SignedIn,
    code: str,
    which: int,
    housing: _Word = "",
    health: _Word = "",
    income: _Word = "",
    school: _Word = "",
    case: _Word = "",
    restitution: _Word = "",
    threats: _Word = "",
    note: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Write down what came of one asking-after."""
    id_ = the_ticket(desk, session, code)
    keyring, now = desk.vault.keyring, desk.now()
    answers: dict[str, str] = {
        Topic.HOUSING: housing, Topic.HEALTH: health, Topic.INCOME: income, Topic.SCHOOL: school,
        Topic.LEGAL: case, Topic.RESTITUTION: restitution, Topic.THREATS: threats,
    }  # fmt: skip
    try:
        with db.write(desk.vault.engine) as connection:
            lines = follow_ups.of_ticket(connection, keyring, id_, now=now)
            if which not in {line.id for line in lines}:
                raise HTTPException(404)
            follow_ups.record(connection, keyring, which, answers, note, by=session.staff, now=now)
            desk.log(connection, session, "followed_up", code, follow_up=which)
    except Refused as error:
        return _show(desk, session, code, 409, str(error), note)
    return RedirectResponse(f"/tickets/{code}/follow-ups", 303)
