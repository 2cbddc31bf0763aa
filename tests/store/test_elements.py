"""Marks: each with who, when and why; two who mark at once keep both, or are told."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from hotline.elements import Answer
from hotline.errors import Refused
from hotline.staff import Role, Scope, Staff
from store import db, elements, tickets
from store.elements import Mark
from store.tables import ticket_events
from store.ticket_erasure import erase_ticket
from store.vault import Vault
from store.victim_tables import ticket_marks
from store.victims import OVERTAKEN
from tests.fakes import Clock
from tests.store.kept import Archive
from tests.store.people import ani

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


class Desk:
    """A ticket and somebody who marks it."""

    def __init__(self, vault: Vault, clock: Clock, home: Path) -> None:
        self.vault, self.clock = vault, clock
        self.ticket = Archive(vault, clock, home).ticket()
        self.ani = Staff(
            id=ani(vault), login="ani", name="Ani", role=Role.RESPONDER, scope=Scope(), unit=""
        )

    def mark(
        self, wanted: dict[str, Answer], seen: int = 0, ground: str = "ceritanya sendiri"
    ) -> tuple[str, ...]:
        with db.write(self.vault.engine) as connection:
            return elements.mark(
                connection, self.vault.keyring, self.ticket, wanted, ground, seen=seen,
                by=self.ani, now=self.clock(),
            )  # fmt: skip

    def marks(self) -> list[Mark]:
        with db.read(self.vault.engine) as connection:
            return elements.marks_of(connection, self.vault.keyring, self.ticket)

    def answers(self) -> dict[str, Answer]:
        with db.read(self.vault.engine) as connection:
            return elements.answers_of(connection, [self.ticket]).get(self.ticket, {})


@pytest.fixture
def desk(vault: Vault, clock: Clock, tmp_path: Path) -> Desk:
    return Desk(vault, clock, tmp_path)


def test_a_mark_says_who_when_and_on_what_ground(desk: Desk) -> None:
    desk.mark({"means.fraud": YES, "act.transport": UNKNOWN})
    [one] = desk.marks()
    assert (one.item, one.answer, one.ground, one.by, one.at) == (
        "means.fraud", YES, "ceritanya sendiri", "Ani", desk.clock(),
    )  # fmt: skip


def test_a_later_mark_holds_and_the_earlier_stays(desk: Desk) -> None:
    """Also when somebody takes it back."""
    desk.mark({"means.fraud": YES})
    [first] = desk.marks()
    desk.mark({"means.fraud": UNKNOWN}, seen=first.id, ground="salah baca")
    assert [one.answer for one in desk.marks()] == [YES, UNKNOWN]
    assert desk.answers() == {"means.fraud": UNKNOWN}


def test_what_a_colleague_has_marked_meanwhile_stays(desk: Desk) -> None:
    """A page that does not show it yet says "not known", and means nothing by it."""
    desk.mark({"means.fraud": YES})
    made = desk.mark({"means.fraud": UNKNOWN, "act.transport": YES}, seen=0)
    assert made == ("act.transport",)
    assert desk.answers() == {"means.fraud": YES, "act.transport": YES}


def test_two_different_answers_to_one_line_are_told(desk: Desk) -> None:
    """And nothing of the second form is written; the same answer is no quarrel."""
    desk.mark({"means.fraud": YES})
    with pytest.raises(Refused, match=OVERTAKEN):
        desk.mark({"means.fraud": NO, "act.transport": YES}, seen=0)
    assert desk.answers() == {"means.fraud": YES}
    assert desk.mark({"means.fraud": YES, "act.transport": YES}, seen=0) == ("act.transport",)
    with db.read(desk.vault.engine) as connection:
        wanted = {"means.fraud": NO, "act.sending": UNKNOWN}
        found = elements.wanted_changes(connection, desk.ticket, wanted, seen=0)
    assert found == {"means.fraud": NO}


def test_two_at_the_same_moment_keep_both(desk: Desk) -> None:
    """Different lines; each has read a page without any mark."""
    barrier, lines = threading.Barrier(2), ("means.fraud", "ilo.wages")

    def write(item: str) -> None:
        barrier.wait()
        desk.mark({item: YES})

    threads = [threading.Thread(target=write, args=(item,)) for item in lines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert desk.answers() == dict.fromkeys(lines, YES)
    with db.read(desk.vault.engine) as connection:
        assert tickets.broken_line(connection, desk.ticket) is None


@pytest.mark.parametrize("ground", ["", "    x   ", "a" * 301])
def test_without_a_ground_nothing_is_marked(desk: Desk, ground: str) -> None:
    with pytest.raises(Refused, match="a mark has a ground"):
        desk.mark({"means.fraud": YES}, ground=ground)
    assert desk.marks() == []


def test_what_is_not_of_the_lists_or_no_change_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused, match="a line of the lists"):
        desk.mark({"means.magic": YES})
    with pytest.raises(Refused, match="nothing was changed"):
        desk.mark({"means.fraud": UNKNOWN})


def test_the_log_holds_the_answers_and_not_the_ground(desk: Desk) -> None:
    desk.mark({"means.fraud": YES})
    with db.read(desk.vault.engine) as connection:
        query = sa.select(ticket_events.c.details, ticket_events.c.actor)
        [row] = connection.execute(query.where(ticket_events.c.kind == "elements_marked")).all()
        assert (row.details, row.actor) == ({"marked": {"means.fraud": "yes"}}, "ani")
        assert "ceritanya" not in str(connection.execute(sa.select(ticket_marks)).all())


def test_retention_leaves_the_answers_and_no_ground(desk: Desk) -> None:
    desk.mark({"means.fraud": YES})
    with db.write(desk.vault.engine) as connection:
        erase_ticket(connection, desk.vault.keyring, desk.ticket)
    [one] = desk.marks()
    assert (one.answer, one.ground) == (YES, "")
