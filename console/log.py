"""Log: who read, changed and took away what, for auditors and for who leads a level."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from console import reading_log
from console.desk import AtDesk, SignedIn, needs
from hotline.codes import find_code
from hotline.staff import May
from store import audit_reading, db
from store import staff as accounts
from store.audit_reading import PAGE, Asked, Kind

router = APIRouter(dependencies=[Depends(needs(May.READ_LOG))])
_Word = Annotated[str, Query(max_length=64)]


@router.get("/log")
def show(
    desk: AtDesk,
    session: SignedIn,
    kind: Kind = Kind.ALL,
    actor: _Word = "",
    about: _Word = "",
    before: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
) -> Response:
    """Show a page of the log, newest first; that it was read stands in it too."""
    reading_log.note(desk, session, "log", "log_read")
    typed = about.strip()
    asked = Asked(kind, actor.strip().lower(), find_code(typed) or typed, before)
    with db.read(desk.vault.engine) as connection:
        lines = audit_reading.page(connection, session.staff, asked)
        names = {person.login: person.name for person, _, _ in accounts.everybody(connection)}
    return desk.show(
        "log.html", session, lines=lines, names=names, asked=asked, kinds=list(Kind),
        more=len(lines) == PAGE,
    )  # fmt: skip
