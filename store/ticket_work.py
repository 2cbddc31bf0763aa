"""What responders do with a ticket: take it, give it on, note, label, place it in its regions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from hotline.errors import Refused
from hotline.follow_ups import HOME
from hotline.staff import Staff
from hotline.tickets import State
from store import follow_up_plan, ticket_changes
from store import next_owner as next_owners
from store.arrivals import insert_ignoring
from store.console_tables import (
    staff,
    ticket_labels,
    ticket_notes,
    ticket_regions,
    ticket_work,
)
from store.crypto import Keyring
from store.tables import tickets
from store.ticket_deadlines import LEVEL
from store.ticket_events import add_event, lock
from store.ticket_places import place_of as place_of

PARTS = ("origin", "transit", "destination")
# Where a ticket stands once a person has answered: nobody may be told that it was not read yet.
_READ = {State.NEW: State.TRIAGED, State.ASSIGNED: State.IN_PROGRESS}


@dataclass(frozen=True)
class Work:
    """Who has a ticket and what was noted."""

    unit: str
    staff_id: int | None
    staff_name: str
    first_answer_at: float | None
    next_response_due: float | None
    outcome: str | None
    resolution_due: float | None = None
    level: int = 0  # how far it has gone up for the deadline that counts now


@dataclass(frozen=True)
class Note:
    """One internal note; callers never see it."""

    author: str
    text: str
    at: float


def work_of(connection: sa.Connection, ticket_id: int) -> Work:
    """Read who has a ticket; an untouched one is nobody's."""
    row = connection.execute(
        sa.select(ticket_work, staff.c.name, tickets.c.resolution_due, LEVEL.label("up"))
        .select_from(
            # Two keys lead from ticket_work to tickets: which one is meant must be said.
            tickets.outerjoin(ticket_work, ticket_work.c.ticket_id == tickets.c.id).outerjoin(
                staff, staff.c.id == ticket_work.c.staff_id
            )
        )
        .where(tickets.c.id == ticket_id)
    ).first()
    if row is None:
        return Work("", None, "", None, None, None)
    return Work(
        row.unit or "",
        row.staff_id,
        row.name or "",
        row.first_answer_at,
        row.next_response_due,
        row.outcome,
        row.resolution_due,
        row.up,
    )


def _change(connection: sa.Connection, ticket_id: int, **values: object) -> None:
    connection.execute(insert_ignoring(connection, ticket_work), {"ticket_id": ticket_id})
    connection.execute(
        sa.update(ticket_work).where(ticket_work.c.ticket_id == ticket_id).values(**values)
    )


def assign(
    connection: sa.Connection,
    ticket_id: int,
    *,
    staff_id: int | None,
    unit: str,
    actor: str,
    now: float,
    expected: int | None = None,
) -> None:
    """Give a ticket to somebody or to a unit; raises Refused when another took it meanwhile.

    `expected` is who had it on the page that the actor saw: two who take at once do not both win.
    """
    lock(connection, ticket_id)
    had = work_of(connection, ticket_id)
    if had.staff_id not in {expected, staff_id}:
        raise Refused(f"{had.staff_name} has taken this ticket meanwhile")
    _change(connection, ticket_id, staff_id=staff_id, unit=unit)
    details = {"staff": staff_id, "unit": unit}
    add_event(connection, ticket_id, "assigned", actor, details, message_id=None, now=now)
    current = connection.execute(
        sa.select(tickets.c.state).where(tickets.c.id == ticket_id)
    ).scalar_one()
    if staff_id is not None and State(current) in {State.NEW, State.TRIAGED}:
        ticket_changes.move(connection, ticket_id, State.ASSIGNED, actor=actor, now=now)


def take(connection: sa.Connection, ticket_id: int, person: Staff, *, now: float) -> None:
    """Give a ticket to who takes it; raises Refused when a colleague has it."""
    had = work_of(connection, ticket_id)
    if had.staff_id not in {None, person.id}:
        raise Refused(f"{had.staff_name} has this ticket")
    if had.staff_id is None:
        assign(
            connection, ticket_id, staff_id=person.id, unit=person.unit, actor=person.login, now=now
        )


def answered(connection: sa.Connection, ticket_id: int, *, actor: str, now: float) -> None:
    """Note that a person has answered: the first time counts for good, and the ticket is read."""
    first = sa.func.coalesce(ticket_work.c.first_answer_at, now)
    _change(connection, ticket_id, first_answer_at=first, next_response_due=None)
    read_by_person(connection, ticket_id, actor=actor, now=now)


def read_by_person(connection: sa.Connection, ticket_id: int, *, actor: str, now: float) -> None:
    """Note that a person has read a ticket and works on it, whether or not the answer is out."""
    connection.execute(insert_ignoring(connection, ticket_work), {"ticket_id": ticket_id})
    current = connection.execute(
        sa.select(tickets.c.state).where(tickets.c.id == ticket_id)
    ).scalar_one()
    further = _READ.get(State(current))
    if further is not None:
        ticket_changes.move(connection, ticket_id, further, actor=actor, now=now)


