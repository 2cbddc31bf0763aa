"""Filters under a name: saved from the list of tickets, renamed, deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from console import narrowing
from console.desk import AtDesk, Desk, SignedIn, needs
from hotline.errors import Refused
from hotline.staff import May
from store import db, saved_filters
from store.staff import Session
from store.ticket_list import View

router = APIRouter(prefix="/filters", dependencies=[Depends(needs(May.READ))])
_Word = Annotated[str, Form(max_length=24)]
_Name = Annotated[str, Form(max_length=80)]


@router.get("")
def show(desk: AtDesk, session: SignedIn) -> Response:
    """List one's filters, to be renamed or deleted."""
    return _show(desk, session)


def _show(desk: Desk, session: Session, status: int = 200, problem: str = "") -> Response:
    with db.read(desk.vault.engine) as connection:
        saved = saved_filters.of(connection, session.staff)
        counts = saved_filters.counts(connection, session.staff, saved, now=desk.now())
    return desk.show(
        "filters.html",
        session,
        status,
        saved=saved,
        counts=counts,
        kept=narrowing.kept,
        region_names=narrowing.region_names,
        problem=problem,
    )


def _do(
    desk: Desk, session: Session, action: str, work: Callable[[sa.Connection], int], where: str
) -> Response:
    try:
        with db.write(desk.vault.engine) as connection:
            desk.log(connection, session, action, "filter", filter=work(connection))
    except Refused as error:
        return _show(desk, session, 409, str(error))
    return RedirectResponse(where, 303)


@router.post("")
def save(
    desk: AtDesk,
    session: SignedIn,
    name: _Name,
    view: Annotated[View, Form()] = View.OPEN,
    category: _Word = "",
    urgency: _Word = "",
    state: _Word = "",
    label: Annotated[str, Form(max_length=40)] = "",
    region: Annotated[str, Form(max_length=200)] = "",
    shared: Annotated[bool, Form()] = False,
) -> Response:
    """Keep what a list is narrowed to; a supervisor may share it with the unit."""
    chosen = narrowing.read(category, urgency, state, label, region)

    def work(connection: sa.Connection) -> int:
        return saved_filters.save(
            connection, session.staff, name, view, chosen, shared=shared, now=desk.now()
        )

    where = f"/tickets?view={view.value}{narrowing.kept(chosen)}"
    return _do(desk, session, "filter_saved", work, where)


@router.post("/{which}/rename")
def rename(desk: AtDesk, session: SignedIn, which: int, name: _Name) -> Response:
    """Give a filter another name."""

    def work(connection: sa.Connection) -> int:
        saved_filters.rename(connection, session.staff, _id(which), name)
        return which

    return _do(desk, session, "filter_renamed", work, "/filters")


@router.post("/{which}/delete")
def delete(desk: AtDesk, session: SignedIn, which: int) -> Response:
    """Forget a filter."""

    def work(connection: sa.Connection) -> int:
        saved_filters.delete(connection, session.staff, _id(which))
        return which

    return _do(desk, session, "filter_deleted", work, "/filters")


def _id(which: int) -> int:
    if not 0 < which < 2**63:
        raise Refused("not_found")
    return which
