"""Buka tiket: a responder writes down what somebody tells by telephone, in person or by letter."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, HTTPException, Response
from fastapi.responses import RedirectResponse

from console.changing import change
from console.desk import AtDesk, Desk, SignedIn, needs
from console.inbox import the_ticket
from console.intake_form import LONGEST, RULES, SIGNS, Typed, Wrong, read
from console.ticket_page import page
from hotline.intake import Brought
from hotline.staff import May
from hotline.tickets import Category, Urgency
from store import db, ticket_intake, ticket_list
from store.languages import load_languages
from store.staff import Session

router = APIRouter()


@router.get("/intake", dependencies=[Depends(needs(May.OPEN))])
def form(desk: AtDesk, session: SignedIn) -> Response:
    """Show the empty form."""
    return _form(desk, session, Typed(keep="true"))


def _form(
    desk: Desk, session: Session, typed: Typed, wrong: Wrong | None = None, status: int = 200
) -> Response:
    return desk.show(
        "intake.html",
        session,
        status,
        typed=typed,
        wrong=wrong or {},
        hows=list(Brought),
        categories=list(Category),
        urgencies=list(Urgency),
        signs=SIGNS,
        rules=RULES,
        languages=load_languages().all,
        longest=LONGEST,
        mark=desk.once.new(),
    )


@router.post("/intake", dependencies=[Depends(needs(May.OPEN))])
def opened(
    desk: AtDesk,
    session: SignedIn,
    typed: Annotated[Typed, Form()],
) -> Response:
    """Open the ticket and show its code and key, to be told to the caller; or what is wrong."""
    told, wrong = read(typed)
    if told is None:
        return _form(desk, session, typed, wrong, 422)
    if not desk.once.use(typed.mark):
        return RedirectResponse("/tickets?view=mine", 303)  # a second click on the same form
    try:
        with db.write(desk.vault.engine) as connection:
            made = ticket_intake.open_ticket(
                connection, desk.vault.keyring, told, by=session.staff, keep=bool(typed.keep),
                now=desk.now(),
            )  # fmt: skip
            desk.log(
                connection, session, "ticket_opened", made.code, channel=told.brought.value,
                category=told.category.value, urgency=told.urgency.value,
            )  # fmt: skip
            seen = ticket_list.find(connection, session.staff, made.code) is not None
    except BaseException:
        desk.once.free(typed.mark)
        raise
    return desk.show("intake_done.html", session, made=made, seen=seen, told=told)


@router.post("/tickets/{code}/contacted", dependencies=[Depends(needs(May.REPLY))])
def contacted(
    desk: AtDesk,
    session: SignedIn,
    code: str,
    how: Annotated[str, Form(max_length=12)] = "",
    said: Annotated[str, Form(max_length=4000)] = "",
) -> Response:
    """Note that one spoke with the caller outside of the console."""
    try:
        brought = Brought(how)
    except ValueError:
        raise HTTPException(422) from None

    def work(connection: sa.Connection, id_: int) -> None:
        ticket_intake.contacted(
            connection, desk.vault.keyring, id_, brought, said, by=session.staff, now=desk.now()
        )

    def refused(problem: str) -> Response:
        return page(desk, session, the_ticket(desk, session, code), code, 409, problem=problem)

    return change(
        desk, session, code, "caller_contacted", work, refused=refused, part="#notes",
        channel=brought.value,
    )  # fmt: skip
