"""Turns with everything a phone can send: kept, answered sensibly, and never taken for consent."""

from typing import Any

import pytest
import sqlalchemy as sa

from channels.rasa import Answer, Question
from hotline.errors import NoAnswer
from hotline.messages import Channel, Choice, Kind, Media, Reply
from hotline.tickets import Category, Ticket, Urgency
from store import conversations, db, overview, tickets
from store.tables import conversations as conversations_table
from store.vault import Vault
from tests.fakes import (
    BUDI,
    TEXTS,
    Clock,
    FakeBot,
    make_desk,
    message,
    outcomes,
    receive,
    reply,
    said,
    sent,
    work,
)

YES_NO = (Choice("Setuju", '/inform{"value": "yes"}'), Choice("Cek perusahaan", "/check_recruiter"))
asks = FakeBot(lambda _: Answer((Reply("Boleh kami hubungi?", YES_NO),), "id")).behave


class Caller:
    """Siti, whose phone sends something and whose answers are read."""

    def __init__(self, vault: Vault, clock: Clock, bot: FakeBot, **changes: Any) -> None:
        self.vault, self.clock, self.bot = vault, clock, bot
        self.desk = make_desk(vault, bot, clock, **changes)
        self.number = 0

    def sends(self, text: str = "", **more: Any) -> list[str]:
        """Send one message; gives what came back."""
        before = len(said(self.vault)) if self.number else 0
        self.number += 1
        one = message(text, provider_id=str(self.number), at=self.clock.advance(60), **more)
        receive(self.vault, one)
        work(self.desk)
        return said(self.vault)[before:]

    def file(self, kind: Kind, text: str = "") -> list[str]:
        """Send a file."""
        return self.sends(text, kind=kind, media=(Media(kind, "file-1"),))


@pytest.fixture
def bot() -> FakeBot:
    return FakeBot()


@pytest.fixture
def siti(vault: Vault, clock: Clock, bot: FakeBot) -> Caller:
    return Caller(vault, clock, bot)


def all_tickets(vault: Vault) -> list[Ticket]:
    with db.read(vault.engine) as connection:
        return list(tickets.all_tickets(connection, vault.keyring))


def needs_person(vault: Vault) -> bool:
    with db.read(vault.engine) as connection:
        known = connection.execute(sa.select(conversations_table.c.id)).scalar_one()
        return conversations.load(connection, vault.keyring, known).needs_person


def last_outbox(vault: Vault) -> int:
    return sent(vault)[-1].id


def test_a_tap_on_the_latest_question_reaches_the_bot_as_its_payload(
    siti: Caller, bot: FakeBot, vault: Vault
) -> None:
    """Title for the eyes, payload for the bot."""
    bot.behave = asks
    siti.sends("lapor")
    siti.sends(kind=Kind.PICK, pick=(last_outbox(vault), 1))
    assert (bot.asked[1].text, bot.asked[1].choice) == ("Setuju", YES_NO[0].payload)
    assert text_of(vault, 1).text == "Setuju"  # a responder reads what was tapped


def test_an_old_yes_does_not_agree_to_a_new_question(
    siti: Caller, bot: FakeBot, vault: Vault
) -> None:
    """The finger slips to the menu above; nothing is agreed to."""
    bot.behave = asks
    siti.sends("lapor")
    old = last_outbox(vault)
    siti.sends("hapus data saya")
    assert siti.sends(kind=Kind.PICK, pick=(old, 1)) == ["Itu pertanyaan yang sudah lewat."]
    assert len(bot.asked) == 2
    assert outcomes(vault)[-1] == ("done", "old_choice")


def test_an_old_menu_still_begins_what_it_names(siti: Caller, bot: FakeBot, vault: Vault) -> None:
    """A menu has no age: "check a company" means the same a day later."""
    bot.behave = asks
    siti.sends("halo")
    old = last_outbox(vault)
    siti.sends("biaya ke Taiwan")
    siti.sends(kind=Kind.PICK, pick=(old, 2))
    assert bot.asked[-1].choice == "/check_recruiter"


