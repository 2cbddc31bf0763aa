"""What a responder changes on a ticket: who has it, notes, facts, regions, labels, state."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, HTTPException, Response
from fastapi.responses import RedirectResponse

from console.changing import Work, change, colleague
from console.desk import AtDesk, Desk, SignedIn, needs
from console.inbox import OUTCOMES, the_ticket
from console.ticket_page import page
from hotline.contact_rules import written_down
from hotline.errors import Refused
from hotline.staff import May
from hotline.tickets import FACT_FIELDS, LABEL, REACHES, UNSETTLED, State
from store import (
    contact_rules,
    endings,
    ticket_changes,
    ticket_facts,
    ticket_mentions,
    ticket_placing,
    ticket_work,
)
from store.regions import load_regions
from store.staff import Session

writing = APIRouter(dependencies=[Depends(needs(May.WRITE))])
Text = Annotated[str, Form(max_length=4000)]


def _do(
    desk: Desk,
    session: Session,
    code: str,
    action: str,
    work: Work,
    part: str = "",
    **details: object,
) -> Response:
    def refused(problem: str) -> Response:
        return page(desk, session, the_ticket(desk, session, code), code, 409, problem=problem)

    return change(desk, session, code, action, work, refused=refused, part=part, **details)


@writing.post("/tickets/{code}/take")
def take(
    desk: AtDesk, session: SignedIn, code: str, had: Annotated[str, Form(max_length=20)] = ""
) -> Response:
    """Take a ticket; of two who take it at once, one is told that the other has it.

    From a colleague's hands only who may give tickets out takes one.
    """
    before = _number(had) if session.staff.may(May.ASSIGN) else None

    def work(connection: sa.Connection, id_: int) -> None:
        ticket_work.assign(
            connection,
            id_,
            staff_id=session.staff.id,
            unit=session.staff.unit,
            actor=session.staff.login,
            now=desk.now(),
            expected=before,
        )

    return _do(desk, session, code, "ticket_taken", work)


@writing.post("/tickets/{code}/assign", dependencies=[Depends(needs(May.ASSIGN))])
def assign(
    desk: AtDesk,
    session: SignedIn,
    code: str,
    to: Annotated[str, Form(max_length=64)],
    had: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Give a ticket to a colleague; who may not see it cannot get it."""

    def work(connection: sa.Connection, id_: int) -> None:
        given = colleague(desk, connection, id_, to)
        ticket_work.assign(
            connection,
            id_,
            staff_id=given.id,
            unit=given.unit,
            actor=session.staff.login,
            now=desk.now(),
            expected=_number(had),
        )

    return _do(desk, session, code, "ticket_assigned", work, to=to)


def _number(raw: str) -> int | None:
    return int(raw) if raw.isdecimal() and len(raw) < 19 else None


@writing.post("/tickets/{code}/notes")
def note(desk: AtDesk, session: SignedIn, code: str, text: Text) -> Response:
    """Write an internal note."""
    said = text.strip()
    if not said:
        return RedirectResponse(f"/tickets/{code}", 303)

    def work(connection: sa.Connection, id_: int) -> None:
        ticket_work.add_note(
            connection,
            desk.vault.keyring,
            id_,
            staff_id=session.staff.id,
            actor=session.staff.login,
            text=said,
            now=desk.now(),
        )
        ticket_mentions.mention(connection, id_, said, actor=session.staff.login, now=desk.now())

    return _do(desk, session, code, "ticket_noted", work, part="#notes")


@writing.post("/tickets/{code}/facts")
def fact(
    desk: AtDesk,
    session: SignedIn,
    code: str,
    field: Annotated[str, Form(max_length=32)],
    value: Text,
) -> Response:
    """Write down a fact, or correct one; what was there before stays readable."""
    if field not in FACT_FIELDS or not value.strip():
        raise HTTPException(422)

    told = written_down(value) if field == "contact_rule" else [value.strip()]

    def work(connection: sa.Connection, id_: int) -> None:
        ways = field in contact_rules.FIELDS
        if ways:
            contact_rules.lock_callers(connection, id_)
        for one in told:
            ticket_facts.add_fact(
                connection,
                desk.vault.keyring,
                id_,
                field,
                one,
                said_by=session.staff.login,
                message_id=None,
                now=desk.now(),
            )
        if ways:
            contact_rules.learn_all(connection, desk.vault.keyring, id_, desk.now())

    return _do(desk, session, code, "ticket_fact", work, part="#facts", field=field)


@writing.post("/tickets/{code}/regions")
def regions(
    desk: AtDesk,
    session: SignedIn,
    code: str,
    part: Annotated[str, Form(max_length=12)],
    names: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Say where somebody comes from, passed through or was brought; empty takes it back."""
    found = load_regions().find_all(names)

    def work(connection: sa.Connection, id_: int) -> None:
        if names.strip() and not found:
            raise Refused("no province or regency has this name")
        ticket_placing.place(connection, id_, part, found, by=session.staff, now=desk.now())

    return _do(desk, session, code, "ticket_placed", work, part="#facts", of=part)


@writing.post("/tickets/{code}/labels")
def labels(
    desk: AtDesk, session: SignedIn, code: str, names: Annotated[str, Form(max_length=400)] = ""
) -> Response:
    """Replace the labels, given with commas between them."""
    chosen = [one.strip().lower() for one in names.split(",") if one.strip()]
    personal = any(REACHES.search(one) for one in chosen)
    if not personal and not all(LABEL.fullmatch(one) for one in chosen):
        raise HTTPException(422)

    def work(connection: sa.Connection, id_: int) -> None:
        if personal:
            raise Refused("a label names nobody and holds no number")
        ticket_work.set_labels(connection, id_, chosen, actor=session.staff.login, now=desk.now())

    return _do(desk, session, code, "ticket_labelled", work)


@writing.post("/tickets/{code}/state")
def state(
    desk: AtDesk,
    session: SignedIn,
    code: str,
    to: Annotated[State, Form()],
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Move a ticket on as the table of moves allows; closing and merging have their own forms.

    What ends it without an outcome needs a reason, and for a critical ticket a second person.
    """
    if to in {State.CLOSED, State.MERGED}:
        raise HTTPException(422)
    if to in UNSETTLED:
        return _end(desk, session, code, to, reason)

    def work(connection: sa.Connection, id_: int) -> None:
        ticket_changes.move(connection, id_, to, actor=session.staff.login, now=desk.now())

    return _do(desk, session, code, "ticket_moved", work, to=to.value)


def _end(desk: Desk, session: Session, code: str, to: State, reason: str) -> Response:
    def work(connection: sa.Connection, id_: int) -> None:
        endings.end(
            connection, desk.vault.keyring, id_, to, reason, by=session.staff, now=desk.now()
        )

    return _do(desk, session, code, "ticket_ending", work, part="#ending", to=to.value)


@writing.post("/tickets/{code}/close", dependencies=[Depends(needs(May.CLOSE))])
def close(
    desk: AtDesk,
    session: SignedIn,
    code: str,
    outcome: Annotated[str, Form(max_length=32)] = "",
    next_owner: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Close a resolved ticket, with its outcome and who looks after the person from now on."""
    if outcome and outcome not in OUTCOMES:
        raise HTTPException(422)

    def work(connection: sa.Connection, id_: int) -> None:
        ticket_work.close(
            connection,
            desk.vault.keyring,
            id_,
            outcome=outcome,
            next_owner=next_owner.strip(),
            actor=session.staff.login,
            now=desk.now(),
        )

    return _do(desk, session, code, "ticket_closed", work, outcome=outcome)
