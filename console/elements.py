"""Unsur TPPO and indikator ILO: responders mark the check lists, and read who marked what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Response
from fastapi.responses import RedirectResponse

from console.desk import AtDesk, SignedIn, needs
from console.findings import Entered
from console.inbox import the_ticket
from console.ticket_page import page
from hotline.elements import ITEMS, Answer
from hotline.errors import Refused
from hotline.staff import May
from store import db, elements, tickets

reading = APIRouter(dependencies=[Depends(needs(May.READ))])
writing = APIRouter(dependencies=[Depends(needs(May.WRITE))])


@reading.get("/tickets/{code}/elements")
def history(desk: AtDesk, session: SignedIn, code: str) -> Response:
    """Show every mark there ever was, with who made it and on what ground."""
    id_ = the_ticket(desk, session, code)
    with db.write(desk.vault.engine) as connection:
        [ticket] = tickets.all_tickets(connection, desk.vault.keyring, code=code)
        marks = elements.marks_of(connection, desk.vault.keyring, id_)
        desk.log(connection, session, "elements_read", code)
    return desk.show("elements.html", session, ticket=ticket, marks=marks[::-1])


@writing.post("/tickets/{code}/elements")
def mark(
    desk: AtDesk,
    session: SignedIn,
    code: str,
    answer: Annotated[list[str] | None, Form()] = None,
    ground: Annotated[str, Form(max_length=1000)] = "",
    seen: Annotated[int, Form(ge=0, le=2**53)] = 0,
) -> Response:
    """Write down the answers that were changed, with the ground that holds for all of them."""
    id_ = the_ticket(desk, session, code)
    wanted = _read(answer or [])
    try:
        with db.write(desk.vault.engine) as connection:
            made = elements.mark(
                connection, desk.vault.keyring, id_, wanted, ground, seen=seen, by=session.staff,
                now=desk.now(),
            )  # fmt: skip
            desk.log(connection, session, "elements_marked", code, items=list(made))
    except Refused as error:
        with db.read(desk.vault.engine) as connection:
            changed = elements.wanted_changes(connection, id_, wanted, seen)
        entered = Entered(answers=changed, ground=ground)
        return page(desk, session, id_, code, 409, problem=str(error), entered=entered)
    return RedirectResponse(f"/tickets/{code}#elements", 303)


def _read(answers: list[str]) -> dict[str, Answer]:
    """Read the form's answers, such as "means.fraud:yes"; 422 for what is not of the lists."""
    read: dict[str, Answer] = {}
    for one in answers:
        item, _, said = one.partition(":")
        if item not in ITEMS or said not in {known.value for known in Answer}:
            raise HTTPException(422)
        read[item] = Answer(said)
    return read