@pytest.mark.parametrize("pick", [(999999, 1), (0, 0), (-1, 1)])
def test_a_tap_on_what_we_never_offered_is_only_its_words(
    siti: Caller, bot: FakeBot, pick: tuple[int, int]
) -> None:
    """A made-up number gives nothing but the title the provider told."""
    siti.sends("Cek perusahaan", kind=Kind.PICK, pick=pick)
    assert (bot.asked[0].text, bot.asked[0].choice) == ("Cek perusahaan", None)


@pytest.mark.parametrize("place", [0, -1, 3, 99])
def test_a_place_that_is_not_on_the_menu_is_no_choice(
    siti: Caller, bot: FakeBot, vault: Vault, place: int
) -> None:
    """Not the last one either, as a negative index would give."""
    bot.behave = asks
    siti.sends("lapor")
    answer = siti.sends(kind=Kind.PICK, pick=(last_outbox(vault), place))
    assert answer == ["Tolong tulis dengan kata-kata."]
    assert len(bot.asked) == 1


def test_a_tap_cannot_reach_into_anothers_conversation(
    siti: Caller, bot: FakeBot, vault: Vault, clock: Clock
) -> None:
    """Budi's menu is not Siti's, whatever number she sends."""
    bot.behave = asks
    receive(vault, message("lapor", provider_id="b", address=BUDI))
    work(siti.desk)
    theirs = last_outbox(vault)
    receive(vault, message("", provider_id="s", kind=Kind.PICK, pick=(theirs, 1)))
    work(siti.desk)
    assert [question.choice for question in bot.asked] == [None]


def test_a_tap_with_words_of_danger_in_a_strange_title_raises_the_alarm(
    siti: Caller, bot: FakeBot, vault: Vault
) -> None:
    """Whoever wrote it: what is not ours is read by the guard."""
    siti.sends("saya dipukul", kind=Kind.PICK, pick=(999, 1))
    assert [ticket.urgency for ticket in all_tickets(vault)] == [Urgency.CRITICAL]


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        (Kind.PHOTO, "Kiriman Anda kami simpan."),
        (Kind.DOCUMENT, "Kiriman Anda kami simpan."),
        (Kind.VIDEO, "Kiriman Anda kami simpan."),
        (Kind.VOICE, "Pesan suara Anda kami simpan."),
    ],
)
def test_a_file_without_words_is_kept_and_answered_kindly(
    siti: Caller, bot: FakeBot, vault: Vault, kind: Kind, answer: str
) -> None:
    """No ticket by itself, and the bot is not asked about nothing."""
    assert siti.file(kind) == [answer]
    assert bot.asked == []
    assert all_tickets(vault) == []
    assert outcomes(vault) == [("done", "kept")]
    assert needs_person(vault) == (kind is Kind.VOICE)


def test_a_caption_is_read_like_any_text(siti: Caller, bot: FakeBot, vault: Vault) -> None:
    """By the guard first; the photo is evidence on the ticket that this opens."""
    siti.file(Kind.PHOTO, "ini paspor diambil majikan")
    [ticket] = all_tickets(vault)
    assert ticket.urgency is Urgency.CRITICAL
    assert ticket.known()["evidence"].startswith("photo ")
    assert bot.asked[0].text == "ini paspor diambil majikan"


def test_a_photo_beside_an_open_ticket_is_evidence_and_seen_by_a_person(
    siti: Caller, vault: Vault
) -> None:
    """Two photos are two pieces of evidence."""
    siti.sends("saya disekap")
    siti.file(Kind.PHOTO)
    siti.sends("itu kamarnya")
    siti.file(Kind.PHOTO)
    [ticket] = all_tickets(vault)
    evidence = ticket.known()["evidence"].splitlines()
    assert len(evidence) == len(set(evidence)) == 2
    assert "media_received" in ticket.reasons
    assert needs_person(vault)


