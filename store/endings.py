"""Tickets ended without an outcome: with a reason, and a critical one only by two people.

A proposal changes nothing else: the ticket stays open, its deadlines run on and it goes on ringing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hotline.errors import Refused
from hotline.staff import May, Role, Staff, sees
from hotline.tickets import OPEN_STATES, State, Urgency, check_move
from store import staff as accounts
from store import ticket_changes
from store.crypto import Keyring
from store.tables import ticket_events, ticket_facts, tickets
from store.ticket_events import add_event, lock
from store.ticket_facts import open_value
from store.ticket_list import known
from store.ticket_order import open_only
from store.ticket_places import place_of

SHORTEST = 5  # signs of a reason
PROPOSED, DECLINED, ENDED = "ending_proposed", "ending_declined", "ended"
_KINDS = (PROPOSED, DECLINED, ENDED)
_REASON = "ending"  # a fact of this name holds a reason; it is in no list of what is known


@dataclass(frozen=True)
class Proposal:
    """What somebody wants to end a critical ticket as; it waits for a second person."""

    id: int
    to: State
    by: str  # a login name
    role: Role
    at: float


def end(
    connection: sa.Connection,
    keyring: Keyring,
    ticket_id: int,
    wanted: State,
    reason: str,
    *,
    by: Staff,
    now: float,
) -> bool:
    """End a ticket, or only propose it where it is critical; says whether it has ended.

    Raises Refused without a reason, or while another proposal waits.
    """
    if len(reason.strip()) < SHORTEST:
        raise Refused("ending_reason")
    lock(connection, ticket_id)
    row = connection.execute(sa.select(tickets).where(tickets.c.id == ticket_id)).one()
    check_move(State(row.state), wanted)
    waits = row.urgency == Urgency.CRITICAL.value
    if waits and standing(connection, ticket_id) is not None:
        raise Refused("ending_waits")
    details: dict[str, Any] = {"to": wanted.value, "role": by.role.value}
    details["fact"] = _seal(connection, keyring, ticket_id, reason, by=by, now=now)
    _log(connection, ticket_id, PROPOSED if waits else ENDED, details, by, now)
    if not waits:
        ticket_changes.move(connection, ticket_id, wanted, actor=by.login, now=now)
    return not waits


def confirm(
    connection: sa.Connection, ticket_id: int, proposal: int, *, by: Staff, now: float
) -> None:
    """End a critical ticket as another person proposed; raises Refused for who may not."""
    found = _this(connection, ticket_id, proposal)
    if not may_confirm(by, found):
        raise Refused("ending_second")
    _log(connection, ticket_id, ENDED, {"to": found.to.value, "proposal": found.id}, by, now)
    ticket_changes.move(connection, ticket_id, found.to, actor=by.login, now=now)


def decline(
    connection: sa.Connection, ticket_id: int, proposal: int, *, by: Staff, now: float
) -> None:
    """Keep a ticket open; whoever works on it may, and who proposed it may take it back."""
    found = _this(connection, ticket_id, proposal)
    _log(connection, ticket_id, DECLINED, {"proposal": found.id}, by, now)


def _this(connection: sa.Connection, ticket_id: int, proposal: int) -> Proposal:
    """Give the proposal that was on the page; another one may stand there by now."""
    lock(connection, ticket_id)
    found = standing(connection, ticket_id)
    if found is None or found.id != proposal:
        raise Refused("ending_gone")
    return found


def may_confirm(person: Staff, proposal: Proposal) -> bool:
    """Say whether somebody may be the second: a supervisor, or anybody for a supervisor's."""
    if person.login == proposal.by or not person.may(May.WRITE):
        return False
    return Role.SUPERVISOR in {person.role, proposal.role}


def standing(connection: sa.Connection, ticket_id: int) -> Proposal | None:
    """Read the proposal that waits; what else happens to an open ticket does not undo it."""
    query = (
        sa.select(ticket_events, tickets.c.state)
        .join(tickets, tickets.c.id == ticket_events.c.ticket_id)
        .where(ticket_events.c.ticket_id == ticket_id, ticket_events.c.kind.in_((*_KINDS, "moved")))
        .order_by(ticket_events.c.id.desc())
    )
    for row in connection.execute(query):
        over = State(row.state) not in OPEN_STATES
        over |= row.kind == "moved" and State(row.details["from"]) not in OPEN_STATES
        if over or row.kind in {DECLINED, ENDED}:
            return None
        if row.kind == PROPOSED:
            told = row.details
            return Proposal(row.id, State(told["to"]), row.actor, Role(told["role"]), row.at)
    return None


def waiting(connection: sa.Connection, person: Staff) -> list[tuple[str, Proposal]]:
    """List the proposals that somebody may confirm, with their tickets' codes, oldest first."""
    mine = ticket_events.c.ticket_id == tickets.c.id
    proposed = sa.select(ticket_events.c.id).where(mine, ticket_events.c.kind == PROPOSED)
    query = open_only(sa.select(tickets.c.id, tickets.c.code)).where(
        tickets.c.urgency == Urgency.CRITICAL.value,
        known(person, tickets.c.id),
        sa.exists(proposed),
    )
    found = [
        (row.code, one)
        for row in connection.execute(query).all()
        if (one := standing(connection, row.id)) and may_confirm(person, one)
    ]
    return sorted(found, key=lambda pair: pair[1].at)


def seconds(connection: sa.Connection, ticket_id: int, proposal: Proposal) -> list[str]:
    """Name who could confirm: those with an account in use who see the ticket."""
    place = place_of(connection, ticket_id)
    return [
        person.name
        for person, active, joined in accounts.everybody(connection)
        if active and joined and may_confirm(person, proposal) and sees(person, place)
    ]


def reasons(
    connection: sa.Connection, keyring: Keyring, events: Iterable[dict[str, Any]]
) -> list[tuple[dict[str, Any], str]]:
    """Give the log's lines about endings with the reasons that were written down."""
    lines = [event for event in events if event["kind"] in _KINDS]
    wanted = [event["details"]["fact"] for event in lines if "fact" in event["details"]]
    query = sa.select(ticket_facts.c.id, ticket_facts.c.value_sealed)
    rows = connection.execute(
        query.where(ticket_facts.c.id.in_(wanted), ticket_facts.c.field == _REASON)
    )
    told = {row.id: open_value(keyring, row.value_sealed) or "" for row in rows}
    return [(event, told.get(event["details"].get("fact"), "")) for event in lines]


def _seal(
    connection: sa.Connection, keyring: Keyring, ticket_id: int, reason: str, *, by: Staff,
    now: float,
) -> int:  # fmt: skip
    """Write a reason down beside the log, which holds no narrative; it goes when facts go."""
    row = {
        "ticket_id": ticket_id, "field": _REASON, "said_by": by.login, "at": now,
        "value_sealed": keyring.seal(reason.strip(), "ticket_facts.value"),
    }  # fmt: skip
    made = sa.insert(ticket_facts).returning(ticket_facts.c.id)
    return int(connection.execute(made, row).scalar_one())


def _log(
    connection: sa.Connection, ticket_id: int, kind: str, details: dict[str, Any], by: Staff,
    now: float,
) -> None:  # fmt: skip
    add_event(connection, ticket_id, kind, by.login, details, message_id=None, now=now)
