"""A merge keeps what each of the two still owes its caller, and invents nothing."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from channels.escalation import Watch
from hotline.staff import Role, Staff
from hotline.tickets import State, Urgency
from store import db, ticket_changes, ticket_deadlines, ticket_links, ticket_work
from store.console_tables import ticket_work as work_table
from store.tables import ticket_conversations
from store.tables import tickets as ticket_table
from store.vault import Vault
from tests.duty import Station
from tests.fakes import Clock

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


@dataclass
class Desk:
    """Tickets that somebody merges."""

    station: Station
    ani: Staff

    @property
    def now(self) -> float:
        return self.station.clock()

    def ticket(self, urgency: Urgency = Urgency.HIGH, *, answered: bool = False) -> int:
        id_ = self.station.ticket(urgency=urgency)
        if answered:
            with db.write(self.station.vault.engine) as connection:
                ticket_work.answered(connection, id_, actor="ani", now=self.now)
        return id_

    def settle(self, id_: int) -> None:
        with db.write(self.station.vault.engine) as connection:
            for state in (State.ASSIGNED, State.IN_PROGRESS, State.RESOLVED):
                ticket_changes.move(connection, id_, state, actor="ani", now=self.now)

    def writes(self, id_: int) -> None:
        """Let a ticket's caller wait for an answer from now on."""
        query = sa.select(ticket_conversations.c.conversation_id)
        with db.write(self.station.vault.engine) as connection:
            mine = query.where(ticket_conversations.c.ticket_id == id_)
            one = connection.execute(mine).scalar_one()
            ticket_deadlines.heard(connection, one, now=self.now)

    def merge(self, source: int, target: int) -> None:
        with db.write(self.station.vault.engine) as connection:
            ticket_links.merge(connection, source, target, by=self.ani, now=self.now)

    def due(self, id_: int) -> tuple[float, str]:
        joined = ticket_table.outerjoin(work_table, work_table.c.ticket_id == ticket_table.c.id)
        query = sa.select(ticket_deadlines.DUE, ticket_deadlines.WHAT).select_from(joined)
        with db.read(self.station.vault.engine) as connection:
            at, what = connection.execute(query.where(ticket_table.c.id == id_)).one()
        return at - self.now, what

    def state(self, id_: int) -> str:
        query = sa.select(ticket_table.c.state).where(ticket_table.c.id == id_)
        with db.read(self.station.vault.engine) as connection:
            return str(connection.execute(query).scalar_one())

    def look(self) -> int:
        watch = Watch(self.station.vault, now=self.station.clock)
        found = watch.look()
        watch.claim.give_back()
        return found


@pytest.fixture
def desk(vault: Vault, clock: Clock) -> Desk:
    """Give somebody who merges, and can be told."""
    station = Station(vault, clock)
    return Desk(station, station.hire("ani", Role.SUPERVISOR))


def test_an_unanswered_cry_stays_due_and_is_told(desk: Desk) -> None:
    """In a ticket that was answered before, and that becomes critical by it."""
    target = desk.ticket(answered=True)
    desk.station.clock.advance(DAY)
    source = desk.ticket(Urgency.CRITICAL)
    desk.station.clock.advance(MINUTE)
    desk.merge(source, target)
    assert desk.due(target) == (4 * MINUTE, "next_response")
    desk.look()
    assert desk.station.told("critical") == ["ani"]
    desk.station.clock.advance(4 * MINUTE + 1)
    assert desk.look() == 1


def test_who_waits_for_her_next_answer_waits_no_longer_by_a_merge(desk: Desk) -> None:
    """Four hours stay four hours, whether or not the other caller waits too."""
    target, source = desk.ticket(answered=True), desk.ticket(answered=True)
    desk.station.clock.advance(DAY)
    desk.writes(source)
    desk.station.clock.advance(HOUR)
    desk.writes(target)
    desk.merge(source, target)
    assert desk.due(target) == (3 * HOUR, "next_response")


def test_what_was_answered_long_ago_makes_nothing_late(desk: Desk) -> None:
    """The fresh ticket keeps its own four hours, and does not go up."""
    source = desk.ticket(answered=True)
    desk.station.clock.advance(3 * DAY)
    target = desk.ticket()
    desk.merge(source, target)
    assert desk.due(target) == (4 * HOUR, "first_response")
    assert desk.look() == 0


def test_who_nobody_has_answered_is_not_forgotten(desk: Desk) -> None:
    """She waits since yesterday: the ticket that speaks for her is late."""
    source = desk.ticket()
    desk.station.clock.advance(DAY)
    target = desk.ticket()
    desk.merge(source, target)
    assert desk.due(target) == (-20 * HOUR, "first_response")


def test_what_is_open_goes_on_in_a_settled_ticket(desk: Desk) -> None:
    """It is taken up again; a settled one that comes in takes up nothing."""
    target, source = desk.ticket(answered=True), desk.ticket(answered=True)
    desk.settle(target)
    desk.merge(source, target)
    assert desk.state(target) == State.IN_PROGRESS
    other = desk.ticket(answered=True)
    desk.settle(other)
    desk.settle(settled := desk.ticket(answered=True))
    desk.merge(other, settled)
    assert desk.state(settled) == State.RESOLVED


def test_a_cry_that_was_answered_shortens_what_the_other_waits_for(desk: Desk) -> None:
    """The ticket is critical now: its own caller waits no longer than that allows."""
    source = desk.ticket(Urgency.CRITICAL, answered=True)
    target = desk.ticket(Urgency.NORMAL)
    desk.merge(source, target)
    assert desk.due(target) == (5 * MINUTE, "first_response")