def test_two_voice_notes_and_no_word_reach_a_person(siti: Caller, vault: Vault) -> None:
    """Who cannot write must still be heard."""
    siti.file(Kind.VOICE)
    siti.file(Kind.VOICE)
    [ticket] = all_tickets(vault)
    assert (ticket.category, ticket.reasons) == (Category.OTHER, ("only_media",))


def test_an_album_is_answered_once_and_opens_no_ticket(
    siti: Caller, vault: Vault, clock: Clock
) -> None:
    """Three photos sent together are one thing to her."""
    for number in range(3):
        one = message(
            "", provider_id=f"a{number}", at=clock(), kind=Kind.PHOTO,
            media=(Media(Kind.PHOTO, "f"),),
        )  # fmt: skip
        receive(vault, one)
    work(siti.desk)
    assert said(vault) == ["Kiriman Anda kami simpan."]
    assert all_tickets(vault) == []


def test_a_place_answers_where(siti: Caller, bot: FakeBot, vault: Vault, clock: Clock) -> None:
    """In words for the bot, as a fact for the ticket."""
    caller = Caller(vault, clock, bot, country_at=lambda _lat, _lon: "Malaysia")
    caller.sends("saya disekap")
    caller.sends("Kilang Jaya", kind=Kind.LOCATION, place=(1.4927, 103.7414))
    assert bot.asked[1].text == "saya di Malaysia (1.49270,103.74140) Kilang Jaya"
    [ticket] = all_tickets(vault)
    assert ticket.known()["location"] == "1.49270,103.74140 (Malaysia)"


def test_a_place_at_sea_has_at_least_its_numbers(siti: Caller, bot: FakeBot) -> None:
    """Nobody invents a country."""
    siti.sends(kind=Kind.LOCATION, place=(5.0, 90.0))
    assert bot.asked[0].text == "lokasi saya (5.00000,90.00000)"


def test_a_shared_contact_is_a_number_in_words_and_a_fact(
    siti: Caller, bot: FakeBot, vault: Vault
) -> None:
    """Whose number it is, she says in words."""
    siti.sends("saya disekap")
    siti.sends("Pak Hassan", kind=Kind.CONTACT, contact="+60123000009")
    assert bot.asked[1].text == "nomor +60123000009 Pak Hassan"
    assert all_tickets(vault)[0].known()["shared_contact"] == "+60123000009"


@pytest.mark.parametrize("kind", [Kind.STICKER, Kind.REACTION])
def test_a_thumb_agrees_to_nothing(siti: Caller, bot: FakeBot, vault: Vault, kind: Kind) -> None:
    """Inside a question words are asked for, once; the question stays open."""
    bot.behave = asks
    siti.sends("lapor")
    assert siti.sends("👍", kind=kind) == ["Tolong tulis dengan kata-kata."]
    assert siti.sends("👍", kind=kind) == []
    siti.sends("1")
    assert [question.choice for question in bot.asked] == [None, YES_NO[0].payload]


def test_a_sticker_after_a_plain_answer_is_met_with_silence(siti: Caller, vault: Vault) -> None:
    """It says "thank you", and that needs no answer."""
    siti.sends("biaya ke Taiwan")
    assert siti.sends(kind=Kind.STICKER) == []
    assert outcomes(vault)[-1] == ("done", "silent")


def test_a_first_sticker_is_answered(siti: Caller) -> None:
    """Who begins with a sticker may not dare to write."""
    assert siti.sends(kind=Kind.STICKER) == ["Tolong tulis dengan kata-kata."]


def test_what_we_have_no_word_for_asks_for_words(siti: Caller) -> None:
    """A poll, a game, whatever comes next year; a text in it is read."""
    siti.sends("halo")
    assert siti.sends(kind=Kind.OTHER) == ["Tolong tulis dengan kata-kata."]
    assert siti.sends(kind=Kind.OTHER) == []
    assert siti.sends("biaya?", kind=Kind.OTHER) == ["re: biaya?"]


