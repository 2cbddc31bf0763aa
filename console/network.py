"""What links tickets of one's scope: recruiters, numbers and accounts that several of them name."""

from __future__ import annotations

import math
from dataclasses import dataclass

from fastapi import APIRouter, Depends, Response

from console.desk import AtDesk, SignedIn, needs
from console.figures import AnyPeriod, asked_for, scope_name
from hotline.figures import Period
from hotline.staff import May
from store import db, network
from store.network import Knot
from store.register.checking import RegisterIndex

router = APIRouter(dependencies=[Depends(needs(May.READ)), Depends(needs(May.SEE_FIGURES))])
_DRAWN = 12  # knots; more could not be told apart
_WIDTH, _MIDDLE, _ROW = 640, 320, 26


@dataclass(frozen=True)
class Drawing:
    """The knots on the left, the tickets on the right, and lines between."""

    knots: list[tuple[Knot, float]]
    codes: list[tuple[str, float]]
    lines: list[tuple[float, float]]
    height: float


@router.get("/network")
def show(desk: AtDesk, session: SignedIn, period: AnyPeriod = Period.YEAR) -> Response:
    """Show what at least two tickets name; that it was looked at is logged."""
    asked = asked_for(desk, session, period)
    with db.write(desk.vault.engine) as connection:
        desk.log(connection, session, "network_read", "tickets", period=period.value)
    with db.read(desk.vault.engine) as connection:
        register = RegisterIndex.load(connection)
        found = network.network(connection, desk.vault.keyring, asked, register)
    return desk.show(
        "network.html",
        session,
        knots=found.knots,
        cut=found.cut,
        most=network.MOST,
        drawing=drawing(found.knots[:_DRAWN]),
        middle=_MIDDLE,
        width=_WIDTH,
        period=period,
        periods=list(Period),
        scope=scope_name(session),
        register=register.info,
    )


def drawing(knots: tuple[Knot, ...]) -> Drawing:
    """Lay the knots and their tickets out in two columns."""
    codes = list(dict.fromkeys(code for knot in knots for code in knot.codes))[: 3 * _DRAWN]
    height = _ROW * max(len(knots), len(codes), 1)

    def at(index: int, count: int) -> float:
        return round(height * (index + 0.5) / count, 1)

    rows = {code: at(n, len(codes)) for n, code in enumerate(codes)}
    placed = [(knot, at(n, len(knots))) for n, knot in enumerate(knots)]
    lines = [(y, rows[code]) for knot, y in placed for code in knot.codes if code in rows]
    return Drawing(placed, list(rows.items()), lines, math.ceil(height))
