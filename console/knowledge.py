"""What the bot tells from: contacts, destinations, units; with source, date and what is overdue."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Response

from console.desk import AtDesk, SignedIn, needs
from console.pages import WIB
from hotline.knowledge import Knowledge
from hotline.settings import ROOT
from hotline.staff import May
from store import db
from store.knowledge import load_knowledge
from store.knowledge_edits import in_force, overlay

router = APIRouter(dependencies=[Depends(needs(May.EDIT_CONTENT))])
OLD_DAYS = 180


@cache
def facts() -> Knowledge:
    """Read the knowledge files once: they change with an installation's version only."""
    return load_knowledge(ROOT / "knowledge")


def known(connection: sa.Connection) -> Knowledge:
    """Give the facts as they hold: the files, and what was edited here."""
    return overlay(facts(), in_force(connection))


@router.get("/knowledge")
def show(desk: AtDesk, session: SignedIn) -> Response:
    """Show what callers are told now, what is overdue first."""
    today = datetime.fromtimestamp(desk.now(), WIB).date()
    with db.read(desk.vault.engine) as connection:
        edits = in_force(connection)
    found = overlay(facts(), edits)
    contacts = sorted(found.contacts, key=lambda one: (not overdue(one.as_of, today), one.id))
    places = sorted(found.destinations, key=lambda one: (one.review_by > today, one.review_by))
    return desk.show(
        "knowledge.html",
        session,
        contacts=[(one, overdue(one.as_of, today)) for one in contacts],
        destinations=[(one, one.review_by <= today) for one in places],
        units=found.units,
        names={country.code: country.name for country in found.countries},
        edited={(edit.kind.value, edit.item_id): edit for edit in edits},
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
