"""The people of a ticket: every version stays, nobody overwrites a colleague, names expire."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from hotline.errors import Refused
from hotline.staff import Level, Role, Scope, Staff
from hotline.victims import MOST, Condition, Details, Minor, Relation, Sex
from store import db, ticket_search, tickets, verification, victims
from store.tables import ticket_events
from store.ticket_erasure import erase_ticket
from store.vault import Vault
from store.victim_tables import ticket_victims, victim_versions
from store.victims import OVERTAKEN, Victim
from tests.fakes import Clock
from tests.store.kept import Archive
from tests.store.people import ani

SITI = Details(
    name="Siti Aminah", relation=Relation.SIBLING, sex=Sex.FEMALE, age=16,
    whereabouts="Johor", condition=Condition.EXPLOITED,
)  # fmt: skip


class Desk:
    """A ticket and somebody who works on it."""

    def __init__(self, vault: Vault, clock: Clock, home: Path) -> None:
        self.vault, self.clock = vault, clock
        self.ticket = Archive(vault, clock, home).ticket()
        self.ani = Staff(
            id=ani(vault), login="ani", name="Ani", role=Role.RESPONDER, scope=Scope(), unit=""
        )

    def add(self, details: Details = SITI) -> int:
        with db.write(self.vault.engine) as connection:
            return victims.add(
                connection, self.vault.keyring, self.ticket, details, by=self.ani, now=self.clock()
            )

    def change(self, which: int, details: Details, had: int) -> None:
        with db.write(self.vault.engine) as connection:
            victims.change(
                connection, self.vault.keyring, self.ticket, which, details, had=had, by=self.ani,
                now=self.clock(),
            )  # fmt: skip

    def mark(self, which: int, *, mistaken: bool, had: int, reason: str = "orang lain") -> None:
        with db.write(self.vault.engine) as connection:
            victims.mark(
                connection, self.vault.keyring, self.ticket, which, reason, mistaken=mistaken,
                had=had, by=self.ani, now=self.clock(),
            )  # fmt: skip

    def people(self) -> list[Victim]:
        with db.read(self.vault.engine) as connection:
            return victims.of_ticket(connection, self.vault.keyring, self.ticket)

    def events(self) -> list[tuple[str, object]]:
        with db.read(self.vault.engine) as connection:
            rows = connection.execute(
                sa.select(ticket_events.c.kind, ticket_events.c.details)
                .where(ticket_events.c.kind.like("victim%"))
                .order_by(ticket_events.c.id)
            )
            return [(row.kind, row.details) for row in rows]


@pytest.fixture
def desk(vault: Vault, clock: Clock, tmp_path: Path) -> Desk:
    return Desk(vault, clock, tmp_path)


def test_what_was_there_before_stays_readable(desk: Desk) -> None:
    """With who and when; the age says that it is a child."""
    which = desk.add()
    desk.clock.advance(60)
    desk.change(which, Details(name="Siti Aminah", condition=Condition.RESCUED), had=1)
    [one] = desk.people()
    assert [v.number for v in one.versions] == [1, 2]
    assert one.versions[0].details.minor is Minor.YES
    assert one.versions[0].details.whereabouts == "Johor"
    assert one.now.details == Details(name="Siti Aminah", condition=Condition.RESCUED)
    assert (one.now.by, one.now.at) == ("Ani", desk.clock())


def test_of_two_who_change_somebody_the_second_is_told(desk: Desk) -> None:
    """Nothing of the first is lost, and nothing is half written."""
    which = desk.add()
    desk.change(which, Details(name="Siti A."), had=1)
    with pytest.raises(Refused, match=OVERTAKEN):
        desk.change(which, Details(name="Siti B."), had=1)
    with pytest.raises(Refused, match=OVERTAKEN):
        desk.mark(which, mistaken=True, had=1)
    assert desk.people()[0].now.details.name == "Siti A."
    desk.change(which, Details(name="Siti B."), had=2)
    assert [v.details.name for v in desk.people()[0].versions] == [
        "Siti Aminah", "Siti A.", "Siti B.",
    ]  # fmt: skip


def test_two_at_the_same_moment_do_not_both_win(desk: Desk) -> None:
    which, barrier = desk.add(), threading.Barrier(2)
    came: list[str] = []

    def write(name: str) -> None:
        barrier.wait()
        try:
            desk.change(which, Details(name=name), had=1)
            came.append(name)
        except Refused as error:
            came.append(str(error))

    threads = [threading.Thread(target=write, args=(name,)) for name in ("Siti A.", "Siti B.")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    [one] = desk.people()
    assert sorted(came) == sorted([one.now.details.name, OVERTAKEN])
    assert one.now.number == 2


def test_a_mistake_is_marked_and_not_deleted(desk: Desk) -> None:
    """It needs a reason, it counts no more, and it can be taken back."""
    which = desk.add()
    with pytest.raises(Refused, match="reason"):
        desk.mark(which, mistaken=True, had=1, reason=" x ")
    desk.mark(which, mistaken=True, had=1)
    [one] = desk.people()
    assert (one.now.mistaken, one.now.reason, one.now.details.name) == (
        True, "orang lain", "Siti Aminah",
    )  # fmt: skip
    with db.read(desk.vault.engine) as connection:
        assert victims.of_tickets(connection, desk.vault.keyring, [desk.ticket]) == {
            desk.ticket: []
        }
        assert victims.known_facts(connection, [desk.ticket]) == {desk.ticket: set()}
    with pytest.raises(Refused, match="entered by mistake"):
        desk.change(which, Details(), had=2)
    desk.mark(which, mistaken=False, had=2)
    assert desk.people()[0].now.mistaken is False


def test_who_is_wrong_twice_keeps_the_place(desk: Desk) -> None:
    """The second person stays the second when the first was a mistake."""
    first, second = desk.add(), desk.add(Details())
    desk.mark(first, mistaken=True, had=1)
    assert [(one.id, one.place) for one in desk.people()] == [(first, 1), (second, 2)]


def test_a_ticket_holds_so_many_and_no_more(desk: Desk) -> None:
    """A list of hundreds is a file, not a form."""
    rows = [{"ticket_id": desk.ticket}] * MOST
    with db.write(desk.vault.engine) as connection:
        connection.execute(sa.insert(ticket_victims), rows)
    with pytest.raises(Refused, match="at most 200 people"):
        desk.add()


def test_another_tickets_people_are_out_of_reach(desk: Desk) -> None:
    which = desk.add()
    desk.ticket += 1000
    with pytest.raises(Refused, match="not_found"):
        desk.change(which, Details(), had=1)


def test_the_log_tells_which_fields_and_no_word_of_them(desk: Desk) -> None:
    which = desk.add()
    desk.change(which, Details(name="Siti Aminah", age=17), had=1)
    desk.mark(which, mistaken=True, had=2)
    changed = ["relation", "sex", "age", "whereabouts", "condition"]
    assert desk.events() == [
        ("victim_added", {"victim": which}),
        ("victim_changed", {"victim": which, "fields": changed}),
        ("victim_mistaken", {"victim": which}),
    ]
    with db.read(desk.vault.engine) as connection:
        assert tickets.broken_line(connection, desk.ticket) is None
        told = connection.execute(sa.select(victim_versions)).all()
    assert "Siti" not in str(told)
    assert "orang lain" not in str(told)


def test_nothing_changed_is_no_version(desk: Desk) -> None:
    which = desk.add()
    with pytest.raises(Refused, match="nothing was changed"):
        desk.change(which, desk.people()[0].now.details, had=1)


def test_their_names_are_found(desk: Desk) -> None:
    """By whoever may see the ticket, and by nobody else."""
    desk.add()
    code = _code(desk)
    stranger = Staff(
        id=desk.ani.id, login="b", name="B", role=Role.RESPONDER,
        scope=Scope(Level.PROVINCE, "11"), unit="",
    )  # fmt: skip
    with db.read(desk.vault.engine) as connection:
        mine, theirs = (
            ticket_search.search(
                connection, desk.vault.keyring, who, "siti aminah", now=desk.clock()
            )
            for who in (desk.ani, stranger)
        )
    assert [line.code for line in mine.lines] == [code]
    assert theirs.lines == []


def _code(desk: Desk) -> str:
    with db.read(desk.vault.engine) as connection:
        return verification.line(connection, desk.ticket).code


def test_they_count_for_how_complete_a_ticket_is(desk: Desk) -> None:
    """Who, how many, and whether there is a child need not be written twice."""
    with db.read(desk.vault.engine) as connection:
        before = verification.line(connection, desk.ticket)
    desk.add(Details(relation=Relation.SELF, age=30))
    with db.read(desk.vault.engine) as connection:
        after = verification.line(connection, desk.ticket)
    assert set(before.missing) - set(after.missing) == {"who", "victim_count", "is_minor"}
    assert after.score > before.score


def test_retention_leaves_what_is_counted_and_no_name(desk: Desk) -> None:
    """One version, without reason; who was a mistake leaves nothing."""
    which = desk.add()
    desk.change(which, Details(name="Siti", sex=Sex.FEMALE, age=15), had=1)
    desk.change(which, SITI, had=2)
    wrong = desk.add(Details(name="Budi", sex=Sex.MALE))
    desk.mark(wrong, mistaken=True, had=1)
    with db.write(desk.vault.engine) as connection:
        erase_ticket(connection, desk.vault.keyring, desk.ticket)
    first, second = desk.people()
    assert first.now.details == Details(
        sex=Sex.FEMALE, minor=Minor.YES, condition=Condition.EXPLOITED
    )
    assert (second.now.mistaken, second.now.details, second.now.reason) == (True, Details(), "")
    assert [len(one.versions) for one in (first, second)] == [1, 1]


def test_a_damaged_value_does_not_stop_retention(desk: Desk) -> None:
    desk.add()
    with db.write(desk.vault.engine) as connection:
        connection.execute(sa.update(victim_versions).values(details_sealed=b"broken"))
        erase_ticket(connection, desk.vault.keyring, desk.ticket)
    assert desk.people()[0].now.details == Details()