def test_a_mended_word_is_not_answered_twice(siti: Caller, bot: FakeBot, vault: Vault) -> None:
    """The responder sees both forms, the caller one answer."""
    siti.sends("biaya ke Taiwam", ref="11")
    assert siti.sends("biaya ke Taiwan", kind=Kind.EDIT, ref="11") == []
    assert len(bot.asked) == 1
    assert outcomes(vault)[-1] == ("done", "edited")


def test_danger_in_a_mended_message_is_answered(siti: Caller, vault: Vault, bot: FakeBot) -> None:
    """A cry hidden in a change is a cry."""
    siti.sends("saya di rumah", ref="11")
    siti.sends("saya disekap di rumah", kind=Kind.EDIT, ref="11")
    assert bot.asked[1].danger == ("locked_in",)
    assert [ticket.urgency for ticket in all_tickets(vault)] == [Urgency.CRITICAL]


def test_a_message_mended_while_it_waits_is_answered_once_in_its_new_words(
    siti: Caller, vault: Vault, bot: FakeBot
) -> None:
    """What she took back is read by the guard only."""
    receive(vault, message("saya disekap, biaya Taiwam", provider_id="1", ref="11"))
    receive(vault, message("biaya Taiwan", provider_id="2", kind=Kind.EDIT, ref="11"))
    work(siti.desk)
    assert said(vault) == ["re: biaya Taiwan"]
    assert outcomes(vault) == [("done", "changed"), ("done", "bot")]
    assert [ticket.urgency for ticket in all_tickets(vault)] == [Urgency.CRITICAL]


def test_a_change_of_a_message_we_never_had_is_answered(siti: Caller) -> None:
    """It may be the first thing we hear."""
    assert siti.sends("biaya?", kind=Kind.EDIT, ref="99") == ["re: biaya?"]


def text_of(vault: Vault, number: int) -> overview.Line:
    with db.read(vault.engine) as connection:
        known = connection.execute(sa.select(conversations_table.c.id)).scalar_one()
        every = overview.lines(connection, vault.keyring, known)
    return [line for line in every if line.inbound][number]


def test_a_message_taken_back_loses_its_words(siti: Caller, vault: Vault) -> None:
    """She wishes it gone, and nothing hangs on it."""
    siti.sends("majikan saya Pak Hassan", ref="11")
    assert siti.sends(kind=Kind.DELETED, ref="11") == []
    line = text_of(vault, 0)
    assert (line.text, line.deleted_by_caller) == ("", True)


def test_a_report_taken_back_keeps_its_words_for_responders(siti: Caller, vault: Vault) -> None:
    """Somebody else may have taken the phone and wiped it."""
    siti.sends("saya disekap", ref="11")
    siti.sends(kind=Kind.DELETED, ref="11")
    line = text_of(vault, 0)
    assert (line.text, line.deleted_by_caller) == ("saya disekap", True)


def test_a_watched_caller_gets_recipes_whatever_her_phone_sends(siti: Caller, bot: FakeBot) -> None:
    """Photos and taps too; a thumb gets nothing, as from any recipe service."""
    siti.sends("RESEP")
    assert siti.file(Kind.PHOTO) == ["Resep telur dadar."]
    assert siti.sends("Lapor", kind=Kind.PICK, pick=(1, 1)) == ["Resep telur dadar."]
    assert siti.sends(kind=Kind.REACTION) == []
    assert siti.sends("LANJUT") == ["Saya kembali."]
    assert bot.asked == []


def test_a_long_sms_gives_its_rest_after_lanjut(vault: Vault, clock: Clock) -> None:
    """The bot is not asked for what it has said already."""
    text = " ".join(f"Kalimat nomor {number} tentang biaya." for number in range(60))
    bot = FakeBot(lambda _: reply(text))
    receive(vault, message("biaya", provider_id="1", channel=Channel.SMS))
    work(make_desk(vault, bot, clock))
    first = said(vault)
    assert first[-1].endswith("Balas LANJUT untuk sisanya.")
    for number in range(2, 6):
        receive(vault, message("LANJUT", provider_id=str(number), channel=Channel.SMS))
        work(make_desk(vault, bot, clock))
        if not said(vault)[-1].endswith("sisanya."):
            break
    whole = " ".join(said(vault))
    assert all(f"nomor {number} " in whole for number in range(60))
    assert len(bot.asked) == 1


