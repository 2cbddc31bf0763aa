"""The list of tickets: views with counts, search, and what is new without reload."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from console.desk import AtDesk, Desk, SignedIn, needs
from hotline.staff import May
from hotline.tickets import Category, State, Urgency
from store import db, ticket_list, ticket_search
from store import staff as accounts
from store.staff import Session
from store.ticket_list import PAGE, View

# What came of a ticket, in words that exports keep.
OUTCOMES = ("safe_home", "safe_abroad", "case_with_police", "claim_settled", "advice_given",
            "lost_contact", "declined_help")  # fmt: skip
_Word = Annotated[str, Query(max_length=24)]


def _chosen[T: StrEnum](kind: type[T], word: str) -> T | None:
    """Read a chosen word of a list; an empty one chooses nothing."""
    try:
        return kind(word) if word else None
    except ValueError:
        raise HTTPException(422) from None


router = APIRouter(dependencies=[Depends(needs(May.READ))])
home = APIRouter()


@home.get("/")
def front(session: SignedIn) -> Response:
    """Lead everybody to where their work is."""
    where = "/tickets" if session.staff.may(May.READ) else "/account"
    return RedirectResponse(where, 303)


@router.get("/tickets")
def tickets(
    request: Request,
    desk: AtDesk,
    session: SignedIn,
    view: View = View.OPEN,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    category: _Word = "",
    urgency: _Word = "",
    state: _Word = "",
    label: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Show one view, the gravest and soonest due first."""
    now = desk.now()
    chosen = ticket_list.Filter(
        _chosen(Category, category), _chosen(Urgency, urgency), _chosen(State, state), label.strip()
    )
    with db.read(desk.vault.engine) as connection:
        lines = ticket_list.page(
            connection, session.staff, view, now=now, offset=offset, chosen=chosen
        )
        counts = ticket_list.counts(connection, session.staff, now=now)
        people = accounts.everybody(connection) if session.staff.may(May.ASSIGN) else []
    narrowed = {"category": category, "urgency": urgency, "state": state, "label": label.strip()}
    kept = "".join(f"&{urlencode({name: value})}" for name, value in narrowed.items() if value)
    # htmx asks for the list alone when something has changed.
    part = "tickets_list.html" if "hx-request" in request.headers else "tickets.html"
    return desk.show(
        part,
        session,
        view=view,
        views=[one for one in View if one is not View.ALL] + [View.ALL],
        counts=counts,
        lines=lines,
        offset=offset,
        more=len(lines) == PAGE,
        size=PAGE,
        chosen=chosen,
        categories=list(Category),
        urgencies=list(Urgency),
        states=list(State),
        now=now,
        kept=kept,
        here=f"/tickets?view={view.value}{kept}&offset={offset}",
        colleagues=[person for person, active, _ in people if active and person.may(May.WRITE)],
        outcomes=OUTCOMES,
    )


@router.get("/search")
def search(
    desk: AtDesk, session: SignedIn, q: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """Ask for the words; they are searched by POST, so that no name ends up in an address."""
    return desk.show("search.html", session, q="", lines=[], searched=False, cut=False, now=0.0)


@router.post("/search")
def found(desk: AtDesk, session: SignedIn, q: str = Form(max_length=200)) -> Response:
    """Search by code, telephone number, name, recruiter or free text within one's scope."""
    words = q.strip()
    if not words:
        return RedirectResponse("/search", 303)
    with db.write(desk.vault.engine) as connection:
        result = ticket_search.search(
            connection, desk.vault.keyring, session.staff, words, now=desk.now()
        )
        # What was searched for may be a name: only how much was found is logged.
        desk.log(connection, session, "search", "tickets", found=len(result.lines))
    return desk.show(
        "search.html", session, q=words, lines=result.lines, searched=True, cut=result.cut,
        now=desk.now(),
    )  # fmt: skip


def the_ticket(desk: Desk, session: Session, code: str) -> int:
    """Give the id of a ticket this person may see; anything else is not found."""
    with db.read(desk.vault.engine) as connection:
        found = ticket_list.find(connection, session.staff, code)
    if found is None:
        raise HTTPException(404)
    return found
