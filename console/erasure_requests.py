"""A caller's wish to have her report cleared, as she says it to a person; and its taking back."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, Response

from console.changing import change
from console.desk import AtDesk, SignedIn, needs
from console.inbox import the_ticket
from console.ticket_page import page
from hotline.staff import May
from store import erasure_requests

router = APIRouter(dependencies=[Depends(needs(May.WRITE))])


@router.post("/tickets/{code}/erasure-request")
def ask(
    desk: AtDesk,
    session: SignedIn,
    code: str,
    how: Annotated[str, Form(max_length=500)] = "",
    cancelled: Annotated[bool, Form()] = False,
) -> Response:
    """Write down that a caller asks to be forgotten, or that the wish was taken back."""

    def work(connection: sa.Connection, id_: int) -> None:
        erasure_requests.note(
            connection, desk.vault.keyring, id_, how, cancelled=cancelled, by=session.staff,
            now=desk.now(),
        )  # fmt: skip

    def refused(problem: str) -> Response:
        return page(desk, session, the_ticket(desk, session, code), code, 409, problem=problem)

    action = "erasure_cancelled" if cancelled else "erasure_asked"
    return change(desk, session, code, action, work, refused=refused, part="#erasure")
