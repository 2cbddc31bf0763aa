"""Serupa: tickets that may be the same matter are linked, merged and parted again."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, Response

from console.changing import Work, change, other_ticket
from console.desk import AtDesk, Desk, SignedIn, needs
from console.inbox import the_ticket
from console.reading_log import note
from hotline.errors import Refused
from hotline.staff import May
from store import contact_rules, db, similar, ticket_links, tickets
from store.staff import Session

router = APIRouter(dependencies=[Depends(needs(May.READ))])
_Code = Annotated[str, Form(max_length=24)]
_Link = Annotated[int, Form(ge=1, lt=2**63)]


@router.get("/tickets/{code}/links")
def show(desk: AtDesk, session: SignedIn, code: str) -> Response:
    """Show what a ticket is tied to and which others look alike."""
    return _show(desk, session, code)


def _show(
    desk: Desk, session: Session, code: str, status: int = 200, problem: str = ""
) -> Response:
    id_ = the_ticket(desk, session, code)
    note(desk, session, code)
    with db.read(desk.vault.engine) as connection:
        [ticket] = tickets.all_tickets(connection, desk.vault.keyring, code=code)
        found = similar.similar(connection, desk.vault.keyring, session.staff, id_)
        links = ticket_links.links_of(connection, id_, session.staff)
    return desk.show(
        "ticket_links.html", session, status, ticket=ticket, found=found, links=links,
        problem=problem,
    )  # fmt: skip


def _do(
    desk: Desk, session: Session, code: str, action: str, work: Work, **details: object
) -> Response:
    def refused(problem: str) -> Response:
        return _show(desk, session, code, 409, problem)

    return change(desk, session, code, action, work, refused=refused, part="/links", **details)


@router.post("/tickets/{code}/link", dependencies=[Depends(needs(May.WRITE))])
def link(desk: AtDesk, session: SignedIn, code: str, other: _Code) -> Response:
    """Tie two tickets that have to do with each other."""
    try:
        other_id, other_code = other_ticket(desk, session, other)
    except Refused as error:
        return _show(desk, session, code, 409, str(error))
    return _do(
        desk, session, code, "tickets_linked",
        lambda connection, id_: ticket_links.link(
            connection, id_, other_id, by=session.staff, now=desk.now()
        ),
        other=other_code,
    )  # fmt: skip


@router.post("/tickets/{code}/unlink", dependencies=[Depends(needs(May.WRITE))])
def unlink(desk: AtDesk, session: SignedIn, code: str, link: _Link) -> Response:
    """Take a tie back."""
    return _do(
        desk, session, code, "tickets_unlinked",
        lambda connection, id_: ticket_links.unlink(
            connection, id_, link, by=session.staff, now=desk.now()
        ),
        link=link,
    )  # fmt: skip


@router.post("/tickets/{code}/merge", dependencies=[Depends(needs(May.VERIFY))])
def merge(desk: AtDesk, session: SignedIn, code: str, other: _Code) -> Response:
    """Let the other ticket speak for this one."""
    try:
        other_id, other_code = other_ticket(desk, session, other)
    except Refused as error:
        return _show(desk, session, code, 409, str(error))

    def work(connection: sa.Connection, id_: int) -> None:
        ticket_links.merge(connection, id_, other_id, by=session.staff, now=desk.now())
        contact_rules.learn_all(connection, desk.vault.keyring, other_id, desk.now())

    return _do(desk, session, code, "tickets_merged", work, into=other_code)


@router.post("/tickets/{code}/unmerge", dependencies=[Depends(needs(May.VERIFY))])
def unmerge(desk: AtDesk, session: SignedIn, code: str, link: _Link) -> Response:
    """Part two merged tickets again; who parts them must be able to see both."""

    def work(connection: sa.Connection, id_: int) -> None:
        seen = ticket_links.links_of(connection, id_, session.staff)
        if link not in {one.id for one in seen}:
            raise Refused("not_found")
        ticket_links.unmerge(connection, id_, link, by=session.staff, now=desk.now())

    return _do(desk, session, code, "tickets_parted", work, link=link)
