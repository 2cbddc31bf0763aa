"""Tables to take away: for publication, or of one's own tickets without a word said."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, HTTPException, Response

from console.desk import AtDesk, Desk, SignedIn, needs
from console.figures import scope_name
from hotline import ctdc
from hotline.staff import May
from hotline.suppress import PUBLISHED
from store import db, exports
from store.exports import Lines
from store.figures import Asked
from store.staff import Session

router = APIRouter(dependencies=[Depends(needs(May.EXPORT))])


class Table(StrEnum):
    """What can be taken away."""

    STATISTICS = "statistics"
    CTDC = "ctdc"
    WORK = "work"


class File(StrEnum):
    """In which file."""

    CSV = "csv"
    XLSX = "xlsx"


_TYPES = {
    File.CSV: "text/csv; charset=utf-8",
    File.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_WRITERS = {File.CSV: exports.as_csv, File.XLSX: exports.as_xlsx}


@router.get("/exports")
def show(desk: AtDesk, session: SignedIn) -> Response:
    """Offer the tables and the years there are tickets of."""
    this_year = exports.year_of(desk.now())
    with db.read(desk.vault.engine) as connection:
        first = exports.first_year(connection, session.staff) or this_year
    years = list(range(this_year, first - 1, -1))
    return desk.show(
        "exports.html",
        session,
        years=years,
        finished=years[1:],
        least=PUBLISHED,
        scope=scope_name(session),
    )


@router.post("/exports")
def take(
    desk: AtDesk,
    session: SignedIn,
    table: Annotated[Table, Form()],
    year: Annotated[int, Form(ge=2000, le=2999)],
    form: Annotated[File, Form()] = File.CSV,
) -> Response:
    """Hand a table out; what was taken is logged.

    For publication only whole years that are over: tables of overlapping times would tell, one
    subtracted from the other, what each of them hides.
    """
    if table is not Table.WORK and year >= exports.year_of(desk.now()):
        raise HTTPException(422)
    asked = Asked(session.staff, *exports.bounds(year))
    with db.read(desk.vault.engine) as connection:
        heading, lines = _table(desk, connection, asked, table)
    with db.write(desk.vault.engine) as connection:
        desk.log(
            connection, session, "exported", table.value, year=year, form=form.value,
            lines=len(lines), **_which(session, table, lines),
        )  # fmt: skip
    name = f"suar-{table.value}-{year}.{form.value}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(_WRITERS[form](heading, lines), media_type=_TYPES[form], headers=headers)


def _which(session: Session, table: Table, lines: Lines) -> dict[str, object]:
    """Say for the log what a table holds; in those for publication stands no single ticket."""
    scope = {"scope": session.staff.scope.region or "national"}
    if table is not Table.WORK:
        return {**scope}
    return {**scope, **exports.named([str(line[0]) for line in lines])}


def _table(
    desk: Desk, connection: sa.Connection, asked: Asked, table: Table
) -> tuple[tuple[str, ...], Lines]:
    if table is Table.STATISTICS:
        return exports.STATISTICS, exports.statistics(connection, asked)
    if table is Table.CTDC:
        return ctdc.COLUMNS, exports.ctdc_rows(connection, desk.vault.keyring, asked)
    return exports.WORK, exports.work_rows(connection, asked)
