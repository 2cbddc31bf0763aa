"""Tickets are taken from who no longer sees them or works here, and ring again for the others."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from hotline.deadlines import Deadline
from hotline.staff import May, Place, Staff, sees
from hotline.tickets import Urgency
from store import conversations, notices
from store.console_tables import staff, ticket_work
from store.deadline_rules import in_force
from store.staff_rows import person_of
from store.tables import conversations as conversations_table
from store.tables import ticket_conversations, tickets
from store.ticket_deadlines import OPEN
from store.ticket_events import add_event, lock
from store.ticket_places import kin_of, places_of


def from_who_cannot_see(
    connection: sa.Connection, ticket_id: int, *, actor: str, now: float
) -> None:
    """Take a ticket and its caller's others from holders and units that are kept from them.

    Whoever touches the ticket before this calls `lock_callers` first, or is in the caller's turn.
    """
    hers = {ticket_id, *kin_of(connection, [ticket_id])[ticket_id]}
    kept = {id_: one for id_, one in places_of(connection, hers).items() if _is_kept(one)}
    if not kept:
        return
    rows = connection.execute(sa.select(staff).where(staff.c.active)).all()
    people = [person_of(row) for row in rows]
    for id_ in _open(connection, tickets.c.id.in_(kept)):
        _free(connection, id_, kept[id_], people, actor=actor, now=now)
    for id_, place in kept.items():
        away = [one.login for one in people if not sees(one, place)]
        mine = sa.select(ticket_conversations.c.conversation_id).where(
            ticket_conversations.c.ticket_id == id_
        )
        _end_claims(connection, away, conversations_table.c.id.in_(mine), actor=actor, now=now)


def from_who_left(connection: sa.Connection, person: Staff, *, actor: str, now: float) -> None:
    """Take every conversation and every open ticket from somebody whose account is shut.

    In this order, as every turn and reply does.
    """
    _end_claims(connection, [person.login], sa.true(), actor=actor, now=now)
    mine = sa.select(ticket_work.c.ticket_id).where(ticket_work.c.staff_id == person.id)
    for id_ in _open(connection, tickets.c.id.in_(mine)):
        _release(connection, id_, actor=actor, now=now)


def _is_kept(place: Place) -> bool:
    named = place.barred_regions or place.barred_staff
    return bool(place.conflict or place.conflicts_of_caller or named)


def _open(connection: sa.Connection, which: sa.ColumnElement[bool]) -> Sequence[int]:
    query = sa.select(tickets.c.id).where(which, tickets.c.state.in_(OPEN))
    return connection.execute(query.order_by(tickets.c.id)).scalars().all()


def _free(
    connection: sa.Connection,
    ticket_id: int,
    place: Place,
    people: list[Staff],
    *,
    actor: str,
    now: float,
) -> None:
    """Let nobody hold a ticket who does not see it: it would lie on a desk without a chair."""
    seeing = {one.id for one in people if sees(one, place)}
    if place.staff_id is not None and place.staff_id not in seeing:
        _release(connection, ticket_id, actor=actor, now=now)
        return
    unit = [one for one in people if place.unit and one.unit == place.unit and one.may(May.READ)]
    if not all(one.id in seeing for one in unit):
        _give(connection, ticket_id, staff_id=place.staff_id, actor=actor, now=now)


def _release(connection: sa.Connection, ticket_id: int, *, actor: str, now: float) -> None:
    """Make a ticket nobody's, with the deadline of a new one, and let it ring as one."""
    _give(connection, ticket_id, staff_id=None, actor=actor, now=now)
    query = sa.select(tickets.c.urgency).where(tickets.c.id == ticket_id)
    urgency = Urgency(connection.execute(query).scalar_one())
    due = in_force(connection).due(Deadline.FIRST, urgency, now)
    mine = ticket_work.c.ticket_id == ticket_id
    answered = connection.execute(
        sa.update(ticket_work)
        .where(mine, ticket_work.c.first_answer_at.is_not(None))
        .values(next_response_due=due)
    )
    if not answered.rowcount:
        first = sa.update(tickets).where(tickets.c.id == ticket_id)
        connection.execute(first.values(first_response_due=due))
    notices.ring_again(connection, ticket_id, now=now)


def _give(
    connection: sa.Connection, ticket_id: int, *, staff_id: int | None, actor: str, now: float
) -> None:
    lock(connection, ticket_id)
    mine = ticket_work.c.ticket_id == ticket_id
    connection.execute(sa.update(ticket_work).where(mine).values(staff_id=staff_id, unit=""))
    details = {"staff": staff_id, "unit": ""}
    add_event(connection, ticket_id, "assigned", actor, details, message_id=None, now=now)


def _end_claims(
    connection: sa.Connection,
    logins: list[str],
    which: sa.ColumnElement[bool],
    *,
    actor: str,
    now: float,
) -> None:
    """Take conversations from colleagues; whoever may goes on with a caller who waits."""
    c = conversations_table.c
    ended = (
        sa.update(conversations_table)
        .where(which, c.claimed_by.in_(logins), c.claimed_until > now)
        .values(claimed_by=None, claimed_until=None, needs_person=True)
        .returning(c.id)
    )
    for one in connection.execute(ended).scalars().all():
        conversations.add_event(connection, one, "given_back", actor, {}, now)
