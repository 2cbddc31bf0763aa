"""What the bot tells from: contacts, destinations, units; with source, date and what is overdue."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

from fastapi import APIRouter, Depends, Response

from console.desk import AtDesk, SignedIn, needs
from console.pages import WIB
from hotline.knowledge import Knowledge
from hotline.settings import ROOT
from hotline.staff import May
from store.knowledge import load_knowledge

router = APIRouter(dependencies=[Depends(needs(May.EDIT_CONTENT))])
OLD_DAYS = 180


@cache
def facts() -> Knowledge:
    """Read the knowledge files once: they change with an installation's version only."""
    return load_knowledge(ROOT / "knowledge")


@router.get("/knowledge")
def show(desk: AtDesk, session: SignedIn) -> Response:
    """Show what stands in the files, what is overdue first."""
    today = datetime.fromtimestamp(desk.now(), WIB).date()
    known = facts()
    contacts = sorted(known.contacts, key=lambda one: (not overdue(one.as_of, today), one.id))
    places = sorted(known.destinations, key=lambda one: (one.review_by > today, one.review_by))
    return desk.show(
        "knowledge.html",
        session,
        contacts=[(one, overdue(one.as_of, today)) for one in contacts],
        destinations=[(one, one.review_by <= today) for one in places],
        units=known.units,
        names={country.code: country.name for country in known.countries},
        days=OLD_DAYS,
    )


def overdue(as_of: str, today: date) -> bool:
    """Say whether a fact is older than it may be; a month or a year counts from its last day."""
    return today - last_day(as_of) > timedelta(days=OLD_DAYS)


def last_day(as_of: str) -> date:
    """Give the last day that a year, a month or a date stands for."""
    parts = [int(part) for part in as_of.split("-")]
    if len(parts) == 3:
        return date(*parts)
    year, month = (parts[0], 12) if len(parts) == 1 else parts
    after = date(year + month // 12, month % 12 + 1, 1)
    return after - timedelta(days=1)
