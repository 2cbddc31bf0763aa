"""The list of tickets: views with counts, search, and what is new without reload."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from console import narrowing
from console.desk import AtDesk, Desk, SignedIn, needs
from console.duty_line import duty_line
from hotline.staff import May
from hotline.tickets import Category, State, Urgency
from store import db, saved_filters, ticket_counts, ticket_list, ticket_search
from store import staff as accounts
from store.staff import Session
from store.ticket_list import View
from store.ticket_order import PAGE

# What came of a ticket, in words that exports keep.
OUTCOMES = ("safe_home", "safe_abroad", "case_with_police", "claim_settled", "advice_given",
            "lost_contact", "declined_help")  # fmt: skip
_NAMED = 50  # codes in a search's line of the log
_FILTER = Depends(narrowing.of_address)
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
    chosen: ticket_list.Filter = _FILTER,
) -> Response:
    """Show one view, the gravest and soonest due first."""
    now = desk.now()
    with db.read(desk.vault.engine) as connection:
        lines = ticket_list.page(
            connection, session.staff, view, now=now, offset=offset, chosen=chosen
        )
        counts = ticket_counts.counts(connection, session.staff, now=now)
        people = accounts.everybody(connection) if session.staff.may(May.ASSIGN) else []
        duty = duty_line(connection, session, now=now)
        saved = saved_filters.of(connection, session.staff)
        saved_counts = saved_filters.counts(connection, session.staff, saved, now=now)
    kept = narrowing.kept(chosen)
    # htmx asks for the list alone when something has changed.
    part = "tickets_list.html" if "hx-request" in request.headers else "tickets.html"
    return desk.show(
        part,
        session,
        view=view,
        views=[one for one in View if one is not View.ALL] + [View.ALL],
        counts=counts,
        counted_to=ticket_counts.MOST,
        duty=duty,
        lines=lines,
        offset=offset,
        more=len(lines) == PAGE,
        size=PAGE,
        chosen=chosen,
        region_names=narrowing.region_names(chosen),
        saved=saved,
        saved_counts=saved_counts,
        kept_of=narrowing.kept,
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
        # What was searched for may be a name: only what was found is logged.
        codes = [line.code for line in result.lines[:_NAMED]]
        desk.log(connection, session, "search", "tickets", found=len(result.lines), codes=codes)
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
