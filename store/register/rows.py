"""Turning a table's rows into recruiters, and saying what could not be understood."""

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from hotline.register import Recruiter, RecruiterStatus, RegisterFileError
from store.register.names import (
    normal_licence,
    normal_name,
    split_aliases,
)
from store.register.printed import field_of, status_of
from store.register.reading import Grid

_HEADING_SEARCH = 20
_MAX_NAMELESS = 0.10
_MAX_CELL = 2000
_ROUNDED = re.compile(r"^\d(?:[.,]\d+)?e\+?\d+$", re.IGNORECASE)
_CITY = re.compile(
    r"\b((?:kota|kab(?:upaten)?\.?)\s+(?:adm\.?\s+)?[^,;.()\d]{3,40})", re.IGNORECASE
)
_PARTS = re.compile(r"[;\n|]")
_NOTHING = frozenset({"", "-", "--", "–", "tidak ada", "nihil", "n/a", "none", "kosong", "0"})

# From mild to grave: of two rows about one firm the graver is believed.
_GRAVITY = (
    RecruiterStatus.ACTIVE,
    RecruiterStatus.ACTIVE_UNDER_SUPERVISION,
    RecruiterStatus.NEEDS_VERIFICATION,
    RecruiterStatus.EXPIRED,
    RecruiterStatus.SUSPENDED_PARTIAL,
    RecruiterStatus.SUSPENDED,
    RecruiterStatus.REVOKED,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A recruiter together with the row it was read from."""

    recruiter: Recruiter
    source_row: dict[str, str]


@dataclass(slots=True)
class ReadRegister:
    """What a file holds, and what an operator should look at."""

    entries: list[Entry]
    unknown_headings: list[str] = field(default_factory=list)
    unknown_statuses: dict[str, int] = field(default_factory=dict)
    merged_rows: int = 0
    nameless_rows: int = 0


def read_register(grids: list[Grid], file_name: str) -> ReadRegister:
    """Find the register among a file's tables and read its rows."""
    headings, body, first_line = _find_table(grids, file_name)
    fields = [field_of(heading) for heading in headings]
    register = ReadRegister(
        entries=[],
        unknown_headings=[h for h, f in zip(headings, fields, strict=True) if h and not f],
    )
    unknown: Counter[str] = Counter()
    for line, row in enumerate(body, start=first_line):
        if len(row) > len(headings):
            raise RegisterFileError(
                f"{file_name}, row {line} has {len(row)} cells under {len(headings)} headings: the "
                "columns have slipped. Download it again, or put texts with commas in quotes."
            )
        cells = row + [""] * (len(headings) - len(row))
        if cells == headings or _is_numbering(cells):
            continue
        entry = _entry(cells, headings, fields, f"{file_name}, row {line}", unknown)
        if entry is None:
            register.nameless_rows += 1
        else:
            register.entries.append(entry)
    _refuse_hollow(register, file_name)
    register.unknown_statuses = dict(unknown)
    _merge_same_firms(register)
    return register


def _find_table(grids: list[Grid], file_name: str) -> tuple[list[str], Grid, int]:
    """Return headings, the rows under them and the number of the first such row."""
    best: tuple[int, int, list[str], Grid, int] | None = None
    for grid in grids:
        for line, row in enumerate(grid[:_HEADING_SEARCH]):
            known = [found for found in map(field_of, row) if found]
            if "name" not in known:
                continue
            body = grid[line + 1 :]
            ranking = (len(set(known)), len(body), row, body, line + 2)
            if best is None or ranking[:2] > best[:2]:
                best = ranking
    if best is None:
        raise RegisterFileError(
            f"{file_name} has no column of recruiters' names that is known here. Headings that "
            "are known: docs/register.md. Rename the column to 'nama' and import it again."
        )
    doubled = [name for name, n in Counter(filter(None, map(field_of, best[2]))).items() if n > 1]
    if "name" in doubled or "status" in doubled or "licence_no" in doubled:
        raise RegisterFileError(
            f"{file_name} has two columns for {', '.join(doubled)}. Rename or remove one."
        )
    return best[2], best[3], best[4]


def _is_numbering(cells: list[str]) -> bool:
    """Recognise the row of column numbers that official tables print under their headings."""
    told = [cell.strip("()") for cell in cells if cell]
    return len(told) > 1 and told == [str(n) for n in range(1, len(told) + 1)]


def _refuse_hollow(register: ReadRegister, file_name: str) -> None:
    total = len(register.entries) + register.nameless_rows
    if not register.entries:
        raise RegisterFileError(f"{file_name} has headings but no recruiters. Download it again.")
    if register.nameless_rows > _MAX_NAMELESS * total:
        raise RegisterFileError(
            f"{file_name} lacks the name in {register.nameless_rows} of {total} rows: it is "
            "damaged or its columns have slipped. Download it again."
        )


def _entry(
    cells: list[str],
    headings: list[str],
    fields: list[str | None],
    where: str,
    unknown: Counter[str],
) -> Entry | None:
    told = {
        found: text[:_MAX_CELL]
        for found, text in zip(fields, cells, strict=True)
        if found and text.casefold() not in _NOTHING
    }
    name, more_aliases = split_aliases(" ".join(told.get("name", "").split()))
    if not any(c.isalpha() for c in normal_name(name)):
        return None
    licence = " ".join(told.get("licence_no", "").split())
    if _ROUNDED.match(licence):
        raise RegisterFileError(
            f"{where}: the licence number {licence} was rounded by a spreadsheet. Fill the column "
            "from the source again, formatted as text."
        )
    sanctions = _parts(told.get("sanctions", ""))
    recruiter = Recruiter(
        name=name,
        licence_no=licence,
        status=_status(told.get("status", ""), sanctions, unknown),
        city=" ".join(told.get("city", _city_within(told.get("address", ""))).split()),
        province=" ".join(told.get("province", "").split()),
        aliases=tuple(dict.fromkeys((*_parts(told.get("aliases", "")), *more_aliases))),
        branches=_parts(told.get("branches", "")),
        sanctions=sanctions,
        valid_until_as_printed=" ".join(told.get("valid_until", "").split()),
    )
    labels = [heading or f"column {n}" for n, heading in enumerate(headings, start=1)]
    return Entry(recruiter, dict(zip(labels, cells, strict=True)))


def _status(printed: str, sanctions: tuple[str, ...], unknown: Counter[str]) -> RecruiterStatus:
    punished = {status_of(sanction) for sanction in sanctions}
    if not printed:
        grave = [status for status in _GRAVITY if status in punished]
        return grave[-1] if grave else RecruiterStatus.NEEDS_VERIFICATION
    status = status_of(printed)
    if status is None:
        unknown[printed] += 1
        return RecruiterStatus.NEEDS_VERIFICATION
    if status is RecruiterStatus.ACTIVE and punished & set(_GRAVITY[4:]):
        # The row contradicts itself; a person has to ask the ministry.
        return RecruiterStatus.NEEDS_VERIFICATION
    return status


def _merge_same_firms(register: ReadRegister) -> None:
    """Join rows that repeat one firm, as lists with a row for each branch do."""
    kept: dict[tuple[str, str], Entry] = {}
    for entry in register.entries:
        firm = entry.recruiter
        licence = normal_licence(firm.licence_no)
        key = (normal_name(firm.name), licence or f"in {firm.city.casefold()}")
        if key in kept:
            kept[key] = replace(kept[key], recruiter=_merged(kept[key].recruiter, firm))
        else:
            kept[key] = entry
    register.merged_rows = len(register.entries) - len(kept)
    register.entries = list(kept.values())


def _merged(first: Recruiter, second: Recruiter) -> Recruiter:
    elsewhere = (second.city,) if second.city.casefold() != first.city.casefold() else ()
    return replace(
        first,
        status=max(first.status, second.status, key=_GRAVITY.index),
        aliases=tuple(dict.fromkeys(first.aliases + second.aliases)),
        branches=tuple(filter(None, dict.fromkeys(first.branches + second.branches + elsewhere))),
        sanctions=tuple(dict.fromkeys(first.sanctions + second.sanctions)),
    )


def _parts(text: str) -> tuple[str, ...]:
    pieces = (" ".join(piece.split()).strip(" ,") for piece in _PARTS.split(text))
    return tuple(piece for piece in pieces if piece.casefold() not in _NOTHING)


def _city_within(address: str) -> str:
    found = _CITY.search(address)
    return " ".join(found[1].split()) if found else ""
