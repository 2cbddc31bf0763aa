"""Danger told on a ticket that is open already: it alarms as a fresh critical one does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from channels.escalation import Watch
from hotline.staff import Role, Staff
from hotline.tickets import Category, State, Urgency
from store import db, ticket_changes, ticket_deadlines, ticket_work, tickets
from store.console_tables import ticket_work as work_table
from store.tables import conversations, ticket_conversations, ticket_events
from store.tables import tickets as ticket_table
from store.vault import Vault
from tests.duty import KUPANG, Station
from tests.fakes import Clock

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
Before = Callable[["Desk"], None]


class Desk:
    """A task force with one ticket, and its caller."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self.station, self.clock, self.vault = Station(vault, clock), clock, vault
        self.ani = self.hire("ani", Role.RESPONDER)
        self.hire("ntt", Role.SUPERVISOR, "53")
        self.hire("pusat", Role.SUPERVISOR)
        self.id = self.station.ticket(KUPANG, Urgency.NORMAL)
        self.messages = 100

    def hire(self, login: str, role: Role, region: str = KUPANG, *, mail: bool = True) -> Staff:
        return self.station.hire(login, role, "" if login == "pusat" else region, mail=mail)

    def danger(
        self, category: Category = Category.EMERGENCY, message_id: int | None = None
    ) -> None:
        """Let her write that she is in danger."""
        self.messages += 1
        with db.write(self.vault.engine) as connection:
            tickets.open_or_raise(
                connection, self.vault.keyring, conversation=self.conversation(),
                category=category, urgency=Urgency.CRITICAL, reasons=("locked_in",),
                message_id=message_id or self.messages, language="id", now=self.clock(),
            )  # fmt: skip

    def conversation(self) -> str:
        with db.read(self.vault.engine) as connection:
            found = sa.select(ticket_conversations.c.conversation_id)
            return str(connection.execute(found).scalar_one())

    def answer(self) -> None:
        with db.write(self.vault.engine) as connection:
            ticket_work.answered(connection, self.id, actor="ani", now=self.clock())

    def take(self) -> None:
        with db.write(self.vault.engine) as connection:
            ticket_work.take(connection, self.id, self.ani, now=self.clock())

    def settle(self) -> None:
        with db.write(self.vault.engine) as connection:
            for state in (State.ASSIGNED, State.IN_PROGRESS, State.RESOLVED):
                ticket_changes.move(connection, self.id, state, actor="ani", now=self.clock())

    def hold(self, seconds: float) -> None:
        """Let Ani hold the conversation."""
        with db.write(self.vault.engine) as connection:
            held = {"claimed_by": "ani", "claimed_until": self.clock() + seconds}
            connection.execute(sa.update(conversations).values(held))

    def look(self) -> int:
        watch = Watch(self.vault, now=self.clock)
        found = watch.look()
        watch.claim.give_back()
        return found

    def looks(self, times: int, every: float) -> None:
        for _ in range(times):
            self.clock.advance(every)
            self.look()

    def told(self) -> list[str]:
        return self.station.told("critical")

    def due(self) -> tuple[float, str]:
        """Give in how many seconds what is due."""
        query = sa.select(ticket_deadlines.DUE, ticket_deadlines.WHAT)
        joined = ticket_table.outerjoin(work_table, work_table.c.ticket_id == ticket_table.c.id)
        with db.read(self.vault.engine) as connection:
            at, what = connection.execute(query.select_from(joined)).one()
        return at - self.clock(), what

    def row(self) -> sa.Row[tuple[object, ...]]:
        with db.read(self.vault.engine) as connection:
            return connection.execute(sa.select(ticket_table)).one()

    def raised(self) -> int:
        query = sa.select(sa.func.count()).where(ticket_events.c.kind == "raised")
        with db.read(self.vault.engine) as connection:
            return int(connection.execute(query).scalar_one())


@pytest.fixture
def desk(vault: Vault, clock: Clock) -> Desk:
    """Give a task force, and a caller who has asked for something ordinary."""
    return Desk(vault, clock)


def fresh(desk: Desk) -> None:
    """Nothing has happened yet."""


def answered(desk: Desk) -> None:
    """A person has answered once; only settling is due, in a month."""
    desk.answer()


def late(desk: Desk) -> None:
    """Nobody has answered; it has gone up to the nation for it."""
    desk.looks(10, DAY / 2)


def settled(desk: Desk) -> None:
    """What could be done is done."""
    desk.answer()
    desk.settle()


def late_for_settling(desk: Desk) -> None:
    """Answered, but not settled in time; it has gone up to the nation for that."""
    desk.answer()
    desk.looks(70, DAY / 2)


def held(desk: Desk) -> None:
    """Ani has it and has answered."""
    desk.take()
    desk.answer()


