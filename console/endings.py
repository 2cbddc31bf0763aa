"""The second person's word on ending a critical ticket without an outcome."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, Response

from console.changing import change
from console.desk import AtDesk, SignedIn, needs
from console.inbox import the_ticket
from console.ticket_page import page
from hotline.staff import May
from store import endings

router = APIRouter(dependencies=[Depends(needs(May.WRITE))])


class Answer(StrEnum):
    """What can be said to a proposal."""

    CONFIRM = "confirm"
    DECLINE = "decline"


@router.post("/tickets/{code}/ending")
def ending(
    desk: AtDesk,
    session: SignedIn,
    code: str,
    answer: Annotated[Answer, Form()],
    proposal: Annotated[int, Form(ge=1, lt=2**63)],
) -> Response:
    """End a ticket as a colleague proposed, or keep it open."""
    say = {Answer.CONFIRM: endings.confirm, Answer.DECLINE: endings.decline}[answer]

    def work(connection: sa.Connection, id_: int) -> None:
        say(connection, id_, proposal, by=session.staff, now=desk.now())

    def refused(problem: str) -> Response:
        return page(desk, session, the_ticket(desk, session, code), code, 409, problem=problem)

    action = {Answer.CONFIRM: "ending_confirmed", Answer.DECLINE: "ending_declined"}[answer]
    return change(desk, session, code, action, work, refused=refused, part="#ending")
