"""Serah terima: the note from one shift to the next, with what was burning at that moment."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from console.desk import AtDesk, Desk, SignedIn, needs
from hotline.errors import Refused
from hotline.staff import May
from store import db, endings, handover, reminders, retention_ahead, roster
from store.staff import Session

router = APIRouter(dependencies=[Depends(needs(May.READ))])


@router.get("/handover")
def notes(desk: AtDesk, session: SignedIn) -> Response:
    """Show the notes of the last two weeks, and the form to whoever is or was just on duty."""
    return _show(desk, session)


def _show(
    desk: Desk, session: Session, status: int = 200, problem: str = "", typed: str = ""
) -> Response:
    now, keyring = desk.now(), desk.vault.keyring
    with db.write(desk.vault.engine) as connection:
        found = handover.latest(connection, keyring, session.staff, now=now)
        mine = roster.own(connection, session.staff.id, now=now)
        burning = handover.burning(connection, session.staff, now=now) if mine else []
        if found:
            desk.log(connection, session, "handovers_read", "handovers", notes=len(found))
    return desk.show(
        "handover.html", session, status, notes=found, shift=mine, burning=burning,
        longest=handover.LONGEST, problem=problem, typed=typed,
    )  # fmt: skip


@router.post("/handover", dependencies=[Depends(needs(May.WRITE))])
def write(desk: AtDesk, session: SignedIn, text: Annotated[str, Form(max_length=8000)]) -> Response:
    """Write the note of one's own shift; what was written is not lost when it is refused."""
    now = desk.now()
    try:
        with db.write(desk.vault.engine) as connection:
            shift = roster.own(connection, session.staff.id, now=now)
            made = handover.write(
                connection, desk.vault.keyring, shift, text, by=session.staff, now=now
            )
            desk.log(connection, session, "handover_written", f"handover {made}")
    except Refused as error:
        return _show(desk, session, 409, str(error), text)
    return RedirectResponse("/handover", 303)


@router.post("/handover/{id_}/read", dependencies=[Depends(needs(May.WRITE))])
def acknowledge(desk: AtDesk, session: SignedIn, id_: int) -> Response:
    """Say that one has read a note and takes over."""
    try:
        with db.write(desk.vault.engine) as connection:
            handover.acknowledge(connection, id_, by=session.staff, now=desk.now())
            desk.log(connection, session, "handover_acknowledged", f"handover {id_}")
    except Refused as error:
        return _show(desk, session, 409, str(error))
    return RedirectResponse("/handover", 303)


@router.get("/reminders")
def overdue(desk: AtDesk, session: SignedIn) -> Response:
    """List what is overdue and one's own to do, what waits for one's word, what is cleared soon."""
    now, rules = desk.now(), desk.settings.retention
    with db.read(desk.vault.engine) as connection:
        items = reminders.mine(connection, session.staff, now=now)
        soon = retention_ahead.soon(connection, desk.vault.keyring, session.staff, rules, now=now)
        proposals = endings.waiting(connection, session.staff)
    return desk.show(
        "reminders.html", session, items=items, soon=soon, proposals=proposals, now=now
    )
