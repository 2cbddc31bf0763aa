"""An export with names, numbers and stories: a table in an encrypted file, taken once."""

from __future__ import annotations

import csv
import io
import os
import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyzipper
import sqlalchemy as sa

from hotline.elements import Answer, marked
from hotline.referrals import LISTS, may_go_along
from hotline.settings import Settings
from hotline.staff import May, Staff
from hotline.tickets import FACT_FIELDS, Fact, known_of
from hotline.victims import Details, for_others
from store import elements, hidden_callers, victims
from store.console_tables import ticket_regions, ticket_work
from store.crypto import Keyring
from store.exports import bounds, harmless
from store.paper_tables import personal_exports
from store.tables import conversations, ticket_conversations, ticket_facts, tickets
from store.ticket_facts import open_value
from store.ticket_list import visible
from store.ticket_work import PARTS
from store.victims import Victim

_ABOUT = ("code", "opened_at", "category", "urgency", "state", "language", "anonymous", "unit")
HEADING = (*_ABOUT, *(f"{part}_code" for part in PARTS), "addresses", *FACT_FIELDS, *LISTS)
KEEP_SECONDS = 15 * 60.0
_CHUNK = 500  # tickets held in memory at a time
# Read aloud and typed by hand: no letter that looks like another. 25 of 31 are 123 bits.
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_REASON = "personal_exports.reason"
_ABANDONED = 3600.0


@dataclass(frozen=True, kw_only=True)
class Export:
    """One export that somebody has made."""

    id: int
    year: int
    lines: int
    reason: str
    at: float
    taken_at: float | None
    file: str


