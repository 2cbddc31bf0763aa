"""Rujukan: units are asked for help and answer; the regions' tasks stand beside it."""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, HTTPException, Response
from fastapi.responses import RedirectResponse

from console.desk import AtDesk, Desk, SignedIn, needs
from console.inbox import the_ticket
from console.reading_log import note
from console.units import unit_namer
from hotline.errors import Refused, WrongMove
from hotline.referrals import (
    ALWAYS_ALONG,
    BY_THE_UNIT,
    MOVES,
    OPEN,
    Consent,
    ReferralState,
    Service,
    may_go_along,
)
from hotline.staff import May
from hotline.tickets import PERSONAL, Urgency
from store import db, findings, referral_lines, referrals, region_tasks, ticket_work, tickets
from store import staff as accounts
from store.findings import Lists
from store.referral_lines import Line
from store.referrals import Asked
from store.regions import load_regions
from store.staff import Session

router = APIRouter(dependencies=[Depends(needs(May.READ))])
_DAY = 86400.0
_USUAL_DAYS = {Urgency.CRITICAL: 1, Urgency.HIGH: 3, Urgency.NORMAL: 7}
_Text = Annotated[str, Form(max_length=2000)]


@router.get("/referrals")
def overview(desk: AtDesk, session: SignedIn) -> Response:
    """List what one's unit was asked and what others were asked."""
    with db.read(desk.vault.engine) as connection:
        incoming = referral_lines.incoming(connection, session.staff, now=desk.now())
        outgoing = referral_lines.outgoing(connection, session.staff, now=desk.now())
        named = unit_namer(connection)
    return desk.show(
        "referrals.html", session, incoming=incoming, outgoing=outgoing, unit_name=named
    )


@router.get("/tickets/{code}/referrals")
def of_ticket(desk: AtDesk, session: SignedIn, code: str) -> Response:
    """Show a ticket's referrals, the form for another, and what each region has to do."""
    return _of_ticket(desk, session, code)


def _of_ticket(
    desk: Desk, session: Session, code: str, status: int = 200, problem: str = "", typed: str = ""
) -> Response:
    id_ = the_ticket(desk, session, code)
    note(desk, session, code)
    with db.read(desk.vault.engine) as connection:
        [ticket] = tickets.all_tickets(connection, desk.vault.keyring, code=code)
        known = ticket.known()
        lists = findings.lists_of(connection, desk.vault.keyring, ticket)
        values: dict[str, Any] = {
            "lines": referral_lines.of_ticket(connection, id_, now=desk.now()),
            "units": referrals.units_to_ask(connection, id_, session.staff),
            "regions": ticket_work.regions_of(connection, id_),
            "done": region_tasks.done_of(connection, id_),
            "names": {person.login: person.name for person, _, _ in accounts.everybody(connection)},
            "unit_name": unit_namer(connection),
        }
    return desk.show(
        "ticket_referrals.html",
        session,
        status,
        ticket=ticket,
        fields=[
            field
            for field in may_go_along({*known, *lists.names()}, anonymous=ticket.anonymous)
            if field not in ALWAYS_ALONG
        ],
        always=[f for f in ALWAYS_ALONG if f in known],
        services=list(Service),
        consents=list(Consent),
        days=_USUAL_DAYS[ticket.urgency],
        wishes=wishes_of(known),
        tasks=region_tasks.load_tasks(),
        parts=ticket_work.PARTS,
        table=load_regions(),
        problem=problem,
        typed=typed,
        **values,
    )  # fmt: skip


@router.post("/tickets/{code}/referrals", dependencies=[Depends(needs(May.REFER))])
def ask(
    desk: AtDesk,
    session: SignedIn,
    code: str,
    unit: Annotated[str, Form(max_length=64)],
    service: Annotated[Service, Form()],
    request: _Text,
    consent: Annotated[Consent, Form()],
    fields: Annotated[list[str] | None, Form()] = None,
    reason: Annotated[str, Form(max_length=500)] = "",
    days: Annotated[int, Form(ge=0, le=90)] = 7,
) -> Response:
    """Ask a unit for help; only the facts that are ticked go along."""
    id_ = the_ticket(desk, session, code)
    asked = Asked(
        unit=unit,
        service=service,
        request=request,
        fields=tuple(fields or ()),
        consent=consent,
        reason=reason,
        due_at=desk.now() + days * _DAY,
    )
    try:
        with db.write(desk.vault.engine) as connection:
            made = referrals.ask(
                connection, desk.vault.keyring, id_, asked, by=session.staff, now=desk.now()
            )
            desk.log(
                connection, session, "referral_asked", code, referral=made, unit=unit,
                consent=consent.value,
            )  # fmt: skip
    except (Refused, WrongMove) as error:
        return _of_ticket(desk, session, code, 409, str(error), request)
    return RedirectResponse(f"/tickets/{code}/referrals", 303)


