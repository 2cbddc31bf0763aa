"""The data officer's queues: what is to be verified, what is to be cleared, what is on hold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from hotline.completeness import missing, score
from hotline.errors import Refused
from hotline.staff import Staff
from hotline.tickets import Category, Clearing, State, Verification
from store import ticket_list, ticket_work, victims
from store.arrivals import insert_ignoring
from store.console_tables import ticket_regions
from store.console_tables import ticket_work as work_table
from store.crypto import Keyring
from store.tables import ticket_facts, tickets
from store.ticket_events import add_event, lock

PAGE = 50
HISTORY = frozenset(
    {"verified", "cleared", "held", "released", "merged_in", "merged_into", "unmerged"}
)
_SHORTEST = 5
_AGAIN = frozenset({Verification.UNVERIFIED, Verification.BEING_VERIFIED})


class Queue(StrEnum):
    """The lists a data officer works from."""

    VERIFY = "verify"
    CLEAR = "clear"
    HELD = "held"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A ticket in a queue."""

    id: int
    code: str
    category: str
    urgency: str
    state: str
    verification: str
    clearing: str
    held: bool
    opened_at: float
    score: int
    missing: tuple[str, ...]


def queue(connection: sa.Connection, person: Staff, which: Queue, *, offset: int = 0) -> list[Line]:
    """Read a page of a queue, oldest ticket first; merged ones are spoken for elsewhere."""
    wanted = {
        Queue.VERIFY: tickets.c.verification != Verification.VERIFIED.value,
        Queue.CLEAR: tickets.c.clearing == Clearing.UNCLEARED.value,
        Queue.HELD: work_table.c.legal_hold.is_(True),
    }[which]
    query = _query().where(
        ticket_list.known(person, tickets.c.id),
        tickets.c.state != State.MERGED.value,
        wanted,
    )
    query = query.order_by(tickets.c.opened_at, tickets.c.id).offset(offset).limit(PAGE)
    return _lines(connection, query)


def line(connection: sa.Connection, ticket_id: int) -> Line:
    """Read where one ticket stands."""
    [one] = _lines(connection, _query().where(tickets.c.id == ticket_id))
    return one


def _query() -> sa.Select[tuple[object, ...]]:
    joined = tickets.outerjoin(work_table, work_table.c.ticket_id == tickets.c.id)
    return sa.select(tickets, work_table.c.legal_hold).select_from(joined)


def _lines(connection: sa.Connection, query: sa.Select[tuple[object, ...]]) -> list[Line]:
    rows = connection.execute(query).all()
    known: dict[int, set[str]] = {row.id: set() for row in rows}
    fields = sa.select(ticket_facts.c.ticket_id, ticket_facts.c.field).distinct()
    # Which facts there are is not sealed, so nothing has to be opened to count them.
    for row in connection.execute(fields.where(ticket_facts.c.ticket_id.in_(list(known)))):
        known[row.ticket_id].add(row.field)
    placed = sa.select(ticket_regions.c.ticket_id).where(
        ticket_regions.c.part == "origin", ticket_regions.c.ticket_id.in_(list(known))
    )
    for ticket_id in connection.execute(placed.distinct()).scalars():
        known[ticket_id].add("origin")  # a region of origin says it as well as a fact does
    for ticket_id, fields_of in victims.known_facts(connection, known).items():
        known[ticket_id] |= fields_of
    return [
        Line(
            id=row.id,
            code=row.code,
            category=row.category,
            urgency=row.urgency,
            state=row.state,
            verification=row.verification,
            clearing=row.clearing,
            held=bool(row.legal_hold),
            opened_at=row.opened_at,
            score=score(Category(row.category), known[row.id]),
            missing=missing(Category(row.category), known[row.id]),
        )
        for row in rows
    ]


def verify(
    connection: sa.Connection,
    keyring: Keyring,
    ticket_id: int,
    wanted: Verification,
    reason: str,
    *,
    by: Staff,
    now: float,
) -> None:
    """Say how far a ticket is verified; what was verified is reopened only with a reason."""
    lock(connection, ticket_id)
    row = connection.execute(sa.select(tickets).where(tickets.c.id == ticket_id)).one()
    current = Verification(row.verification)
    if current is wanted:
        raise Refused("it stands there already")
    if current is Verification.UNVERIFIED and wanted is Verification.VERIFIED:
        raise Refused("a ticket is looked into before it is verified")
    if current is Verification.VERIFIED and wanted in _AGAIN and len(reason.strip()) < _SHORTEST:
        raise Refused("reason")
    _change(connection, ticket_id, verification=wanted.value)
    details = {"from": current.value, "became": wanted.value}
    _note(connection, keyring, ticket_id, "verified", details, reason, by=by, now=now)


def clear(
    connection: sa.Connection,
    keyring: Keyring,
    ticket_id: int,
    wanted: Clearing,
    other: tuple[int, str] | None,
    reason: str,
    *,
    by: Staff,
    now: float,
) -> None:
    """Decide whether this is one person, one ticket; a duplicate names the other as (id, code)."""
    lock(connection, ticket_id)
    row = connection.execute(sa.select(tickets).where(tickets.c.id == ticket_id)).one()
    current = Clearing(row.clearing)
    if Clearing.MERGED in {current, wanted}:
        raise Refused("a merge is made and undone on the page of links")
    if (wanted is Clearing.DUPLICATE) != (other is not None) or (other and other[0] == ticket_id):
        raise Refused("a duplicate names the other ticket")
    if current is not Clearing.UNCLEARED and len(reason.strip()) < _SHORTEST:
        raise Refused("reason")
    _change(connection, ticket_id, clearing=wanted.value)
    details = {"from": current.value, "became": wanted.value}
    if other:
        details["other"] = other[1]
    _note(connection, keyring, ticket_id, "cleared", details, reason, by=by, now=now)


def hold(
    connection: sa.Connection,
    keyring: Keyring,
    ticket_id: int,
    reason: str,
    *,
    held: bool,
    by: Staff,
    now: float,
) -> None:
    """Keep a ticket from being erased for as long as a case needs it, or let it go again."""
    if len(reason.strip()) < _SHORTEST:
        raise Refused("reason")
    lock(connection, ticket_id)
    connection.execute(insert_ignoring(connection, work_table), {"ticket_id": ticket_id})
    connection.execute(
        sa.update(work_table).where(work_table.c.ticket_id == ticket_id).values(legal_hold=held)
    )
    kind = "held" if held else "released"
    _note(connection, keyring, ticket_id, kind, {}, reason, by=by, now=now)


def _change(connection: sa.Connection, ticket_id: int, **values: str) -> None:
    connection.execute(sa.update(tickets).where(tickets.c.id == ticket_id).values(**values))


def _note(
    connection: sa.Connection,
    keyring: Keyring,
    ticket_id: int,
    kind: str,
    details: dict[str, str],
    reason: str,
    *,
    by: Staff,
    now: float,
) -> None:
    """Log a decision; its reason is a sealed note, since a log holds no narrative."""
    add_event(connection, ticket_id, kind, by.login, details, message_id=None, now=now)
    if reason.strip():
        ticket_work.add_note(
            connection, keyring, ticket_id, staff_id=by.id, actor=by.login, text=reason.strip(),
            now=now,
        )  # fmt: skip