def new_passphrase() -> str:
    """Draw a passphrase in five groups of five letters."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(5))
    return "-".join(groups)


def rows(
    connection: sa.Connection, keyring: Keyring, staff: Staff, year: int, *, chunk: int = _CHUNK
) -> Iterator[tuple[str, ...]]:
    """Give one line for each ticket of a year that somebody may open, a few in memory at a time."""
    if not staff.may(May.UNMASK):
        return
    last = 0
    joined = tickets.outerjoin(ticket_work, ticket_work.c.ticket_id == tickets.c.id)
    query = (
        sa.select(tickets, ticket_work.c.unit)
        .select_from(joined)
        .where(visible(staff), tickets.c.opened_at.between(*bounds(year)))
        .order_by(tickets.c.id)
        .limit(chunk)
    )
    while found := connection.execute(query.where(tickets.c.id > last)).all():
        last = found[-1].id
        ids = [row.id for row in found]
        facts = _facts(connection, keyring, ids)
        places = _places(connection, ids)
        people = victims.of_tickets(connection, keyring, ids)
        answers = elements.answers_of(connection, ids)
        hidden = hidden_callers.among(connection, ids)
        addresses = _addresses(connection, keyring, [id_ for id_ in ids if id_ not in hidden])
        for row in found:
            yield _line(
                row, facts.get(row.id, []), places, addresses.get(row.id, []),
                people.get(row.id, []), answers.get(row.id, {}), hides=row.id in hidden,
            )  # fmt: skip


def noting(lines: Iterable[tuple[str, ...]], codes: list[str]) -> Iterator[tuple[str, ...]]:
    """Pass lines on, and note whose they are: the log says which tickets left the house."""
    for line in lines:
        codes.append(line[0])
        yield line


def _line(
    row: Any,
    facts: list[Fact],
    places: dict[tuple[int, str], list[str]],
    addresses: list[str],
    people: list[Victim],
    answers: dict[str, Answer],
    *,
    hides: bool,
) -> tuple[str, ...]:
    known = known_of(facts)
    told = may_go_along(known, anonymous=hides)
    opened = datetime.fromtimestamp(row.opened_at, UTC).isoformat(timespec="minutes")
    anonymous = "yes" if row.anonymous else "no"
    return (
        row.code, opened, row.category, row.urgency, row.state, row.language, anonymous,
        row.unit or "",
        *(" ".join(sorted(places.get((row.id, part), ()))) for part in PARTS),
        " ".join(addresses),
        *(known[field] if field in told else "" for field in FACT_FIELDS),
        "\n".join(_person(one.now.details, anonymous=hides) for one in people),
        " ".join(f"{part}.{name}" for part, names in marked(answers).items() for name in names),
    )  # fmt: skip


def _person(details: Details, *, anonymous: bool) -> str:
    """Write somebody in one line: name, relation, sex, age, under eighteen, where, how."""
    one = for_others(details, anonymous=anonymous)
    age = "" if one.age is None else str(one.age)
    return "; ".join(
        (one.name, one.relation, one.sex, age, one.minor, one.whereabouts, one.condition)
    )


def _facts(connection: sa.Connection, keyring: Keyring, ids: list[int]) -> dict[int, list[Fact]]:
    query = sa.select(ticket_facts).where(ticket_facts.c.ticket_id.in_(ids))
    found: dict[int, list[Fact]] = {}
    for row in connection.execute(query.order_by(ticket_facts.c.id)):
        value = open_value(keyring, row.value_sealed)
        if value is None:
            continue
        one = Fact(field=row.field, value=value, said_by=row.said_by, message_id=row.message_id,
                   at=datetime.fromtimestamp(row.at, UTC))  # fmt: skip
        found.setdefault(row.ticket_id, []).append(one)
    return found


def _places(connection: sa.Connection, ids: list[int]) -> dict[tuple[int, str], list[str]]:
    found: dict[tuple[int, str], list[str]] = {}
    query = sa.select(ticket_regions).where(ticket_regions.c.ticket_id.in_(ids))
    for row in connection.execute(query):
        found.setdefault((row.ticket_id, row.part), []).append(row.region)
    return found


def _addresses(connection: sa.Connection, keyring: Keyring, ids: list[int]) -> dict[int, list[str]]:
    query = (
        sa.select(
            ticket_conversations.c.ticket_id,
            conversations.c.channel,
            conversations.c.address_sealed,
        )
        .join(conversations)
        .where(ticket_conversations.c.ticket_id.in_(ids))
        .order_by(ticket_conversations.c.joined_at, conversations.c.id)
    )
    found: dict[int, list[str]] = {}
    for row in connection.execute(query):
        address = keyring.open(row.address_sealed, "conversations.address")
        found.setdefault(row.ticket_id, []).append(f"{row.channel}:{address}")
    return found


def write(file: Path, lines: Iterable[Sequence[str]], passphrase: str, name: str) -> int:
    """Write a table as CSV into an encrypted file, line after line; returns how many lines.

    Names in a zip stand in the clear: `name` must tell nothing.
    """
    written = 0
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with (
        os.fdopen(descriptor, "wb") as raw,
        pyzipper.AESZipFile(raw, "w", pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as packed,
    ):
        packed.setpassword(passphrase.encode())
        with (
            packed.open(name, "w", force_zip64=True) as member,
            io.TextIOWrapper(member, "utf-8-sig", newline="") as out,
        ):
            writer = csv.writer(out)
            writer.writerow(HEADING)
            for line in lines:
                writer.writerow([harmless(value) if value else "" for value in line])
                written += 1
    return written


def folder(settings: Settings) -> Path:
    """Give the folder in which a file waits to be taken."""
    found = settings.home / "exports"
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    return found


def new_name() -> str:
    """Draw a name for a file, which tells nothing."""
    return f"{secrets.token_hex(12)}.zip"


def note(
    connection: sa.Connection, keyring: Keyring, *, staff_id: int, year: int, lines: int,
    reason: str, file: str, now: float,
) -> int:  # fmt: skip
    """Write down who made an export, of what and why; returns its number."""
    row = {
        "staff_id": staff_id, "year": year, "lines": lines, "file": file, "at": now,
        "reason_sealed": keyring.seal(reason, _REASON),
    }  # fmt: skip
    query = sa.insert(personal_exports).returning(personal_exports.c.id)
    return int(connection.execute(query, row).scalar_one())


def take(connection: sa.Connection, export_id: int, staff_id: int, *, now: float) -> str | None:
    """Give the name of a file to whoever made it: once, and within a quarter of an hour."""
    found = connection.execute(
        sa.update(personal_exports)
        .where(
            personal_exports.c.id == export_id,
            personal_exports.c.staff_id == staff_id,
            personal_exports.c.taken_at.is_(None),
            personal_exports.c.at > now - KEEP_SECONDS,
        )
        .values(taken_at=now)
        .returning(personal_exports.c.file)
    ).scalar()
    return None if found is None else str(found)


def made_by(connection: sa.Connection, keyring: Keyring, staff_id: int) -> list[Export]:
    """List the exports somebody made, newest first."""
    query = (
        sa.select(personal_exports)
        .where(personal_exports.c.staff_id == staff_id)
        .order_by(personal_exports.c.id.desc())
        .limit(20)
    )
    return [
        Export(
            id=row.id, year=row.year, lines=row.lines, at=row.at, taken_at=row.taken_at,
            reason=keyring.open(row.reason_sealed, _REASON), file=row.file,
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def sweep(connection: sa.Connection, settings: Settings, *, now: float) -> None:
    """Remove the files that nobody took in time, and what a broken export left."""
    waiting = sa.select(personal_exports.c.file).where(
        personal_exports.c.taken_at.is_(None), personal_exports.c.at > now - KEEP_SECONDS
    )
    kept = set(connection.execute(waiting).scalars())
    for file in folder(settings).iterdir():
        # A file that is being written has no line yet: it is told by its age alone.
        old = file.stat().st_mtime < time.time() - _ABANDONED
        if (file.suffix == ".zip" and file.name not in kept) or old:
            file.unlink(missing_ok=True)
