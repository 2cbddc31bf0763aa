"""Runs a macro on a ticket: all of its steps, or none of them and the reason."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, HTTPException, Response
from fastapi.responses import RedirectResponse

from console.changing import change
from console.desk import AtDesk, Desk, SignedIn, needs
from console.inbox import the_ticket
from console.macros import Macro, load_macros
from console.ticket_page import LONGEST, page
from hotline.errors import Refused
from hotline.staff import May
from store import ticket_changes, ticket_drafts, ticket_work, tickets
from store.staff import Session
from store.tables import tickets as tickets_table
from store.ticket_events import add_event, lock

router = APIRouter(dependencies=[Depends(needs(May.WRITE))])


@router.post("/tickets/{code}/macro")
def macro(
    desk: AtDesk,
    session: SignedIn,
    code: str,
    macro: Annotated[str, Form(max_length=32)],
    mark: Annotated[str, Form(max_length=32)] = "",
    text: Annotated[str | None, Form(max_length=20_000)] = None,
) -> Response:
    """Run a macro; `text` is what stands in the reply box, which must not be lost."""
    chosen = next((one for one in load_macros() if one.id == macro), None)
    if chosen is None:
        raise HTTPException(422)
    if chosen.reply and not session.staff.may(May.REPLY):
        raise HTTPException(403)
    part = "#reply" if chosen.reply else "#work"
    used = f"{mark}:{macro}"  # the reply's own mark stays unused
    if mark and not desk.once.use(used):
        return RedirectResponse(f"/tickets/{code}{part}", 303)

    def work(connection: sa.Connection, id_: int) -> None:
        _run(desk, connection, session, id_, chosen)
        if session.staff.may(May.REPLY):
            _draft(desk, connection, session, id_, chosen, text)

    def refused(problem: str) -> Response:
        desk.once.free(used)
        id_ = the_ticket(desk, session, code)
        return page(desk, session, id_, code, 409, problem=problem, typed=text)

    try:
        return change(
            desk, session, code, "ticket_macro", work, refused=refused, part=part, macro=macro
        )
    except BaseException:
        desk.once.free(used)
        raise


def _run(desk: Desk, connection: sa.Connection, session: Session, id_: int, chosen: Macro) -> None:
    """Do everything but the reply, in the order in which Macro names it."""
    now, actor = desk.now(), session.staff.login
    lock(connection, id_)
    add_event(connection, id_, "macro_used", actor, {"macro": chosen.id}, message_id=None, now=now)
    if chosen.take:
        ticket_work.take(connection, id_, session.staff, now=now)
    if chosen.state is not None and chosen.state != _now(connection, id_, "state"):
        ticket_changes.move(connection, id_, chosen.state, actor=actor, now=now)
    if chosen.labels:
        ticket_work.add_labels(connection, id_, chosen.labels, actor=actor, now=now)
    if chosen.note:
        ticket_work.add_note(
            connection, desk.vault.keyring, id_, staff_id=session.staff.id, actor=actor,
            text=chosen.note, now=now,
        )  # fmt: skip


def _draft(
    desk: Desk,
    connection: sa.Connection,
    session: Session,
    id_: int,
    chosen: Macro,
    typed: str | None,
) -> None:
    """Lay the canned answer below what is being written; a person reads and sends it."""
    keyring, me = desk.vault.keyring, session.staff.id
    kept = ticket_drafts.read(connection, keyring, id_, me) if typed is None else typed.strip()
    answer = _answer(desk, connection, id_, chosen)
    if answer and answer not in kept:
        kept = f"{kept}\n\n{answer}" if kept else answer
    if len(kept) > LONGEST:
        raise Refused("the reply box has no room for this answer")
    ticket_drafts.keep(connection, keyring, id_, me, kept, now=desk.now())


def _answer(desk: Desk, connection: sa.Connection, id_: int, chosen: Macro) -> str:
    """Give the macro's answer in the caller's language; empty where nobody can be answered."""
    if chosen.reply is None or not tickets.conversations_of(connection, id_):
        return ""
    texts = chosen.reply.texts
    return texts.get(_now(connection, id_, "language"), texts["id"])


def _now(connection: sa.Connection, id_: int, column: str) -> str:
    query = sa.select(tickets_table.c[column]).where(tickets_table.c.id == id_)
    return str(connection.execute(query).scalar_one())
