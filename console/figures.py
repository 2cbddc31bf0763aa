"""How the work goes: counts for one's level and period, small ones hidden, never who."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from console.desk import AtDesk, Desk, SignedIn, needs
from console.knowledge import facts
from hotline.figures import AGES, Period
from hotline.settings import ROOT
from hotline.staff import May
from hotline.suppress import INTERNAL
from store import figures_kept, figures_sheet, network
from store.figures import Asked
from store.languages import load_languages
from store.offers import load_offer_rules
from store.regions import load_regions
from store.staff import Session

router = APIRouter(dependencies=[Depends(needs(May.SEE_FIGURES))])
AnyPeriod = Annotated[Period, Query()]


@router.get("/figures")
def show(desk: AtDesk, session: SignedIn, period: AnyPeriod = Period.QUARTER) -> Response:
    """Show the figures of one's scope for a period."""
    sheet = figures_kept.look(desk.vault, session.staff, period, now=desk.now())
    return desk.show(
        "figures.html",
        session,
        sheet=sheet,
        signs=[(_sign(name), count) for name, count in sheet.signs],
        period=period,
        periods=list(Period),
        scope=scope_name(session),
        ages=AGES,
        names=_names(),
        languages={one.code: one.name for one in load_languages().all},
        regions=load_regions().names,
        least=INTERNAL,
        most=network.MOST,
    )


def asked_for(desk: Desk, session: Session, period: Period) -> Asked:
    """Say whose figures are asked for and from when."""
    return figures_sheet.asked_at(session.staff, period, desk.now())


def scope_name(session: Session) -> str:
    """Name the part of the country somebody looks at; empty for all of it."""
    return load_regions().names.get(session.staff.scope.region, "")


def _names() -> dict[str, str]:
    """Name countries by their codes."""
    return {country.code: country.name for country in facts().countries}


@cache
def _signs() -> dict[str, str]:
    rules = load_offer_rules(ROOT / "knowledge" / "offer_signs.yml")
    return {name: sign.sms for name, sign in rules.signs.items()}


def _sign(name: str) -> str:
    """Say what a sign is, as callers read it; the id of one that is in the file no more."""
    return _signs().get(name, name)
