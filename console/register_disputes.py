"""Noting at the desk that an entry of the register is disputed, and withdrawing it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from console.desk import AtDesk, Desk, SignedIn
from console.knowledge_edit import editor
from console.pages import WIB
from console.register import page
from hotline.errors import Refused
from hotline.register import Match, Recruiter
from store import db, disputes
from store.register.checking import RegisterIndex
from store.staff import Session

router = APIRouter(dependencies=[Depends(editor)])
_Told = Annotated[str, Form(max_length=1000)]


@router.post("/register/disputes")
def note(
    desk: AtDesk,
    session: SignedIn,
    entry: Annotated[str, Form(max_length=200)] = "",
    reason: _Told = "",
    source: _Told = "",
) -> Response:
    """Note that the entry of a licence number, or of a name, is disputed."""

    def work(connection: sa.Connection) -> int:
        return disputes.note(
            connection, desk.vault.keyring, _entry(connection, desk, entry), reason=reason,
            source=source, by=session.staff.id, now=desk.now(),
        )  # fmt: skip

    return _do(desk, session, "register_disputed", work, entry)


@router.post("/register/disputes/{which}/withdraw")
def withdraw(desk: AtDesk, session: SignedIn, which: int) -> Response:
    """End a dispute: callers get the plain answer again."""

    def work(connection: sa.Connection) -> int:
        disputes.withdraw(connection, which, by=session.staff.id, now=desk.now())
        return which

    return _do(desk, session, "dispute_withdrawn", work, "")


def _entry(connection: sa.Connection, desk: Desk, entry: str) -> Recruiter:
    """Find the one entry that is meant, as a caller's check would."""
    today = datetime.fromtimestamp(desk.now(), WIB).date()
    found = RegisterIndex.load(connection).check(entry.strip(), today=today)
    if found.match is not Match.EXACT or found.recruiter is None:
        raise Refused("this names no single entry of the register")
    return found.recruiter


def _do(
    desk: Desk, session: Session, action: str, work: Callable[[sa.Connection], int], entry: str
) -> Response:
    try:
        with db.write(desk.vault.engine) as connection:
            made = work(connection)
            desk.log(connection, session, action, f"dispute/{made}")
    except Refused as error:
        return page(desk, session, entry or None, 409, problem=str(error))
    return RedirectResponse("/register#disputes", 303)