@pytest.mark.parametrize("before", [fresh, answered, late, settled, late_for_settling, held])
def test_danger_is_due_and_told_at_once_whatever_was_before(desk: Desk, before: Before) -> None:
    """Five minutes, and a notice to everybody who would hear of a fresh one; then it goes up."""
    before(desk)
    desk.clock.advance(HOUR)
    assert desk.told() == []
    desk.danger()
    due, what = desk.due()
    assert (due, what in {"first_response", "next_response"}) == (5 * MINUTE, True)
    assert State(desk.row().state) is not State.RESOLVED
    desk.look()
    assert sorted(desk.told()) == ["ani", "ntt", "pusat"]
    ups = len(desk.station.ups(desk.id))
    desk.clock.advance(5 * MINUTE + 1)
    assert desk.look() == 1
    desk.clock.advance(10 * MINUTE + 1)
    assert desk.look() == 1
    assert [up.split()[0] for up in desk.station.ups(desk.id)[ups:]] == ["province", "national"]


@pytest.mark.parametrize("before", [fresh, answered, late, settled, held])
def test_three_cries_in_a_row_are_told_once(desk: Desk, before: Before) -> None:
    """The clock runs from the first one on, and nobody's telephone rings three times."""
    before(desk)
    for _ in range(3):
        desk.danger()
        desk.look()
        desk.clock.advance(MINUTE)
    assert desk.due()[0] == 2 * MINUTE
    assert sorted(desk.told()) == ["ani", "ntt", "pusat"]
    assert desk.raised() == 1


def test_its_holder_hears_first_and_then_who_is_on_duty(desk: Desk) -> None:
    """Who holds it may be asleep; who is on duty is not."""
    budi = desk.hire("budi", Role.RESPONDER)
    desk.station.shift(budi)
    desk.take()
    desk.danger()
    desk.look()
    assert sorted(desk.told()) == ["ani", "budi"]


def test_a_holder_nobody_can_reach_keeps_it_from_nobody(vault: Vault, clock: Clock) -> None:
    """Then those who would hear of a fresh one hear of it."""
    desk = Desk(vault, clock)
    budi = desk.hire("budi", Role.RESPONDER, mail=False)
    with db.write(vault.engine) as connection:
        ticket_work.take(connection, desk.id, budi, now=clock())
    desk.danger()
    desk.look()
    assert sorted(desk.told()) == ["ani", "ntt", "pusat"]


def test_who_was_late_before_stays_late_in_the_figures(desk: Desk) -> None:
    """Danger begins a clock of its own; it does not make a missed answer timely."""
    due = desk.row().first_response_due
    late(desk)
    desk.danger()
    assert desk.row().first_response_due == due < desk.clock()
    desk.answer()
    assert desk.due()[1] == "resolution"


def test_a_new_cry_after_an_answer_alarms_anew(desk: Desk) -> None:
    """It was critical before, and a person has answered: nobody is waiting for this one."""
    desk.danger()
    desk.look()
    desk.answer()
    desk.clock.advance(DAY)
    desk.danger()
    assert desk.due() == (5 * MINUTE, "next_response")
    desk.look()
    desk.look()
    assert sorted(desk.told()) == ["ani", "ani", "ntt", "ntt", "pusat", "pusat"]


def test_a_new_cry_to_the_person_she_is_writing_with_tells_nobody_else(desk: Desk) -> None:
    """Who holds the conversation reads it; her waiting for the next answer has its deadline."""
    desk.danger()
    desk.look()
    desk.answer()
    desk.hold(15 * MINUTE)
    told = desk.told()
    desk.danger()
    desk.look()
    assert desk.told() == told
    desk.clock.advance(16 * MINUTE)
    desk.danger()
    desk.look()
    assert len(desk.told()) == 2 * len(told)


def test_a_cry_that_nobody_has_answered_for_hours_is_told_again(desk: Desk) -> None:
    """At the top it goes no higher, so a new one begins from below."""
    desk.danger()
    desk.looks(15, HOUR / 2)
    told = len(desk.told())
    desk.danger()
    desk.danger()
    desk.look()
    assert (desk.due()[0], len(desk.told())) == (5 * MINUTE, 2 * told)


def test_a_message_worked_on_again_alarms_once(desk: Desk) -> None:
    """Also when somebody has answered in between."""
    desk.danger(message_id=7)
    desk.answer()
    desk.clock.advance(MINUTE)
    desk.danger(message_id=7)
    assert desk.raised() == 1
    assert desk.due()[1] == "resolution"


def test_what_a_message_raised_before_does_not_hide_its_danger(desk: Desk) -> None:
    """An action adds a reason, then the guard's doubt about the same message is confirmed."""
    desk.danger()
    desk.answer()
    with db.write(desk.vault.engine) as connection:
        tickets.open_or_raise(
            connection, desk.vault.keyring, conversation=desk.conversation(),
            category=Category.OTHER, reasons=("asked_human",), message_id=7, language="id",
            now=desk.clock(),
        )  # fmt: skip
    desk.danger(message_id=7)
    assert desk.due() == (5 * MINUTE, "next_response")


def test_a_child_told_of_again_is_no_new_cry(desk: Desk) -> None:
    """What makes a ticket critical without danger does so once."""
    desk.danger(Category.OTHER)
    desk.answer()
    desk.danger(Category.OTHER)
    assert desk.raised() == 1
    assert desk.due()[1] == "resolution"