@router.post("/tickets/{code}/tasks", dependencies=[Depends(needs(May.WRITE))])
def task(
    desk: AtDesk,
    session: SignedIn,
    code: str,
    which: Annotated[str, Form(max_length=40)],
    done: Annotated[bool, Form()] = False,
) -> Response:
    """Mark a region's task as done, or as not done after all."""
    id_ = the_ticket(desk, session, code)
    try:
        with db.write(desk.vault.engine) as connection:
            region_tasks.mark(
                connection, id_, which, done=done, actor=session.staff.login, now=desk.now()
            )
            desk.log(connection, session, "task_marked", code, task=which, done=done)
    except Refused:
        raise HTTPException(422) from None
    return RedirectResponse(f"/tickets/{code}/referrals#tasks", 303)


@router.get("/referrals/{id_}")
def show(desk: AtDesk, session: SignedIn, id_: int) -> Response:
    """Show one referral to either side; that it was read is logged."""
    return show_referral(desk, session, id_)


def known_referral(desk: Desk, session: Session, id_: int) -> tuple[Line, bool, bool]:
    """Find a referral and the reader's sides; whoever stands on none does not learn of it."""
    with db.read(desk.vault.engine) as connection:
        line = referral_lines.find(connection, id_, now=desk.now()) if id_ < 2**63 else None
        asking, asked = (
            referral_lines.sides(connection, session.staff, line) if line else (False, False)
        )
    if line is None or not (asking or asked):
        raise HTTPException(404)
    return line, asking, asked


def show_referral(
    desk: Desk, session: Session, id_: int, status: int = 200, problem: str = ""
) -> Response:
    """Render a referral's page, with why something was refused; that it was read is logged."""
    line, asking, asked = known_referral(desk, session, id_)
    with db.write(desk.vault.engine) as connection:
        desk.log(connection, session, "referral_read", line.code, referral=id_)
    with db.read(desk.vault.engine) as connection:
        one = referrals.read(connection, desk.vault.keyring, line)
        named = unit_namer(connection)
    # A unit that refused, or was told that it is not needed, has no business with her any more.
    readable = asking or line.state in OPEN
    told = one.facts if readable else ()
    facts = [(f, "•••" if f in PERSONAL else value) for f, value in told]
    return desk.show(
        "referral.html",
        session,
        status,
        one=one,
        line=line,
        facts=[pair for pair in facts if pair[0] not in ALWAYS_ALONG],
        lists=one.lists if readable else Lists(),
        wishes=wishes_of(dict(told)),
        readable=readable,
        whole=asking or line.state is ReferralState.ACCEPTED,
        moves=_moves(session, line, asking=asking, asked=asked),
        unit_name=named,
        problem=problem,
    )


def wishes_of(known: dict[str, str]) -> list[tuple[str, str]]:
    """Give what must not be done as the page of wishes reads it."""
    found = []
    for told in known.get("contact_rule", "").splitlines():
        kind, _, said = told.partition(":")
        plain = kind in {"no_police", "no_visit", "no_family", "never_call", "do_not_write"}
        found.append((kind, said.strip()) if plain else ("words", told))
    if "safe_time" in known:
        found.append(("safe_time", known["safe_time"]))
    return found


def _moves(session: Session, line: Line, *, asking: bool, asked: bool) -> list[ReferralState]:
    if not session.staff.may(May.REFER):
        return []
    return [
        state
        for state in ReferralState
        if state in MOVES[line.state] and (asked if state in BY_THE_UNIT else asking)
    ]


@router.post("/referrals/{id_}", dependencies=[Depends(needs(May.REFER))])
def answer(
    desk: AtDesk,
    session: SignedIn,
    id_: int,
    to: Annotated[ReferralState, Form()],
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Accept, refuse or complete a referral as the unit asked, or take it back as who asked."""
    line, asking, asked = known_referral(desk, session, id_)
    if not (asked if to in BY_THE_UNIT else asking):
        raise HTTPException(403)
    try:
        with db.write(desk.vault.engine) as connection:
            _answer(desk, connection, session, line, to, reason)
    except (Refused, WrongMove) as error:
        return show_referral(desk, session, id_, 409, str(error))
    return RedirectResponse(f"/referrals/{id_}", 303)


def _answer(
    desk: Desk,
    connection: sa.Connection,
    session: Session,
    line: Line,
    to: ReferralState,
    reason: str,
) -> None:
    referrals.answer(
        connection, desk.vault.keyring, line.id, to, reason, by=session.staff, now=desk.now()
    )
    desk.log(connection, session, f"referral_{to.value}", line.code, referral=line.id)
