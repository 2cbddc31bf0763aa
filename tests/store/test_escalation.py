"""Late tickets go up once each level, with a line in the log and a notice to the right people."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from channels.escalation import Watch
from hotline.deadlines import USUAL, read_deadlines
from hotline.staff import Role, Staff
from hotline.tickets import Category, State, Urgency
from store import (
    db,
    deadline_rules,
    ticket_changes,
    ticket_deadlines,
    ticket_list,
    ticket_work,
    tickets,
)
from store.tables import ticket_conversations
from store.tables import tickets as ticket_table
from store.ticket_list import View
from store.vault import Vault
from tests.duty import JATIM, KUPANG, NTT, Station
from tests.fakes import Clock

HOUR = 3600.0


@pytest.fixture
def station(vault: Vault, clock: Clock) -> Station:
    """Give supervisors at every level, and one of another province."""
    made = Station(vault, clock)
    made.hire("kupang", Role.RESPONDER, KUPANG)
    made.hire("ntt", Role.SUPERVISOR, NTT)
    made.hire("jatim", Role.SUPERVISOR, JATIM)
    made.hire("pusat", Role.SUPERVISOR)
    return made


def look(station: Station) -> int:
    """Look once, as another worker that has just come up."""
    watch = Watch(station.vault, now=station.clock)
    found = watch.look()
    watch.claim.give_back()
    return found


def listed(station: Station, reader: Staff) -> list[tuple[str, int]]:
    with db.read(station.vault.engine) as connection:
        lines = ticket_list.page(connection, reader, View.ESCALATED, now=station.clock())
    return [(line.code, line.level) for line in lines]


def test_a_late_ticket_goes_up_once_for_each_level(station: Station) -> None:
    """Four hours for the first answer, two more to the nation, and then nothing again."""
    id_ = station.ticket()
    station.clock.advance(4 * HOUR - 1)
    assert look(station) == 0
    station.clock.advance(2)
    assert (look(station), look(station)) == (1, 0)
    assert (station.ups(id_), station.told("escalated")) == (
        ["province for first_response"], ["ntt"],
    )  # fmt: skip
    station.clock.advance(2 * HOUR - 10)
    assert look(station) == 0
    station.clock.advance(20)
    assert look(station) == 1
    station.clock.advance(100 * HOUR)
    assert look(station) == 0
    assert station.ups(id_) == ["province for first_response", "national for first_response"]
    assert station.told("escalated") == ["ntt", "pusat"]


def test_it_stands_under_escalated_for_those_who_may_see_it(station: Station) -> None:
    """With its level; another province has an empty list."""
    id_ = station.ticket()
    west, here = station.hire("surabaya", region=JATIM), station.hire("soe", region=NTT)
    assert listed(station, here) == []
    station.clock.advance(5 * HOUR)
    look(station)
    assert listed(station, here) == [(station.code(id_), 1)]
    assert listed(station, west) == []


@pytest.mark.parametrize("region", [KUPANG, NTT, ""])
def test_a_conflict_of_interest_is_told_to_the_nation_alone(station: Station, region: str) -> None:
    """Neither the regency nor the province of the person involved gets a notice."""
    id_ = station.ticket(region, Urgency.CRITICAL, conflict=True)
    look(station)
    assert set(station.told("critical")) <= {"pusat", "ntt"}
    assert ("ntt" in station.told("critical")) == (region == KUPANG)
    station.clock.advance(HOUR)
    look(station)
    assert station.ups(id_) == ["national for first_response"]
    assert station.told("escalated") == ["pusat"]


def test_an_answer_in_time_keeps_it_down_and_a_new_wait_begins_anew(station: Station) -> None:
    """First answer, next answer, settling: each deadline goes up by itself, from the unit on."""
    id_, engine = station.ticket(), station.vault.engine
    with db.write(engine) as connection:
        ticket_work.answered(connection, id_, actor="ani", now=station.clock())
        conversation = connection.execute(
            sa.select(ticket_conversations.c.conversation_id)
        ).scalar_one()
    station.clock.advance(5 * HOUR)
    assert look(station) == 0
    with db.write(engine) as connection:
        ticket_deadlines.heard(connection, conversation, now=station.clock())
    station.clock.advance(5 * HOUR)
    assert look(station) == 1
    with db.write(engine) as connection:
        ticket_work.answered(connection, id_, actor="ani", now=station.clock())
    assert look(station) == 0
    station.clock.advance(14 * 24 * HOUR)
    assert look(station) == 1
    assert station.ups(id_) == ["province for next_response", "province for resolution"]


def test_what_is_settled_or_closed_is_not_late(station: Station) -> None:
    """And what is taken up again gets its whole time anew."""
    id_ = station.ticket()
    with db.write(station.vault.engine) as connection:
        ticket_work.answered(connection, id_, actor="ani", now=station.clock())
        for state in (State.ASSIGNED, State.IN_PROGRESS, State.RESOLVED):
            ticket_changes.move(connection, id_, state, actor="ani", now=station.clock())
    station.clock.advance(20 * 24 * HOUR)
    assert look(station) == 0
    with db.write(station.vault.engine) as connection:
        ticket_changes.move(connection, id_, State.IN_PROGRESS, actor="ani", now=station.clock())
    assert look(station) == 0
    station.clock.advance(14 * 24 * HOUR + 1)
    assert look(station) == 1


def test_danger_shortens_every_deadline_and_nothing_lengthens_one(station: Station) -> None:
    """Also the one of somebody who is waiting for her next answer."""
    id_, now = station.ticket(urgency=Urgency.NORMAL), station.clock()
    with db.write(station.vault.engine) as connection:
        conversation = connection.execute(
            sa.select(ticket_conversations.c.conversation_id)
        ).scalar_one()
        ticket_work.answered(connection, id_, actor="ani", now=now)
        ticket_deadlines.heard(connection, conversation, now=now)
        tickets.open_or_raise(
            connection, station.vault.keyring, conversation=conversation,
            category=Category.EMERGENCY, reasons=(), message_id=None, language="id",
            now=now + 60,
        )  # fmt: skip
        work = ticket_work.work_of(connection, id_)
        row = connection.execute(sa.select(ticket_table)).one()
    assert work.next_response_due == now + 60 + 300
    assert row.first_response_due == now + 60 + 300
    assert work.resolution_due == row.resolution_due == now + 60 + 3 * 24 * HOUR


def test_settings_count_from_the_workers_start_on(station: Station) -> None:
    """Tickets keep the deadlines they have; in working hours Friday evening waits for Monday."""
    before = station.ticket()
    words = {**USUAL, "high": "2h/2h/5d", "in_hours": "high"}
    with db.write(station.vault.engine) as connection:
        deadline_rules.keep(connection, read_deadlines(words))
        deadline_rules.keep(connection, read_deadlines(words))
        assert deadline_rules.in_force(connection).words == words
    station.clock.advance(5 * HOUR)  # Friday, five in the evening in Jakarta
    after = station.ticket()
    with db.read(station.vault.engine) as connection:
        query = sa.select(ticket_table.c.id, ticket_table.c.first_response_due)
        due = {
            row.id: row.first_response_due - station.clock() for row in connection.execute(query)
        }
    assert due[before] == -1 * HOUR
    assert due[after] == (2 * 24 + 15 + 2) * HOUR


def test_those_on_duty_are_told_else_everybody_in_scope(station: Station) -> None:
    """A critical ticket nobody has taken: at once, once, and not to the other province."""
    ani = station.hire("ani", Role.RESPONDER, NTT)
    station.ticket(urgency=Urgency.CRITICAL)
    look(station)
    look(station)
    assert station.told("critical") == ["kupang", "ntt", "pusat", "ani"]
    station.shift(ani)
    station.ticket(urgency=Urgency.CRITICAL)
    look(station)
    assert station.told("critical")[4:] == ["ani"]


def test_a_ticket_somebody_has_taken_alarms_nobody(station: Station) -> None:
    """She has it already."""
    id_, ani = station.ticket(urgency=Urgency.CRITICAL), station.hire("ani")
    with db.write(station.vault.engine) as connection:
        ticket_work.assign(connection, id_, staff_id=ani.id, unit="", actor="ani", now=1.0)
    look(station)
    assert station.told("critical") == []


def test_of_two_workers_one_watches_and_the_other_takes_over(station: Station) -> None:
    """A lease, so that nothing is told twice."""
    station.ticket()
    station.clock.advance(5 * HOUR)
    first, second = (Watch(station.vault, now=station.clock) for _ in range(2))
    assert (first.look(), second.look()) == (1, 0)
    station.ticket()
    station.clock.advance(5 * HOUR)
    assert second.look() == 0
    first.claim.give_back()
    assert second.look() == 2, "the second ticket, and the first on its way to the nation"
