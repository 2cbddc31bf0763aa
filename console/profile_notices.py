"""Pemberitahuan: how somebody is told outside the console, and how the ways work, for operators."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from console.desk import AtDesk, Desk, SignedIn, needs
from hotline.errors import Refused
from hotline.notices import CODE_SECONDS, Kind
from hotline.staff import May
from store import db, notice_ways, notices
from store.staff import Session

own = APIRouter(dependencies=[Depends(needs(May.READ))])
operating = APIRouter(dependencies=[Depends(needs(May.MANAGE_STAFF))])


@own.get("/account/notices")
def show(desk: AtDesk, session: SignedIn) -> Response:
    """Show what one has entered, and what was sent lately."""
    return _show(desk, session)


def _show(
    desk: Desk, session: Session, status: int = 200, problem: str = "", code: str = ""
) -> Response:
    id_ = session.staff.id
    with db.read(desk.vault.engine) as connection:
        ways = notice_ways.ways_of(connection, desk.vault.keyring, id_)
        usable = notices.open_ways(connection)
        last = notices.last_of(connection, id_)
    return desk.show(
        "account_notices.html", session, status, ways=ways, usable=usable, last=last, code=code,
        minutes=int(CODE_SECONDS // 60), problem=problem,
    )  # fmt: skip


@own.post("/account/notices/telegram")
def link(desk: AtDesk, session: SignedIn) -> Response:
    """Show a code, once, that links the Telegram from which it is sent to the bot."""
    with db.write(desk.vault.engine) as connection:
        code = notice_ways.ask_to_link(connection, session.staff.id, now=desk.now())
        desk.log(connection, session, "notice_code_asked", session.staff.login)
    return _show(desk, session, code=code)


@own.post("/account/notices/telegram/forget")
def unlink(desk: AtDesk, session: SignedIn) -> Response:
    """Forget one's Telegram."""
    with db.write(desk.vault.engine) as connection:
        notice_ways.unlink(connection, session.staff.id)
        desk.log(connection, session, "notice_way_changed", session.staff.login, way="telegram")
    return RedirectResponse("/account/notices", 303)


@own.post("/account/notices/email")
def email(
    desk: AtDesk, session: SignedIn, address: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """Keep one's address, or forget it."""
    try:
        with db.write(desk.vault.engine) as connection:
            notice_ways.set_email(connection, desk.vault.keyring, session.staff.id, address)
            desk.log(connection, session, "notice_way_changed", session.staff.login, way="email")
    except Refused as error:
        return _show(desk, session, 409, str(error))
    return RedirectResponse("/account/notices", 303)


@own.post("/account/notices/test")
def try_out(desk: AtDesk, session: SignedIn) -> Response:
    """Send oneself a notice that says that it is one for trying; at most one a minute."""
    now = desk.now()
    with db.write(desk.vault.engine) as connection:
        subject = f"test:{int(now // 60)}"
        notices.add(connection, [session.staff.id], Kind.TEST, subject, now=now)
    return RedirectResponse("/account/notices", 303)


@operating.get("/notices")
def standing(desk: AtDesk, session: SignedIn) -> Response:
    """Show how every way works; never whom it reaches."""
    with db.read(desk.vault.engine) as connection:
        found = notices.standings(connection)
    return desk.show("notices.html", session, ways=found)
