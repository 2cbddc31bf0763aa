"""A wish to delete is obeyed whoever answers: the bot, a person, or the recipe service."""

from __future__ import annotations

from typing import Any

import pytest

from channels.rasa import Answer, Question
from hotline.errors import NoAnswer
from hotline.messages import Channel, Choice, Reply
from replies.takeover import Counter
from store import db, overview, tickets
from store.conversations import add_event
from store.erasure import erase_conversation
from store.vault import Vault
from tests.fakes import TEXTS, Clock, FakeBot, make_desk, message, outcomes, receive, said, work

YES_NO = (
    Choice("Ya, hapus", '/inform{"value": "yes"}'),
    Choice("Tidak", '/inform{"value": "no"}'),
)


class Office:
    """Siti, a bot that deletes as the real one does, and Rini who may hold the conversation."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self.vault, self.clock, self.number = vault, clock, 0
        self.reported = False  # with a report open the bot only records the wish
        self.bot = FakeBot(self._behave)
        self.desk = make_desk(vault, self.bot, clock)
        self.counter = Counter(
            vault=vault, texts=TEXTS, claim_seconds=3600, sms_segments=3, now=clock
        )

    def _behave(self, question: Question) -> Answer:
        now = question.choice == '/delete_my_data{"value": "now"}'
        if now or (question.choice or "").endswith('"yes"}') or question.text == "ya":
            with db.write(self.vault.engine) as connection:
                if not self.reported:
                    erase_conversation(
                        connection, self.vault.keyring, question.conversation,
                        answered=question.message_id,
                    )  # fmt: skip
                    done = (question.conversation, "erased", "caller", {}, self.clock())
                    add_event(connection, *done)
            return Answer((Reply("Sudah dihapus."),), "id")
        if question.choice == "/delete_my_data":
            return Answer((Reply("Yakin?", YES_NO),), "id")
        return Answer((Reply(f"re: {question.text}"),), "id")

    def writes(self, text: str, **more: Any) -> list[str]:
        """Let Siti write; gives what came back."""
        before = len(said(self.vault)) if self.number else 0
        self.number += 1
        one = message(
            text, provider_id=str(self.number), at=self.clock.advance(60), channel=Channel.TELEGRAM,
            **more,
        )  # fmt: skip
        receive(self.vault, one, transport="telegram")
        work(self.desk)
        return said(self.vault)[before:]

    def claim(self) -> None:
        """Let Rini take the conversation, and Siti be told."""
        self.counter.claim(self.standing.id, by="Rini")
        self.writes("halo bu")

    @property
    def standing(self) -> overview.Standing:
        """What the list says of the conversation."""
        [one] = self.counter.listing(everything=True)
        return one

    def events(self) -> list[str]:
        """What its log says that she did."""
        with db.read(self.vault.engine) as connection:
            every = overview.events(connection, self.standing.id)
        return [one["kind"] for one in every if one["actor"] == "caller"]

    def hers(self) -> list[str]:
        """Read what is left of her words."""
        with db.read(self.vault.engine) as connection:
            lines = overview.lines(connection, self.vault.keyring, self.standing.id)
        return [line.text for line in lines if line.inbound]


@pytest.fixture
def office(vault: Vault, clock: Clock) -> Office:
    return Office(vault, clock)


@pytest.mark.parametrize("answer", ["ya", "1", "Ya, hapus"])
def test_in_a_persons_conversation_a_wish_to_delete_is_asked_about_and_obeyed(
    office: Office, answer: str
) -> None:
    """By the bot, as elsewhere; the responder sees it on the list and in the log."""
    office.writes("nama saya Siti")
    office.claim()
    assert office.writes("hapus data saya") == ["Yakin?"]
    assert office.standing.needs_person
    assert office.writes(answer) == ["Sudah dihapus."]
    assert office.events() == ["delete_asked", "erased"]
    assert set(office.hers()) == {""}
    assert office.standing.claimed_by == "Rini"


def test_what_she_writes_instead_of_yes_is_the_persons(office: Office) -> None:
    """Nothing is deleted, and the bot says nothing in between."""
    office.writes("halo")
    office.claim()
    office.writes("hapus")
    assert office.writes("bu, besok saya telepon") == []
    assert office.writes("ya") == []  # to the person, who is being talked with
    assert outcomes(office.vault)[-2:] == [("done", "person")] * 2
    assert "bu, besok saya telepon" in office.hers()


def test_a_question_about_deleting_is_the_persons(office: Office) -> None:
    """Rini can explain; only the command itself is for the program."""
    office.writes("halo")
    office.claim()
    assert office.writes("foto saya bisa dihapus tidak?") == []
    assert len(office.bot.asked) == 1


def test_a_watched_caller_deletes_behind_a_recipe(office: Office) -> None:
    """At once, with no question that names it, and with no menu left behind."""
    office.writes("nama saya Siti")
    office.writes("RESEP")
    assert office.writes("hapus") == ["Resep telur dadar."]
    assert office.bot.asked[-1].choice == '/delete_my_data{"value": "now"}'
    assert set(office.hers()) == {""}
    assert sorted(office.events()) == ["delete_asked", "erased"]


def test_who_comes_back_is_told_what_is_true_of_her_messages(office: Office) -> None:
    """Stored, until she has had them deleted; and stored again once she has been answered."""
    office.writes("nama saya Siti")
    office.writes("RESEP")
    assert office.writes("LANJUT") == ["Saya kembali."]
    office.writes("RESEP")
    office.writes("hapus")
    office.writes("masak apa lagi")
    assert office.writes("LANJUT") == ["Saya kembali. Sudah dihapus."]
    office.writes("halo lagi")
    office.writes("RESEP")
    assert office.writes("LANJUT") == ["Saya kembali."]


def test_who_comes_back_to_a_report_hears_that_her_wish_is_looked_at(office: Office) -> None:
    """What a report holds is not deleted before a person has looked."""
    office.reported = True
    office.writes("nama saya Siti")
    office.writes("RESEP")
    office.writes("hapus semua")
    assert office.writes("LANJUT") == ["Saya kembali. Permintaan hapus diterima."]


def test_a_watched_caller_whose_bot_is_away_is_not_forgotten(office: Office) -> None:
    """A recipe for her, a ticket for the responder."""
    office.writes("nama saya Siti")
    office.writes("RESEP")

    def away(_: Question) -> Answer:
        raise NoAnswer("Rasa answered 500")

    office.bot.behave = away
    assert office.writes("hapus semua") == ["Resep telur dadar."]
    with db.read(office.vault.engine) as connection:
        [ticket] = tickets.all_tickets(connection, office.vault.keyring)
    assert ticket.reasons == ("delete_failed",)
    assert office.standing.needs_person


def test_without_a_person_and_without_a_watcher_the_bot_is_asked_as_ever(office: Office) -> None:
    """It reads the wish itself."""
    office.writes("hapus data saya")
    assert office.bot.asked[-1].choice is None


def test_what_she_writes_after_her_wish_is_still_read(office: Office) -> None:
    """It waits while the yes is answered: a cry for help must not vanish unread."""
    office.writes("halo")
    office.writes("hapus data saya")
    for number, text in (("a", "ya"), ("b", "tolong saya disekap")):
        one = message(text, provider_id=number, at=office.clock(), channel=Channel.TELEGRAM)
        receive(office.vault, one, transport="telegram")
    work(office.desk)
    with db.read(office.vault.engine) as connection:
        [ticket] = tickets.all_tickets(connection, office.vault.keyring)
    assert ticket.urgency == "critical"
    assert office.hers()[-2:] == ["", "tolong saya disekap"]
