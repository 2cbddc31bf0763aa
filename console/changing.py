"""The one way in which a page changes a ticket: in a transaction with its line in the audit log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import sqlalchemy as sa
from fastapi import HTTPException, Response
from fastapi.responses import RedirectResponse

from console.desk import Desk
from console.inbox import the_ticket
from hotline.codes import find_code
from hotline.errors import Refused, WrongMove
from hotline.staff import May, Staff, sees
from store import db, ticket_list, ticket_work
from store import staff as accounts
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
            still_seen(connection, session, code)
            work(connection, id_)
            desk.log(connection, session, action, code, **details)
    except (Refused, WrongMove) as error:
        return refused(str(error))
    return RedirectResponse(f"/tickets/{code}{part}", 303)


def still_seen(connection: sa.Connection, session: Session, code: str) -> None:
    """Look again where it is written: a conflict may have been set since the page was asked for."""
    if ticket_list.find(connection, session.staff, code) is None:
        raise HTTPException(404)


def colleague(desk: Desk, connection: sa.Connection, id_: int, login: str) -> Staff:
    """Find who may be given a ticket; raises Refused for anybody else."""
    found = accounts.account(connection, desk.vault.keyring, login)
    if found is None or not found.active or not found.staff.may(May.WRITE):
        raise Refused("nobody who works on tickets has this login name")
    place = ticket_work.place_of(connection, id_)
    # To be given a ticket opens it to who is elsewhere, but to nobody from whom it is kept.
    given = replace(place, staff_id=found.staff.id, unit=found.staff.unit)
    if not sees(found.staff, place if place.conflict else given):
        raise Refused("a conflict of interest keeps this ticket from that person")
    return found.staff


def other_ticket(desk: Desk, session: Session, typed: str) -> tuple[int, str]:
    """Find another ticket as typed; raises Refused also for one outside of the reader's scope."""
    code = find_code(typed) or ""
    try:
        return the_ticket(desk, session, code), code
    except HTTPException:
        raise Refused("not_found") from None