def close(
    connection: sa.Connection,
    keyring: Keyring,
    ticket_id: int,
    *,
    outcome: str,
    next_owner: str,
    actor: str,
    now: float,
) -> None:
    """Close a resolved ticket; raises Refused without an outcome and a next owner."""
    if not outcome or not next_owner:
        raise Refused("a ticket closes only with an outcome and a next owner")
    named = next_owners.sealed(keyring, next_owner)
    _change(connection, ticket_id, outcome=outcome, closed_at=now, **named)
    ticket_changes.move(connection, ticket_id, State.CLOSED, actor=actor, now=now)
    if outcome == HOME:
        follow_up_plan.plan(connection, ticket_id, actor=actor, now=now)


def add_note(
    connection: sa.Connection,
    keyring: Keyring,
    ticket_id: int,
    *,
    staff_id: int,
    actor: str,
    text: str,
    now: float,
) -> None:
    """Write an internal note."""
    row = {
        "ticket_id": ticket_id,
        "staff_id": staff_id,
        "text_sealed": keyring.seal(text, "ticket_notes.text"),
        "at": now,
    }
    connection.execute(sa.insert(ticket_notes), row)
    add_event(connection, ticket_id, "noted", actor, {}, message_id=None, now=now)


def notes_of(connection: sa.Connection, keyring: Keyring, ticket_id: int) -> list[Note]:
    """Read a ticket's notes, oldest first."""
    rows = connection.execute(
        sa.select(ticket_notes.c.text_sealed, ticket_notes.c.at, staff.c.name)
        .join(staff)
        .where(ticket_notes.c.ticket_id == ticket_id)
        .order_by(ticket_notes.c.id)
    )
    return [
        Note(row.name, keyring.open(row.text_sealed, "ticket_notes.text"), row.at) for row in rows
    ]


def set_regions(
    connection: sa.Connection,
    ticket_id: int,
    part: str,
    codes: Iterable[str],
    *,
    actor: str,
    now: float,
) -> None:
    """Say where somebody comes from, passed through, or was brought."""
    if part not in PARTS:
        raise Refused(f"{part} is no part of a way")
    chosen = sorted(set(codes))
    mine = (ticket_regions.c.ticket_id == ticket_id) & (ticket_regions.c.part == part)
    connection.execute(sa.delete(ticket_regions).where(mine))
    if chosen:
        rows = [{"ticket_id": ticket_id, "part": part, "region": code} for code in chosen]
        connection.execute(sa.insert(ticket_regions), rows)
    details = {"part": part, "regions": chosen}
    add_event(connection, ticket_id, "placed", actor, details, message_id=None, now=now)


def suggest_regions(
    connection: sa.Connection, ticket_id: int, part: str, codes: Iterable[str]
) -> None:
    """Add what the bot understood of a place; a responder's own choice is never touched."""
    mine = (ticket_regions.c.ticket_id == ticket_id) & (ticket_regions.c.part == part)
    if connection.execute(sa.select(ticket_regions.c.region).where(mine).limit(1)).first():
        return
    for code in sorted(set(codes)):
        row = {"ticket_id": ticket_id, "part": part, "region": code}
        connection.execute(insert_ignoring(connection, ticket_regions), row)


def regions_of(connection: sa.Connection, ticket_id: int) -> dict[str, tuple[str, ...]]:
    """Read a ticket's regions by part of the way."""
    rows = connection.execute(
        sa.select(ticket_regions.c.part, ticket_regions.c.region)
        .where(ticket_regions.c.ticket_id == ticket_id)
        .order_by(ticket_regions.c.region)
    ).all()
    return {part: tuple(r.region for r in rows if r.part == part) for part in PARTS}


def set_labels(
    connection: sa.Connection, ticket_id: int, labels: Iterable[str], *, actor: str, now: float
) -> None:
    """Replace a ticket's labels."""
    add_event(connection, ticket_id, "labelled", actor, {}, message_id=None, now=now)
    connection.execute(sa.delete(ticket_labels).where(ticket_labels.c.ticket_id == ticket_id))
    rows = [{"ticket_id": ticket_id, "label": label} for label in sorted(set(labels))]
    if rows:
        connection.execute(sa.insert(ticket_labels), rows)


def add_labels(
    connection: sa.Connection, ticket_id: int, labels: Iterable[str], *, actor: str, now: float
) -> None:
    """Add labels to those that a ticket has."""
    all_of_them = {*labels_of(connection, ticket_id), *labels}
    set_labels(connection, ticket_id, all_of_them, actor=actor, now=now)


def labels_of(connection: sa.Connection, ticket_id: int) -> list[str]:
    """Read a ticket's labels."""
    query = sa.select(ticket_labels.c.label).where(ticket_labels.c.ticket_id == ticket_id)
    return list(connection.execute(query.order_by(ticket_labels.c.label)).scalars())
