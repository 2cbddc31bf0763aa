"""How the work goes: counts for one's level and period, small ones hidden, never who."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Response

from console.desk import AtDesk, Desk, SignedIn, needs
from console.knowledge import facts
from console.pages import WIB
from hotline.figures import AGES, Period, since
from hotline.staff import May
from hotline.suppress import INTERNAL, suppress
from hotline.tickets import Category, Urgency
from store import db, figures, network
from store.figures import Asked
from store.regions import load_regions
from store.register.checking import RegisterIndex
from store.staff import Session

router = APIRouter(dependencies=[Depends(needs(May.SEE_FIGURES))])
# What tells nobody from another: shown as it is. The rest is hidden where it is small.
_PLAIN = ("category", "urgency", "state", "outcome")
AnyPeriod = Annotated[Period, Query()]


@router.get("/figures")
def show(desk: AtDesk, session: SignedIn, period: AnyPeriod = Period.QUARTER) -> Response:
    """Show the figures of one's scope for a period."""
    asked = asked_for(desk, session, period)
    with db.read(desk.vault.engine) as connection:
        found = _counted(connection, desk, asked)
    return desk.show(
        "figures.html",
        session,
        period=period,
        periods=list(Period),
        scope=scope_name(session),
        ages=AGES,
        names=_names(),
        least=INTERNAL,
        most=network.MOST,
        **found,
    )


def asked_for(desk: Desk, session: Session, period: Period) -> Asked:
    """Say whose figures are asked for and from when."""
    now = desk.now()
    return Asked(session.staff, since(period, now), now)


def scope_name(session: Session) -> str:
    """Name the part of the country somebody looks at; empty for all of it."""
    return load_regions().names.get(session.staff.scope.region, "")


def _names() -> dict[str, str]:
    """Name countries by their codes."""
    return {country.code: country.name for country in facts().countries}


def _counted(connection: sa.Connection, desk: Desk, asked: Asked) -> dict[str, Any]:
    today = datetime.fromtimestamp(asked.until, WIB).date()
    register = RegisterIndex.load(connection)
    recruiters, cut = network.by_recruiter(connection, desk.vault.keyring, asked, register, today)
    small = {
        "channel": figures.by(connection, asked, "channel"),
        "language": figures.by(connection, asked, "language"),
        "country": figures.by_country(connection, asked, "destination"),
        "recruiter": recruiters,
    }
    plain = {what: figures.by(connection, asked, what) for what in _PLAIN}
    for what, kind in (("category", Category), ("urgency", Urgency)):
        plain[what] = {one.value: plain[what].get(one.value, 0) for one in kind}
    return {
        "weeks": figures.inflow(connection, asked),
        "waits": {None: figures.waiting(connection, asked)}
        | {one: figures.waiting(connection, asked, one) for one in Urgency},
        "backlog": figures.backlog(connection, asked),
        "plain": plain,
        "tables": {what: suppress(counts, INTERNAL) for what, counts in small.items()},
        "recruiters_cut": cut,
        "register": register.info,
        "dark": figures.dark(connection, asked),
    }
