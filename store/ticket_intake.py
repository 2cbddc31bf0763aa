"""Tickets that responders open for who called, came or wrote a letter, and contacts outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from hotline.conflict import involves_influential
from hotline.deadlines import Deadline
from hotline.errors import Refused
from hotline.intake import Brought
from hotline.staff import Staff
from hotline.tickets import Category, Urgency
from store import ticket_changes, ticket_facts, ticket_work, tickets
from store.console_tables import ticket_work as work_table
from store.crypto import Keyring
from store.deadline_rules import in_force
from store.tickets import Opened


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a responder wrote down while somebody told it."""

    brought: Brought
    category: Category
    urgency: Urgency
    reasons: tuple[str, ...]  # signs of danger, in the words of `hotline.danger`
    why: str  # the urgency in the responder's own words
    language: str
    anonymous: bool
    facts: tuple[tuple[str, str], ...]
    regions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # codes, by part


def open_ticket(
    connection: sa.Connection,
    keyring: Keyring,
    told: Told,
    *,
    by: Staff,
    keep: bool,
    now: float,
) -> Opened:
    """Open a ticket; with `keep` whoever opens it holds it.

    Who keeps it has spoken with the caller: the first answer is given, and the next one is due.
    Who passes it on has not answered, so the first deadline runs and a critical one rings.
    """
    made = tickets.create(
        connection, keyring, category=told.category, urgency=told.urgency, reasons=told.reasons,
        language=told.language, actor=by.login, message_id=None, now=now,
        channel=told.brought.value,
    )  # fmt: skip
    for part, codes in told.regions.items():
        if codes:
            ticket_work.set_regions(connection, made.id, part, codes, actor=by.login, now=now)
    for name, value in told.facts:
        ticket_facts.add_fact(
            connection, keyring, made.id, name, value, said_by=by.login, message_id=None, now=now
        )
    if told.why:
        ticket_work.add_note(
            connection, keyring, made.id, staff_id=by.id, actor=by.login, text=told.why, now=now
        )
    ticket_changes.set_anonymous(connection, made.id, anonymous=told.anonymous)
    if any(involves_influential(value) for name, value in told.facts if name == "story"):
        ticket_changes.flag_conflict(connection, made.id, message_id=None, now=now)
    if keep:
        _keep(connection, made.id, told, by=by, now=now)
    return made


def _keep(connection: sa.Connection, id_: int, told: Told, *, by: Staff, now: float) -> None:
    ticket_work.assign(connection, id_, staff_id=by.id, unit=by.unit, actor=by.login, now=now)
    if told.brought.face_to_face:
        ticket_work.answered(connection, id_, actor=by.login, now=now)
        due = in_force(connection).due(Deadline.NEXT, told.urgency, now)
        mine = work_table.c.ticket_id == id_
        connection.execute(sa.update(work_table).where(mine).values(next_response_due=due))


def contacted(
    connection: sa.Connection,
    keyring: Keyring,
    ticket_id: int,
    how: Brought,
    said: str,
    *,
    by: Staff,
    now: float,
) -> None:
    """Note that a person spoke with the caller outside of the console: it counts as an answer."""
    if not said.strip():
        raise Refused("a contact says what was talked about")
    ticket_work.add_note(
        connection, keyring, ticket_id, staff_id=by.id, actor=by.login, text=said.strip(), now=now
    )
    tickets.add_event(
        connection, ticket_id, "contacted", by.login, {"channel": how.value}, message_id=None,
        now=now,
    )  # fmt: skip
    ticket_work.answered(connection, ticket_id, actor=by.login, now=now)
