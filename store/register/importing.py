"""Bringing a register file into force, or refusing it and leaving the old register as it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa

from hotline.register import DEMO_MARK, FRESHNESS_DAYS, Recruiter, RegisterFileError
from store.register.checking import read_recruiters
from store.register.names import normal_licence, normal_name
from store.register.reading import read_bytes, read_grids
from store.register.rows import Entry, ReadRegister, read_register
from store.register.tables import recruiters, register_imports

SMALLEST_SHARE = 0.5
"""A file with a smaller share of the last one's rows is taken for a broken download ..."""
USUAL_SHARE = 0.9
"""... and so is one with a smaller share than this, unless only a few rows are missing."""
FEW_ROWS = 5

_LISTED = 200


@dataclass(frozen=True, slots=True)
class Changes:
    """How a new register differs from the one it replaces."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    statuses: tuple[tuple[str, str, str], ...] = ()
    """Name, status before, status now."""
    other: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return counts, and names as far as a reader would go through them."""
        return {
            "added": {"count": len(self.added), "names": list(self.added[:_LISTED])},
            "removed": {"count": len(self.removed), "names": list(self.removed[:_LISTED])},
            "statuses": [
                {"name": name, "from": before, "to": now} for name, before, now in self.statuses
            ],
            "other": {"count": len(self.other), "names": list(self.other[:_LISTED])},
        }


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did."""

    import_id: int
    file_name: str
    file_sha256: str
    source: str
    as_of: date
    rows: int
    demo: bool
    replaced: str
    """The source of the register that was in force before; empty when there was none."""
    changes: Changes = field(default_factory=Changes)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _InForce:
    id: int
    source: str
    as_of: date
    rows: int
    demo: bool


def import_file(
    engine: sa.Engine,
    file: Path,
    *,
    source: str,
    as_of: date,
    now: datetime,
    demo: bool = False,
    accept_shrunken: bool = False,
    accept_older: bool = False,
    freshness_days: int = FRESHNESS_DAYS,
) -> ImportReport:
    """Bring a file into force as the register, in one transaction.

    Raises RegisterFileError, with the old register still in force, for a file that is
    corrupt, is dated in the future, is older than the last one or holds far fewer rows.
    """
    _refuse_bad_labels(source, as_of, now)
    content = read_bytes(file)
    digest = sha256(content).hexdigest()
    register = read_register(read_grids(content, file.name), file.name)
    if demo and DEMO_MARK not in source.casefold():
        source = f"{DEMO_MARK}: {source}"
    with engine.begin() as connection:
        old = _in_force(connection)
        _refuse_demo_over_real(old, demo=demo)
        # An invented register says nothing about the size of a real one.
        if old is not None and old.demo == demo:
            if not accept_shrunken:
                _refuse_shrunken(file.name, len(register.entries), old.rows)
            if not accept_older:
                _refuse_older(as_of, old)
        before = read_recruiters(connection, old.id) if old else []
        changes = compare(before, [entry.recruiter for entry in register.entries])
        import_id = _bring_into_force(
            connection,
            register.entries,
            file_name=file.name[:255],
            file_sha256=digest,
            source=source,
            as_of=as_of,
            imported_at=now.timestamp(),
            demo=demo,
            changes=changes.as_dict(),
        )
    return ImportReport(
        import_id=import_id,
        file_name=file.name,
        file_sha256=digest,
        source=source,
        as_of=as_of,
        rows=len(register.entries),
        demo=demo,
        replaced=old.source if old else "",
        changes=changes,
        warnings=_warnings(register, old, as_of=as_of, now=now, days=freshness_days),
    )


def demo_file() -> Path:
    """Return the invented register that ships with the project."""
    return Path(__file__).resolve().parents[2] / "knowledge" / "register_demo.csv"


def import_demo(engine: sa.Engine, *, now: datetime) -> ImportReport | None:
    """Load the invented register when there is none, or when it is all there is and too old."""
    with engine.connect() as connection:
        old = _in_force(connection)
    fresh_from = now.date() - timedelta(days=FRESHNESS_DAYS)
    if old is not None and (not old.demo or old.as_of >= fresh_from):
        return None
    return import_file(
        engine, demo_file(), source=f"{DEMO_MARK} (nama karangan)", as_of=now.date(), now=now,
        demo=True,
    )  # fmt: skip


def compare(before: Sequence[Recruiter], now: Sequence[Recruiter]) -> Changes:
    """Tell what changed, following a firm by its licence number or else by its name."""
    old, new = _by_identity(before), _by_identity(now)
    gone = {key: firm for key, firm in old.items() if key not in new}
    come = {key: firm for key, firm in new.items() if key not in old}
    # A firm whose number was filled in or changed is the same firm, not one gone and one new.
    former = {normal_name(firm.name): key for key, firm in gone.items()}
    pairs = [(old[key], new[key]) for key in old.keys() & new.keys()]
    for key, firm in list(come.items()):
        known = former.pop(normal_name(firm.name), None)
        if known is not None:
            pairs.append((gone.pop(known), come.pop(key)))
    pairs.sort(key=lambda pair: pair[1].name)
    return Changes(
        added=tuple(sorted(firm.name for firm in come.values())),
        removed=tuple(sorted(firm.name for firm in gone.values())),
        statuses=tuple(
            (new_.name, old_.status.value, new_.status.value)
            for old_, new_ in pairs
            if old_.status is not new_.status
        ),
        other=tuple(
            new_.name for old_, new_ in pairs if old_ != new_ and old_.status is new_.status
        ),
    )


def _by_identity(firms: Sequence[Recruiter]) -> dict[tuple[str, str], Recruiter]:
    return {
        ("licence", normal_licence(firm.licence_no))
        if firm.licence_no
        else ("name", f"{normal_name(firm.name)} {firm.city.casefold()}"): firm
        for firm in firms
    }


def _in_force(connection: sa.Connection) -> _InForce | None:
    table = register_imports.c
    row = connection.execute(
        sa.select(table.id, table.source, table.as_of, table.rows, table.demo).where(table.in_force)
    ).one_or_none()
    return _InForce(row.id, row.source, row.as_of, row.rows, row.demo) if row else None


def _bring_into_force(connection: sa.Connection, entries: Sequence[Entry], **labels: object) -> int:
    """Write a register and put it in the place of the one in force."""
    table = register_imports
    connection.execute(sa.update(table).where(table.c.in_force).values(in_force=False))
    row = sa.insert(table).values(rows=len(entries), in_force=True, **labels)
    import_id: int = connection.execute(row.returning(table.c.id)).scalar_one()
    connection.execute(sa.insert(recruiters), [_row(import_id, entry) for entry in entries])
    return import_id


def _refuse_bad_labels(source: str, as_of: date, now: datetime) -> None:
    if not source.strip():
        raise RegisterFileError("Say where the file comes from: --source with its address.")
    # A day's grace: it is tomorrow in Jayapura while the server's clock runs in UTC.
    if as_of > now.astimezone(UTC).date() + timedelta(days=1):
        raise RegisterFileError(
            f"The as-of date {as_of} lies in the future. Give the date on which the list was "
            "published or downloaded."
        )


def _refuse_demo_over_real(old: _InForce | None, *, demo: bool) -> None:
    if demo and old is not None and not old.demo:
        raise RegisterFileError(
            f"A real register is in force ({old.source}, as of {old.as_of}); invented data does "
            "not replace it."
        )


def _refuse_shrunken(file_name: str, rows: int, rows_before: int) -> None:
    few = rows_before - rows <= FEW_ROWS
    if rows < SMALLEST_SHARE * rows_before:
        share = "fewer than half"
    elif rows < USUAL_SHARE * rows_before and not few:
        share = f"fewer than {USUAL_SHARE:.0%}"
    else:
        return
    raise RegisterFileError(
        f"{file_name} holds {rows} recruiters, {share} of the {rows_before} in the register in "
        "force. It is probably cut short, so the old register stays in force. Download it again "
        "and compare it with the source; if it really shrank, import it with --accept-shrunken."
    )


def _refuse_older(as_of: date, old: _InForce) -> None:
    if as_of < old.as_of:
        raise RegisterFileError(
            f"This list (as of {as_of}) is older than the one in force ({old.as_of}): firms that "
            "lost their licence since would count as licensed again. Check --as-of; if the older "
            "list is the right one, import it with --accept-older."
        )


def _warnings(
    register: ReadRegister, old: _InForce | None, *, as_of: date, now: datetime, days: int
) -> tuple[str, ...]:
    found = []
    if register.unknown_headings:
        found.append("columns kept but not understood: " + ", ".join(register.unknown_headings))
    for printed, count in sorted(register.unknown_statuses.items()):
        found.append(f"status not understood, taken as needs_verification: {printed} ({count})")
    if register.merged_rows:
        found.append(f"{register.merged_rows} rows repeated a firm and were joined with it")
    if register.nameless_rows:
        found.append(f"{register.nameless_rows} rows without a name were left out")
    if old is not None and not old.demo and as_of < old.as_of:
        found.append(f"this list (as of {as_of}) is older than the one it replaces ({old.as_of})")
    if (now.date() - as_of).days > days:
        found.append(f"the list is more than {days} days old: answers will say so")
    return tuple(found)


def _row(import_id: int, entry: Entry) -> dict[str, object]:
    firm = entry.recruiter
    return {
        "import_id": import_id,
        "name": firm.name,
        "normal_name": normal_name(firm.name),
        "aliases": list(firm.aliases),
        "licence_no": firm.licence_no,
        "licence_normal": normal_licence(firm.licence_no),
        "status": firm.status.value,
        "city": firm.city,
        "province": firm.province,
        "branches": list(firm.branches),
        "sanctions": list(firm.sanctions),
        "valid_until_as_printed": firm.valid_until_as_printed,
        "source_row": entry.source_row,
    }
