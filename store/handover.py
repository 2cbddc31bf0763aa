"""Hand-over notes between shifts: what the next must know, and what was burning at that moment."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from hotline.errors import Refused
from hotline.roster import Shift, near
from hotline.staff import Staff
from hotline.tickets import Urgency
from store import ticket_list
from store.console_tables import staff
from store.crypto import Keyring
from store.duty_tables import duty_handovers, duty_shifts
from store.tables import tickets
from store.ticket_deadlines import DUE
from store.ticket_list import View

_TEXT = "duty_handovers.text"
LONGEST = 4000
_KEPT = 14 * 86400.0  # older notes are no longer listed
_MOST = 50


@dataclass(frozen=True, kw_only=True)
class Note:
    """One hand-over note, with those of its tickets that the reader may know of."""

    id: int
    author: str
    author_id: int
    region: str
    unit: str
    text: str
    tickets: tuple[tuple[str, str], ...]  # code, and critical or late
    at: float
    read_at: float | None
    read_by: str


def burning(connection: sa.Connection, person: Staff, *, now: float) -> list[tuple[int, str, str]]:
    """List the open tickets somebody sees that are critical or late, the gravest first."""
    grave = sa.or_(tickets.c.urgency == Urgency.CRITICAL.value, now > DUE)
    lines = ticket_list.page(connection, person, View.OPEN, now=now, where=grave)
    critical = Urgency.CRITICAL.value
    return [
        (line.id, line.code, "critical" if line.urgency == critical else "late") for line in lines
    ]


def write(
    connection: sa.Connection,
    keyring: Keyring,
    shift: Shift | None,
    text: str,
    *,
    by: Staff,
    now: float,
) -> int:
    """Write the note of one's own shift; raises Refused without one, and for an endless note."""
    if shift is None:
        raise Refused("only who is or was just on duty hands over")
    if not 0 < len(text.strip()) <= LONGEST:
        raise Refused(f"a hand-over note has between 1 and {LONGEST} characters")
    row = {
        "shift_id": shift.id,
        "staff_id": by.id,
        "text_sealed": keyring.seal(text.strip(), _TEXT),
        "tickets": [[id_, why] for id_, _, why in burning(connection, by, now=now)],
        "at": now,
    }
    made = connection.execute(sa.insert(duty_handovers).returning(duty_handovers.c.id), row)
    return int(made.scalar_one())


def _query(now: float) -> sa.Select[tuple[object, ...]]:
    author, reader = staff.alias(), staff.alias()
    joined = (
        duty_handovers.join(duty_shifts, duty_shifts.c.id == duty_handovers.c.shift_id)
        .join(author, author.c.id == duty_handovers.c.staff_id)
        .outerjoin(reader, reader.c.id == duty_handovers.c.read_by)
    )
    return (
        sa.select(
            duty_handovers, duty_shifts.c.region, duty_shifts.c.unit,
            author.c.name.label("author"), reader.c.name.label("reader"),
        )
        .select_from(joined)
        .where(duty_handovers.c.at > now - _KEPT)
        .order_by(duty_handovers.c.id.desc())
        .limit(_MOST)
    )  # fmt: skip


def _may_read(person: Staff, row: sa.Row[tuple[object, ...]]) -> bool:
    return bool(row.staff_id == person.id or near(person, row.region))


def latest(connection: sa.Connection, keyring: Keyring, person: Staff, *, now: float) -> list[Note]:
    """Read the notes of the last two weeks that concern somebody, newest first."""
    rows = [row for row in connection.execute(_query(now)).all() if _may_read(person, row)]
    named = {id_ for row in rows for id_, _ in row.tickets}
    query = sa.select(tickets.c.id, tickets.c.code).where(
        tickets.c.id.in_(named), ticket_list.known(person, tickets.c.id)
    )
    codes = {row.id: row.code for row in connection.execute(query)}
    return [
        Note(
            id=row.id,
            author=row.author,
            author_id=row.staff_id,
            region=row.region,
            unit=row.unit,
            text=keyring.open(row.text_sealed, _TEXT),
            tickets=tuple((codes[id_], why) for id_, why in row.tickets if id_ in codes),
            at=row.at,
            read_at=row.read_at,
            read_by=row.reader or "",
        )
        for row in rows
    ]


def unread(connection: sa.Connection, person: Staff, *, now: float) -> int:
    """Count the notes of others that nobody has acknowledged yet."""
    rows = connection.execute(_query(now).where(duty_handovers.c.read_at.is_(None))).all()
    return sum(row.staff_id != person.id and _may_read(person, row) for row in rows)


def acknowledge(connection: sa.Connection, note_id: int, *, by: Staff, now: float) -> None:
    """Say that a note was read; the first who says so counts.

    Raises Refused for one's own note, one that is not for the reader, or one already acknowledged.
    """
    row = connection.execute(_query(now).where(duty_handovers.c.id == note_id)).first()
    if row is None or not _may_read(by, row):
        raise Refused("not_found")
    if row.staff_id == by.id:
        raise Refused("a hand-over note is acknowledged by the next, not by its author")
    mine = (duty_handovers.c.id == note_id) & duty_handovers.c.read_at.is_(None)
    done = connection.execute(
        sa.update(duty_handovers).where(mine).values(read_at=now, read_by=by.id)
    )
    if not done.rowcount:
        raise Refused("this hand-over note has been acknowledged already")
