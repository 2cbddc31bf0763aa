"""Conflicts of interest by hand: what one would do is told first, then it is done and logged."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, HTTPException, Response
from fastapi.responses import RedirectResponse

from console.changing import Work, change
from console.desk import AtDesk, Desk, SignedIn, needs
from console.inbox import the_ticket
from console.ticket_page import page
from hotline.errors import Refused
from hotline.staff import May
from store import db, ticket_conflicts
from store import staff as accounts
from store.staff import Session

router = APIRouter(dependencies=[Depends(needs(May.WRITE))])
_Name = Annotated[str, Form(max_length=32)]
_Reason = Annotated[str, Form(max_length=500)]


@router.post("/tickets/{code}/conflict")
def put(
    desk: AtDesk,
    session: SignedIn,
    code: str,
    of: _Name,
    reason: _Reason = "",
    sure: Annotated[bool, Form()] = False,
) -> Response:
    """Hide a ticket from who is involved; the first time it is only said who loses sight of it."""
    id_ = the_ticket(desk, session, code)
    if not sure:
        return _ask(desk, session, id_, code, of, reason)

    def work(connection: sa.Connection, id_: int) -> None:
        wanted = ticket_conflicts.read(connection, id_, of)
        ticket_conflicts.put(
            connection, desk.vault.keyring, id_, wanted, reason, by=session.staff, now=desk.now()
        )

    return _do(desk, session, code, "conflict_set", work, of=of)


def _ask(desk: Desk, session: Session, id_: int, code: str, of: str, reason: str) -> Response:
    if len(reason.strip()) < ticket_conflicts.SHORTEST:
        return page(desk, session, id_, code, 409, problem="reason")
    try:
        with db.read(desk.vault.engine) as connection:
            wanted = ticket_conflicts.read(connection, id_, of)
            found = ticket_conflicts.effect(connection, id_, wanted, by=session.staff)
            names = {person.id: person.name for person, _, _ in accounts.everybody(connection)}
    except Refused as error:
        return page(desk, session, id_, code, 409, problem=str(error))
    return desk.show(
        "conflict_ask.html", session, code=code, wanted=wanted, effect=found, reason=reason,
        staff_names=names,
    )  # fmt: skip


@router.post("/tickets/{code}/conflict/lift", dependencies=[Depends(needs(May.LIFT_CONFLICT))])
def lift(desk: AtDesk, session: SignedIn, code: str, of: _Name, reason: _Reason = "") -> Response:
    """Lift a conflict; only who stands above it can."""

    def work(connection: sa.Connection, id_: int) -> None:
        ticket_conflicts.lift(
            connection, desk.vault.keyring, id_, of, reason, by=session.staff, now=desk.now()
        )

    return _do(desk, session, code, "conflict_lifted", work, of=of)


def _do(
    desk: Desk, session: Session, code: str, action: str, work: Work, **details: object
) -> Response:
    def refused(problem: str) -> Response:
        return page(desk, session, the_ticket(desk, session, code), code, 409, problem=problem)

    answer = change(desk, session, code, action, work, refused=refused, part="#conflict", **details)
    try:
        the_ticket(desk, session, code)
    except HTTPException:
        return RedirectResponse("/tickets", 303)  # it is out of sight now, as was said before
    return answer
