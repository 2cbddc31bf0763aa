"""What responders mark of act, means, purpose and signs of forced labour; nothing is deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from hotline.elements import (
    ITEMS,
    LONGEST_GROUND,
    SHORTEST_GROUND,
    Answer,
    changed,
)
from hotline.errors import Refused
from hotline.staff import Staff
from store.console_tables import staff
from store.crypto import Keyring
from store.ticket_events import add_event, lock
from store.victim_tables import ticket_marks
from store.victims import OVERTAKEN

_GROUND = "ticket_marks.ground"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One answer to one line of a check list."""

    id: int
    item: str
    answer: Answer
    ground: str
    by: str
    at: float


def marks_of(connection: sa.Connection, keyring: Keyring, ticket_id: int) -> list[Mark]:
    """Read all marks of a ticket, oldest first; the last one of a line holds."""
    rows = connection.execute(
        sa.select(ticket_marks, staff.c.name)
        .join(staff)
        .where(ticket_marks.c.ticket_id == ticket_id)
        .order_by(ticket_marks.c.id)
    )
    return [
        Mark(
            id=row.id,
            item=row.item,
            answer=Answer(row.answer),
            ground=keyring.open(row.ground_sealed, _GROUND) if row.ground_sealed else "",
            by=row.name,
            at=row.at,
        )
        for row in rows
    ]


def answers_of(
    connection: sa.Connection, tickets: Iterable[int] | sa.Select[tuple[int]]
) -> dict[int, dict[str, Answer]]:
    """Give the answers that hold, by ticket; nothing is unsealed."""
    which = tickets if isinstance(tickets, sa.Select) else list(tickets)
    rows = connection.execute(
        sa.select(ticket_marks.c.ticket_id, ticket_marks.c.item, ticket_marks.c.answer)
        .where(ticket_marks.c.ticket_id.in_(which))
        .order_by(ticket_marks.c.id)
    )
    found: dict[int, dict[str, Answer]] = {}
    for row in rows:
        found.setdefault(row.ticket_id, {})[row.item] = Answer(row.answer)
    return found


def wanted_changes(
    connection: sa.Connection, ticket_id: int, wanted: Mapping[str, Answer], seen: int
) -> dict[str, Answer]:
    """Say what somebody changes who had read the marks up to the one numbered `seen`."""
    return changed(_up_to(connection, ticket_id, seen), wanted)


def _up_to(connection: sa.Connection, ticket_id: int, seen: int) -> dict[str, Answer]:
    rows = connection.execute(
        sa.select(ticket_marks.c.item, ticket_marks.c.answer)
        .where(ticket_marks.c.ticket_id == ticket_id, ticket_marks.c.id <= seen)
        .order_by(ticket_marks.c.id)
    )
    return {row.item: Answer(row.answer) for row in rows}


def mark(
    connection: sa.Connection,
    keyring: Keyring,
    ticket_id: int,
    wanted: Mapping[str, Answer],
    ground: str,
    *,
    seen: int,
    by: Staff,
    now: float,
) -> tuple[str, ...]:
    """Write down the answers that differ from what the writer had read; returns their lines.

    What others have marked meanwhile stays. Raises Refused when they answered the same line
    otherwise, when nothing is changed, and without a ground.
    """
    if not set(wanted) <= set(ITEMS):
        raise Refused("a mark names a line of the lists")
    said = ground.strip()
    if not SHORTEST_GROUND <= len(said) <= LONGEST_GROUND:
        raise Refused(f"a mark has a ground of {SHORTEST_GROUND} to {LONGEST_GROUND} letters")
    lock(connection, ticket_id)
    shown = _up_to(connection, ticket_id, seen)
    standing = answers_of(connection, [ticket_id]).get(ticket_id, {})
    new = changed(shown, wanted)
    overtaken = changed(shown, standing)
    if any(overtaken.get(item, answer) is not answer for item, answer in new.items()):
        raise Refused(OVERTAKEN)
    fresh = {item: answer for item, answer in new.items() if item not in overtaken}
    if not fresh:
        raise Refused("nothing was changed")
    rows = [
        {
            "ticket_id": ticket_id,
            "item": item,
            "answer": answer.value,
            "ground_sealed": keyring.seal(said, _GROUND),
            "staff_id": by.id,
            "at": now,
        }
        for item, answer in fresh.items()
    ]
    connection.execute(sa.insert(ticket_marks), rows)
    details = {"marked": {item: answer.value for item, answer in fresh.items()}}
    add_event(connection, ticket_id, "elements_marked", by.login, details, message_id=None, now=now)
    return tuple(fresh)


def erase(connection: sa.Connection, ticket_id: int) -> None:
    """Forget the grounds; the answers are what figures are made of."""
    mine = ticket_marks.c.ticket_id == ticket_id
    connection.execute(sa.update(ticket_marks).where(mine).values(ground_sealed=None))
