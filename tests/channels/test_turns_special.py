"""Turns that are no plain question: watched callers, floods, poison, and odd texts."""

import pytest

from channels.rasa import Answer, Question
from channels.turns import clean
from hotline.tickets import Ticket, Urgency
from store import db, tickets
from store.vault import Vault
from tests.fakes import (
    LEASE,
    Clock,
    FakeBot,
    make_desk,
    message,
    outcomes,
    receive,
    reply,
    said,
    work,
)


def broken(_: Question) -> Answer:
    raise RuntimeError("the worker dies here")


def all_tickets(vault: Vault) -> list[Ticket]:
    with db.read(vault.engine) as connection:
        return list(tickets.all_tickets(connection, vault.keyring))


@pytest.mark.parametrize("text", ["RESEP", "resep", " Resep! "])
def test_the_neutral_word_is_answered_like_a_recipe_service(
    vault: Vault, clock: Clock, text: str
) -> None:
    """Who looks over Siti's shoulder reads about vegetables, and the bot is not asked."""
    bot = FakeBot()
    receive(vault, message(text))
    work(make_desk(vault, bot, clock))
    assert said(vault) == ["Resep sayur bening."]
    assert bot.asked == []
    assert all_tickets(vault) == []


def test_a_watched_caller_gets_recipes_until_she_goes_on(vault: Vault, clock: Clock) -> None:
    """Whatever is typed meanwhile is met with recipes; LANJUT brings the bot back."""
    bot = FakeBot()
    desk = make_desk(vault, bot, clock)
    for number, text in enumerate(["RESEP", "siapa ini?", "LANJUT", "biaya berapa"]):
        receive(vault, message(text, provider_id=str(number)))
    work(desk)
    recipes = ["Resep sayur bening.", "Resep telur dadar.", "Saya kembali."]
    assert said(vault) == [*recipes, "re: biaya berapa"]
    assert [question.text for question in bot.asked] == ["biaya berapa"]


def test_danger_told_while_watched_is_heard_silently(vault: Vault, clock: Clock) -> None:
    """The screen shows a recipe; the responders see a critical ticket."""
    desk = make_desk(vault, FakeBot(), clock)
    for number, text in enumerate(["RESEP", "saya disekap"]):
        receive(vault, message(text, provider_id=str(number)))
    work(desk)
    assert said(vault) == ["Resep sayur bening.", "Resep telur dadar."]
    assert [ticket.urgency for ticket in all_tickets(vault)] == [Urgency.CRITICAL]


def test_a_reporter_who_hides_is_marked_as_watched(vault: Vault, clock: Clock) -> None:
    """A responder must know before she answers that somebody else may read it."""
    desk = make_desk(vault, FakeBot(), clock)
    for number, text in enumerate(["saya disekap", "RESEP"]):
        receive(vault, message(text, provider_id=str(number)))
    work(desk)
    assert "may_be_watched" in all_tickets(vault)[0].reasons


def test_a_flood_is_answered_by_its_end(vault: Vault, clock: Clock) -> None:
    """Of thirty messages in a row the last ones go to the bot, the rest get one word for all."""
    bot = FakeBot()
    for number in range(30):
        receive(vault, message(f"pesan {number}", provider_id=str(number)))
    work(make_desk(vault, bot, clock, burst_limit=5))
    asked = [question.text for question in bot.asked]
    assert asked == [f"pesan {number}" for number in range(25, 30)]
    assert [state for state, _ in outcomes(vault)] == ["done"] * 30
    assert 1 <= said(vault).count("Pesan Anda banyak, kami baca semua.") <= 5


def test_danger_inside_a_flood_reaches_the_bot(vault: Vault, clock: Clock) -> None:
    """A cry among thirty messages is neither skipped nor lumped with the others."""
    bot = FakeBot()
    receive(vault, message("saya disekap", provider_id="cry"))
    for number in range(30):
        receive(vault, message("halo", provider_id=str(number)))
    work(make_desk(vault, bot, clock, burst_limit=5))
    assert bot.asked[0].text == "saya disekap"
    assert len(all_tickets(vault)) == 1


def test_a_message_that_stops_three_workers_gets_the_safe_text(vault: Vault, clock: Clock) -> None:
    """A poisonous message is given to a person instead of stopping the conversation for ever."""
    bot = FakeBot(broken)
    desk = make_desk(vault, bot, clock)
    receive(vault, message("racun", provider_id="1"))
    receive(vault, message("halo", provider_id="2"))
    for _ in range(3):
        with pytest.raises(RuntimeError):
            work(desk)
        clock.advance(LEASE + 1)
    bot.behave = None
    work(desk)
    assert said(vault) == ["Pesan Anda tersimpan.", "re: halo"]
    assert len([question for question in bot.asked if question.text == "racun"]) == 3
    assert outcomes(vault) == [("done", "safe_text"), ("done", "bot")]


@pytest.mark.parametrize(
    ("text", "reaches"),
    [
        ("", ""),
        ("😭😭😭", "😭😭😭"),
        ("a\x00b\x1b[31mc\u202ed", "ab[31mcd"),
        ("/restart", "/restart"),
        ('/affirm{"consent": true}', '/affirm{"consent": true}'),
        ("x" * 10_000, "x" * 2000),
        ("  satu\ndua\t", "satu\ndua"),
        ("...", "..."),
    ],
    ids=["empty", "emoji", "controls", "slash", "payload", "long", "lines", "dots"],
)
def test_odd_texts_reach_the_bot_harmlessly(
    vault: Vault, clock: Clock, text: str, reaches: str
) -> None:
    """Whatever is typed is one turn as plain text, never a command and never a choice."""
    bot = FakeBot(lambda _: reply("Saya belum paham."))
    receive(vault, message(text))
    work(make_desk(vault, bot, clock))
    [asked] = bot.asked
    assert (asked.text, asked.choice) == (reaches, None)
    assert said(vault) == ["Saya belum paham."]


def test_cleaning_keeps_every_script() -> None:
    """Javanese, Arabic and Chinese letters are no control characters."""
    text = "ꦱꦸꦒꦼꦁ أهلا 你好 – “Siti”"
    assert clean(text, 2000) == text


def test_a_cut_text_keeps_its_beginning() -> None:
    """The bot reads the first of a long story; the stored message stays whole."""
    assert clean("abc" * 1000, 200) == ("abc" * 1000)[:200]
