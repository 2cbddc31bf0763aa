"""The one way in which a page changes a ticket: in a transaction with its line in the audit log."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from fastapi import HTTPException, Response
from fastapi.responses import RedirectResponse

from console.desk import Desk
from console.inbox import the_ticket
from hotline.codes import find_code
from hotline.errors import Refused, WrongMove
from store import db
from store.staff import Session

Work = Callable[[sa.Connection, int], None]


def change(
    desk: Desk,
    session: Session,
    code: str,
    action: str,
    work: Work,
    *,
    refused: Callable[[str], Response],
    part: str = "",
    **details: object,
) -> Response:
    """Change a ticket, log it, and lead to `part` of its page.

    What the store refuses, `refused` shows; it gets the reason.
    """
    id_ = the_ticket(desk, session, code)
    try:
        with db.write(desk.vault.engine) as connection:
            work(connection, id_)
            desk.log(connection, session, action, code, **details)
    except (Refused, WrongMove) as error:
        return refused(str(error))
    return RedirectResponse(f"/tickets/{code}{part}", 303)


def other_ticket(desk: Desk, session: Session, typed: str) -> tuple[int, str]:
    """Find another ticket as typed; raises Refused also for one outside of the reader's scope."""
    code = find_code(typed) or ""
    try:
        return the_ticket(desk, session, code), code
    except HTTPException:
        raise Refused("not_found") from None
