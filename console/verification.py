"""Periksa data: the data officer's queues, decisions and their history."""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, Query, Request, Response

from console import fresh
from console.changing import Work, change, other_ticket
from console.desk import AtDesk, Desk, SignedIn, address_of, needs
from console.inbox import the_ticket
from console.reading_log import note
from hotline.errors import Refused
from hotline.staff import May
from hotline.tickets import Clearing, Verification
from store import (
    attachment_files,
    db,
    similar,
    ticket_links,
    ticket_list,
    tickets,
    trackers,
    verification,
)
from store import staff as accounts
from store.erasure_on_request import erase_on_request
from store.staff import Session
from store.verification import PAGE, Queue

router = APIRouter(dependencies=[Depends(needs(May.VERIFY))])
_Reason = Annotated[str, Form(max_length=500)]


@router.get("/verification")
def queues(
    desk: AtDesk,
    session: SignedIn,
    queue: Queue = Queue.VERIFY,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """Show one queue, the oldest ticket first."""
    with db.read(desk.vault.engine) as connection:
        lines = verification.queue(connection, session.staff, queue, offset=offset)
    return desk.show(
        "verification.html", session, queue=queue, queues=list(Queue), lines=lines,
        offset=offset, size=PAGE, more_lines=len(lines) == PAGE,
    )  # fmt: skip


@router.get("/tickets/{code}/verification")
def of_ticket(desk: AtDesk, session: SignedIn, code: str) -> Response:
    """Show how complete a ticket is, what may be its double, and what was decided."""
    return _show(desk, session, code)


def _show(
    desk: Desk, session: Session, code: str, status: int = 200, problem: str = ""
) -> Response:
    id_ = the_ticket(desk, session, code)
    note(desk, session, code)
    with db.read(desk.vault.engine) as connection:
        [ticket] = tickets.all_tickets(connection, desk.vault.keyring, code=code)
        values: dict[str, Any] = {
            "line": verification.line(connection, id_),
            "found": similar.similar(connection, desk.vault.keyring, session.staff, id_),
            "links": ticket_links.links_of(connection, id_, session.staff),
            "history": _history(connection, session, id_),
            "names": {person.login: person.name for person, _, _ in accounts.everybody(connection)},
        }
    return desk.show(
        "ticket_verification.html",
        session,
        status,
        ticket=ticket,
        verifications=list(Verification),
        clearings=[one for one in Clearing if one is not Clearing.MERGED],
        problem=problem,
        **values,
    )


def _history(connection: sa.Connection, session: Session, id_: int) -> list[dict[str, Any]]:
    """List what was decided; the code of another ticket only where the reader may know of it."""
    lines = [e for e in ticket_list.events(connection, id_) if e["kind"] in verification.HISTORY]
    named = {e["details"]["other"] for e in lines if "other" in e["details"]}
    seen = {one for one in named if ticket_list.find(connection, session.staff, one) is not None}
    for event in lines:
        if event["details"].get("other") not in seen:
            event["details"] = {k: v for k, v in event["details"].items() if k != "other"}
    return lines


def _do(
    desk: Desk, session: Session, code: str, action: str, work: Work, **details: object
) -> Response:
    def refused(problem: str) -> Response:
        return _show(desk, session, code, 409, problem)

    return change(
        desk, session, code, action, work, refused=refused, part="/verification", **details
    )


@router.post("/tickets/{code}/verify")
def verify(
    desk: AtDesk,
    session: SignedIn,
    code: str,
    to: Annotated[Verification, Form()],
    reason: _Reason = "",
) -> Response:
    """Say how far the ticket is verified."""
    return _do(
        desk, session, code, "ticket_verified",
        lambda connection, id_: verification.verify(
            connection, desk.vault.keyring, id_, to, reason, by=session.staff, now=desk.now()
        ),
        to=to.value,
    )  # fmt: skip


@router.post("/tickets/{code}/clear")
def clear(
    desk: AtDesk,
    session: SignedIn,
    code: str,
    to: Annotated[Clearing, Form()],
    other: Annotated[str, Form(max_length=24)] = "",
    reason: _Reason = "",
) -> Response:
    """Decide whether this is one person, one ticket."""
    try:
        found = other_ticket(desk, session, other) if to is Clearing.DUPLICATE else None
    except Refused as error:
        return _show(desk, session, code, 409, str(error))
    return _do(
        desk, session, code, "ticket_cleared",
        lambda connection, id_: verification.clear(
            connection, desk.vault.keyring, id_, to, found, reason, by=session.staff, now=desk.now()
        ),
        to=to.value,
    )  # fmt: skip


@router.post("/tickets/{code}/hold")
def hold(
    desk: AtDesk,
    session: SignedIn,
    code: str,
    held: Annotated[bool, Form()] = False,
    reason: _Reason = "",
) -> Response:
    """Keep a ticket from being erased, or let it go again; both with a reason."""
    return _do(
        desk, session, code, "ticket_held" if held else "ticket_released",
        lambda connection, id_: verification.hold(
            connection, desk.vault.keyring, id_, reason, held=held, by=session.staff,
            now=desk.now(),
        ),
    )  # fmt: skip


@router.post("/tickets/{code}/erase")
def erase(
    request: Request,
    desk: AtDesk,
    session: SignedIn,
    code: str,
    totp: Annotated[str, Form(alias="code", max_length=40)] = "",
    reason: _Reason = "",
) -> Response:
    """Clear a ticket at its caller's wish, with a ground and a fresh code: nothing undoes it."""
    the_ticket(desk, session, code)
    if not fresh.proves(desk, session, totp, address_of(request)):
        return _show(desk, session, code, 422, "erasure_code")
    answer = _do(
        desk, session, code, "ticket_erased",
        lambda connection, id_: erase_on_request(
            connection, desk.vault.keyring, id_, reason, by=session.staff, now=desk.now()
        ),
    )  # fmt: skip
    attachment_files.remove_erased(desk.vault, desk.settings, desk.now())
    trackers.forget_erased(desk.vault, desk.settings, now=desk.now())
    return answer
