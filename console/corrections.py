"""Saying what a caller's message really meant, where the bot misread it."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, HTTPException, Response

from console.changing import change
from console.desk import AtDesk, Desk, SignedIn, needs
from console.inbox import the_ticket
from hotline.staff import May
from hotline.understood import INTENTS
from store import corrections, db, overview, ticket_told
from store.languages import load_languages
from store.overview import Line
from store.staff import Session

router = APIRouter(dependencies=[Depends(needs(May.WRITE))])
_Word = Annotated[str, Form(max_length=41)]


@router.get("/tickets/{code}/messages/{message}/meaning")
def ask(desk: AtDesk, session: SignedIn, code: str, message: int) -> Response:
    """Show one message, what the bot took it for, and the list of what it can mean."""
    return _page(desk, session, code, message)


@router.post("/tickets/{code}/messages/{message}/meaning")
def answer(
    desk: AtDesk,
    session: SignedIn,
    code: str,
    message: int,
    intent: _Word = "",
    language: _Word = "",
) -> Response:
    """Propose a correction; without an intent, take back what was proposed."""
    _line(desk, session, code, message)

    def work(connection: sa.Connection, _ticket: int) -> None:
        if not intent:
            corrections.take_back(connection, message)
            return
        corrections.propose(
            connection,
            desk.vault.keyring,
            message,
            intent=intent,
            language=language,
            staff_id=session.staff.id,
            now=desk.now(),
        )

    def refused(problem: str) -> Response:
        return _page(desk, session, code, message, 409, problem=problem)

    return change(
        desk,
        session,
        code,
        "correction_proposed" if intent else "correction_taken_back",
        work,
        refused=refused,
        part=f"#line-in-{message}",
        message=message,
        # What is not of the list is refused; it must not get into the log either.
        **({"intent": intent} if intent in INTENTS else {}),
    )


def _line(desk: Desk, session: Session, code: str, message: int) -> Line:
    """Find a caller's message in the conversations of a ticket; 404 for any other."""
    id_ = the_ticket(desk, session, code)
    with db.read(desk.vault.engine) as connection:
        for each, told in ticket_told.of_ticket(connection, session.staff, id_).items():
            for line in overview.lines(connection, desk.vault.keyring, each):
                if line.id == message and line.inbound and told.shows(line.at):
                    return line
    raise HTTPException(404)


def _page(
    desk: Desk, session: Session, code: str, message: int, status: int = 200, *, problem: str = ""
) -> Response:
    line = _line(desk, session, code, message)
    with db.write(desk.vault.engine) as connection:
        desk.log(connection, session, "ticket_read", code, message=message)
        known = corrections.of_messages(connection, [message])
        words = corrections.text_of(connection, desk.vault.keyring, message)
    return desk.show(
        "meaning.html",
        session,
        status,
        code=code,
        line=line,
        words_of_hers=words,
        known=known[-1] if known else None,
        languages=load_languages().all,
        intents=INTENTS,
        problem=problem,
    )
