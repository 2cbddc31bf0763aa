"""The commands `suar register import` and `suar register check`."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TextIO

import sqlalchemy as sa

from hotline.register import (
    DEMO_MARK,
    FRESHNESS_DAYS,
    CheckOutcome,
    CheckResult,
    Match,
    RegisterFileError,
)
from store.register import ImportReport, RegisterIndex, import_file

_LISTED = 20


def import_command(
    engine: sa.Engine,
    file: Path,
    *,
    source: str,
    as_of: date,
    demo: bool,
    out: TextIO,
    now: datetime | None = None,
    accept_shrunken: bool = False,
    accept_older: bool = False,
    freshness_days: int = FRESHNESS_DAYS,
) -> int:
    """Import a register file and print what changed; return 0, or 1 when it was refused."""
    try:
        report = import_file(
            engine,
            file,
            source=source,
            as_of=as_of,
            now=now or datetime.now(UTC),
            demo=demo,
            accept_shrunken=accept_shrunken,
            accept_older=accept_older,
            freshness_days=freshness_days,
        )
    except RegisterFileError as error:
        print(f"Refused: {error}\nThe register in force has not changed.", file=out)
        return 1
    except sa.exc.SQLAlchemyError as error:
        # The driver's own text may quote rows; its kind is enough to act on.
        print(
            f"The database could not store the register ({type(error).__name__}): check its disk "
            "and connection. The register in force has not changed.",
            file=out,
        )
        return 1
    print_report(report, out)
    return 0


def print_report(report: ImportReport, out: TextIO) -> None:
    """Print an import's outcome for the operator."""
    mark = f" ({DEMO_MARK}: invented names)" if report.demo else ""
    print(f"{report.rows} recruiters are in force from {report.file_name}{mark}.", file=out)
    print(f"Source: {report.source}, as of {report.as_of}", file=out)
    print(f"File hash (SHA-256): {report.file_sha256}", file=out)
    if report.replaced:
        print(f"Replaces: {report.replaced}", file=out)
    changes = report.changes
    print(
        f"Changes: {len(changes.added)} new, {len(changes.removed)} gone, "
        f"{len(changes.statuses)} with another status, {len(changes.other)} changed otherwise.",
        file=out,
    )
    if report.replaced:
        _print_names("new", [f"+ {name}" for name in changes.added], out)
        _print_names("gone", [f"- {name}" for name in changes.removed], out)
        moves = [f"! {name}: {before} -> {now}" for name, before, now in changes.statuses]
        _print_names("with another status", moves, out)
        _print_names("changed otherwise", [f"~ {name}" for name in changes.other], out)
    for warning in report.warnings:
        print(f"Note: {warning}.", file=out)


def _print_names(kind: str, lines: list[str], out: TextIO) -> None:
    for line in lines[:_LISTED]:
        print(f"  {line}", file=out)
    if len(lines) > _LISTED:
        print(f"  ... and {len(lines) - _LISTED} more {kind}", file=out)


def check_command(
    engine: sa.Engine,
    name: str,
    *,
    as_json: bool,
    today: date,
    out: TextIO,
    freshness_days: int = FRESHNESS_DAYS,
) -> int:
    """Check a name or licence number and print the answer; return 0."""
    with engine.connect() as connection:
        index = RegisterIndex.load(connection)
    result = index.check(name, today=today, freshness_days=freshness_days)
    if as_json:
        print(json.dumps(result.as_dict(), ensure_ascii=False), file=out)
    else:
        print_result(result, out)
    return 0


def print_result(result: CheckResult, out: TextIO) -> None:
    """Print a check's answer for the operator."""
    print(f"{result.query}: {result.match.value}, {result.result.value}", file=out)
    for candidate in result.candidates:
        firm = candidate.recruiter
        place = ", ".join(filter(None, (firm.city, firm.province))) or "place not printed"
        licence = firm.licence_no or "no licence number printed"
        print(
            f"  {firm.name} ({place}; {licence}): {firm.status.value}, {candidate.score:g}",
            file=out,
        )
    if result.recruiter is not None:
        firm = result.recruiter
        for label, texts in (
            ("valid until, as printed", (firm.valid_until_as_printed,)),
            ("branches", firm.branches),
            ("sanctions", firm.sanctions),
        ):
            if any(texts):
                print(f"  {label}: {'; '.join(texts)}", file=out)
    if result.match is Match.CANDIDATES:
        print("  Several or similar names: compare the city and the licence number.", file=out)
    if result.register is not None:
        info = result.register
        mark = f" [{DEMO_MARK}: invented names]" if info.demo else ""
        print(f"Source: {info.source}, as of {info.as_of}, {info.rows} rows{mark}", file=out)
    if result.result is CheckOutcome.SOURCE_TOO_OLD:
        print("The list is too old to rely on: import a newer one.", file=out)
    if result.result is CheckOutcome.NO_REGISTER:
        print("No register is loaded: import one with `suar register import`.", file=out)