def test_a_message_that_cannot_be_opened_is_met_three_times_and_then_shown(
    siti: Caller, vault: Vault, clock: Clock
) -> None:
    """A damaged row must not stand in the way of what she wrote after it."""
    from store.tables import inbox

    bad = receive(vault, message("halo", provider_id="1"))
    receive(vault, message("biaya?", provider_id="2"))
    with db.write(vault.engine) as connection:
        damaged = sa.update(inbox).where(inbox.c.id == bad).values(text_sealed=b"\x01")
        connection.execute(damaged)
    for _ in range(3):
        with pytest.raises(Exception, match="does not open"):
            work(siti.desk)
        clock.advance(30)
    work(siti.desk)
    assert said(vault) == ["Pesan Anda tersimpan.", "re: biaya?"]
    assert outcomes(vault) == [("done", "unreadable"), ("done", "bot")]
    assert all_tickets(vault)[0].reasons == ("unreadable_message",)
    assert needs_person(vault)


class BrokenGuard:
    """A guard that a certain text kills."""

    def read(self, text: str) -> None:
        """Fail."""
        raise RecursionError


def test_a_text_that_kills_the_guard_reaches_a_person(
    vault: Vault, clock: Clock, bot: FakeBot
) -> None:
    """After three tries, and each of them was counted."""
    desk = make_desk(vault, bot, clock, guard=BrokenGuard())
    receive(vault, message("((((("))
    for _ in range(3):
        with pytest.raises(RecursionError):
            work(desk)
        clock.advance(30)
    work(desk)
    assert said(vault) == ["Pesan Anda tersimpan."]
    assert outcomes(vault) == [("done", "unreadable")]
    assert bot.asked == []


def test_a_safe_text_never_breaks_the_cover_of_a_watched_caller(
    vault: Vault, clock: Clock, bot: FakeBot
) -> None:
    """Not even when a message cannot be read."""
    receive(vault, message("RESEP", provider_id="1"))
    work(make_desk(vault, bot, clock))
    receive(vault, message("?", provider_id="2"))
    for _ in range(3):
        with pytest.raises(RecursionError):
            work(make_desk(vault, bot, clock, guard=BrokenGuard()))
        clock.advance(30)
    work(make_desk(vault, bot, clock, guard=BrokenGuard()))
    assert said(vault)[-1] == "Resep telur dadar."


def test_no_answer_to_a_caption_still_keeps_the_photo(siti: Caller, vault: Vault) -> None:
    """The bot was away, the evidence is not."""

    def silent(_: Question) -> Answer:
        raise NoAnswer("Rasa answered 500")

    siti.bot.behave = silent
    siti.file(Kind.PHOTO, "ini kontraknya")
    [ticket] = all_tickets(vault)
    assert ticket.reasons == ("no_answer",)
    assert ticket.known()["evidence"].startswith("photo ")


def test_a_file_that_will_be_refused_is_not_called_kept(siti: Caller, vault: Vault) -> None:
    """Whoever reads "being kept" sends nothing more; also in the middle of an album."""
    small = Media(Kind.VIDEO, "file-1", size=5_000_000)
    large = Media(Kind.VIDEO, "file-2", size=99_000_000)
    at = siti.clock()
    for number, media in enumerate((small, small, large, large)):
        one = message("", provider_id=f"v{number}", at=at + number, kind=Kind.VIDEO, media=(media,))
        receive(vault, one)
        work(siti.desk)
    names = ("utter_media_received", "utter_media_too_large")
    assert said(vault) == [TEXTS.get(name, "id", Channel.WHATSAPP) for name in names]
