"""Tables that leave the house: for publication (nobody can be found in them) and for the desk."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import openpyxl
import sqlalchemy as sa

from hotline import ctdc
from hotline.elements import Answer
from hotline.figures import nested
from hotline.staff import May, Staff
from hotline.suppress import PUBLISHED, Table, suppress, suppress_nested
from hotline.tickets import Category, Clearing, State, Urgency, Verification
from store import elements, figures, victims
from store.console_tables import ticket_regions, ticket_work
from store.crypto import Keyring
from store.figures import Asked
from store.regions import load_regions
from store.tables import ticket_facts, tickets
from store.ticket_facts import open_value
from store.ticket_work import PARTS

_JAKARTA = timezone(timedelta(hours=7))
# A spreadsheet would run what begins so, and some skip blanks before they look.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "|", "%")
_BLANK = " \u00a0\ufeff"
# Where "," is no separator but one of these is, as in Excel in Indonesian, a cell begins there.
_RUNS = re.escape("".join(_FORMULA).strip())
_INSIDE = re.compile(rf"""([;\t|\r\n][\s"{_BLANK}]*)(?=[{_RUNS}])""")
_NAMED = 200  # tickets named one by one in an export's line of the log
HIDDEN = "x"  # what stands for a hidden count; a blank would read as nought
STATISTICS = ("table", "cell", "tickets")
WORK = (
    "code", "opened_at", "category", "urgency", "state", "verification", "clearing", "language",
    "unit", "first_answer_at", "outcome", "closed_at", *PARTS,
)  # fmt: skip
Lines = list[tuple[object, ...]]


def year_of(moment: float) -> int:
    """Give the calendar year in Jakarta."""
    return datetime.fromtimestamp(moment, _JAKARTA).year


def bounds(year: int) -> tuple[float, float]:
    """Give the first and the last moment of a year in Jakarta."""
    first, after = (datetime(y, 1, 1, tzinfo=_JAKARTA).timestamp() for y in (year, year + 1))
    return first, after - 0.001


def first_year(connection: sa.Connection, staff: Staff) -> int | None:
    """Give the year of the oldest ticket in somebody's scope."""
    asked = Asked(staff, 0.0, 1e12)
    oldest = connection.execute(figures.query(asked, sa.func.min(tickets.c.opened_at))).scalar()
    return None if oldest is None else year_of(oldest)


def statistics(connection: sa.Connection, asked: Asked) -> Lines:
    """Count a year by kind and place, for publication."""
    lines: Lines = []
    kinds: dict[str, Iterable[str]] = {"category": Category, "urgency": Urgency, "state": State}
    for what in ("category", "urgency", "state", "outcome", "channel", "language"):
        counts = figures.by(connection, asked, what)
        counts = dict.fromkeys((str(one) for one in kinds.get(what, ())), 0) | counts
        lines += _lines(what, suppress(counts, PUBLISHED))
    countries = figures.by_country(connection, asked, "destination")
    lines += _lines("country", suppress(countries, PUBLISHED))
    codes = list(load_regions().names)
    for part in PARTS:
        counts = figures.by_region(connection, asked, part)
        for name, table in suppress_nested(nested(counts, codes), PUBLISHED).items():
            lines += _lines(f"{part} {name}".strip(), table)
    return lines


def _lines(name: str, table: Table) -> Lines:
    cells = [*table.cells.items(), ("total", table.total)]
    return [(name, cell, HIDDEN if count is None else count) for cell, count in cells]


def ctdc_rows(connection: sa.Connection, keyring: Keyring, asked: Asked) -> Lines:
    """Give a year's verified tickets in CTDC's columns, alike enough that none stands out."""
    query = figures.query(asked, tickets.c.id, tickets.c.opened_at, tickets.c.reasons).where(
        tickets.c.verification == Verification.VERIFIED.value,
        tickets.c.clearing == Clearing.UNIQUE.value,
    )
    marks = elements.answers_of(connection, figures.query(asked, tickets.c.id))
    rows = connection.execute(query).all()
    known = [_known(connection, keyring, row, marks.get(row.id, {})) for row in rows]
    return [tuple(row.values()) for row in ctdc.anonymous(map(ctdc.row_of, known))]


def _known(
    connection: sa.Connection, keyring: Keyring, row: Any, marks: Mapping[str, Answer]
) -> ctdc.Known:
    facts = connection.execute(
        sa.select(ticket_facts.c.field, ticket_facts.c.value_sealed)
        .where(ticket_facts.c.ticket_id == row.id)
        .where(ticket_facts.c.field.in_(("is_minor", "occupation")))
        .order_by(ticket_facts.c.id)
    )
    opened = ((one.field, open_value(keyring, one.value_sealed)) for one in facts)
    said = {field: value for field, value in opened if value is not None}
    region = ticket_regions.c.region
    abroad = connection.execute(
        sa.select(region).where(
            ticket_regions.c.ticket_id == row.id,
            ticket_regions.c.part == "destination",
            region > ":",
        )
    ).scalars()
    countries = list(abroad)
    people = victims.of_tickets(connection, keyring, [row.id])
    return ctdc.Known(
        year=year_of(row.opened_at),
        country=countries[0] if len(countries) == 1 else "",
        minor=ctdc.is_minor(said.get("is_minor", "")) or bool(victims.with_a_child(people)),
        occupation=said.get("occupation", ""),
        reasons=frozenset(row.reasons),
        answers=marks,
    )


def work_rows(connection: sa.Connection, asked: Asked) -> Lines:
    """Give one line for each ticket somebody may open: dates, kinds and regions, nothing said."""
    if not asked.staff.may(May.READ):
        return []
    query = figures.query(asked, tickets, ticket_work).order_by(tickets.c.opened_at, tickets.c.id)
    rows = connection.execute(query).all()
    places = _places(connection, asked)
    return [
        (
            row.code, _day(row.opened_at), row.category, row.urgency, row.state, row.verification,
            row.clearing, row.language, row.unit or "", _day(row.first_answer_at),
            row.outcome or "", _day(row.closed_at),
            *(" ".join(sorted(places.get((row.id, part), ()))) for part in PARTS),
        )
        for row in rows
    ]  # fmt: skip


def _places(connection: sa.Connection, asked: Asked) -> dict[tuple[int, str], list[str]]:
    found: dict[tuple[int, str], list[str]] = {}
    rows = connection.execute(
        sa.select(ticket_regions).where(
            ticket_regions.c.ticket_id.in_(figures.query(asked, tickets.c.id))
        )
    )
    for row in rows:
        found.setdefault((row.ticket_id, row.part), []).append(row.region)
    return found


def _day(moment: float | None) -> str:
    if moment is None:
        return ""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="minutes")


def harmless(value: object) -> object:
    """Keep a spreadsheet from taking a text for a formula, wherever it parts the text in cells."""
    if not isinstance(value, str):
        return value
    inside = _INSIDE.sub(r"\1'", value)
    return f"'{inside}" if value.lstrip(_BLANK).startswith(_FORMULA) else inside


def named(codes: Sequence[str]) -> dict[str, object]:
    """Say in a line of the log which tickets a table holds; of very many, a sum over the codes.

    The sum is SHA-256 of the sorted codes with a line break after each: whoever has the file can
    make it again.
    """
    if len(codes) <= _NAMED:
        return {"codes": sorted(codes)}
    text = "".join(f"{code}\n" for code in sorted(codes))
    return {"codes_sha256": hashlib.sha256(text.encode()).hexdigest()}


def as_csv(heading: Sequence[str], lines: Lines) -> bytes:
    """Write a table as CSV; the mark at its beginning lets Excel read the letters right."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heading)
    writer.writerows([harmless(value) for value in line] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(heading: Sequence[str], lines: Lines) -> bytes:
    """Write a table as a workbook of one sheet."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Suar")
    sheet.append(list(heading))
    for line in lines:
        sheet.append([harmless(value) for value in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
