"""What the guard is not sure of: the bot, which reads the whole message, has a say; nobody else."""

from dataclasses import replace

import pytest

from channels.desk import Desk
from channels.rasa import Answer, Question
from hotline.danger import Guard, Rule
from hotline.errors import NoAnswer
from hotline.signs import Scale
from hotline.tickets import Category, Urgency
from hotline.understood import Understood
from store import db, tickets
from store.vault import Vault
from tests.fakes import Clock, FakeBot, make_desk, message, receive, reply, said, work

# One rule alone is below what counts as sure.
DOUBTFUL = Guard(
    [Rule("locked_in", ("dikunci",)), Rule("beaten", ("dipukul",))], scale=Scale(rule=2, sure=10)
)


def desk_of(vault: Vault, clock: Clock, bot: FakeBot) -> Desk:
    """Give a desk with the guard that doubts."""
    return replace(make_desk(vault, bot, clock), guard=DOUBTFUL)


def hearing(intent: str) -> FakeBot:
    """Give a bot that takes every message for the same."""
    return FakeBot(lambda _: replace(reply("baik"), understood=Understood(intent, 0.9, "id")))


def urgencies(vault: Vault) -> list[tuple[str, str]]:
    """Give kind and urgency of every ticket."""
    with db.read(vault.engine) as connection:
        found = tickets.all_tickets(connection, vault.keyring)
        return [(ticket.category, ticket.urgency) for ticket in found]


def test_the_bot_is_told_the_reasons_and_that_they_are_doubtful(vault: Vault, clock: Clock) -> None:
    """It decides with both: what rang, and what it reads itself."""
    bot = hearing("faq/contract")
    receive(vault, message("motor saya dikunci teman"))
    work(desk_of(vault, clock, bot))
    assert (bot.asked[0].danger, bot.asked[0].doubtful) == (("locked_in",), True)


def test_the_bot_takes_a_doubtful_alarm_back(vault: Vault, clock: Clock) -> None:
    """A motorcycle that is locked calls nobody in the night."""
    receive(vault, message("motor saya dikunci teman"))
    work(desk_of(vault, clock, hearing("out_of_scope")))
    assert urgencies(vault) == []
    assert said(vault) == ["baik"]


def test_a_doubtful_alarm_that_the_bot_shares_is_one(vault: Vault, clock: Clock) -> None:
    """Two who see danger are enough."""
    receive(vault, message("saya dikunci di kamar"))
    work(desk_of(vault, clock, hearing("emergency")))
    assert urgencies(vault) == [(Category.EMERGENCY, Urgency.CRITICAL)]


@pytest.mark.parametrize("text", ["DARURAT", "darurat!!", "EMERGENCY", "Emergency."])
def test_the_word_we_tell_her_to_write_is_never_doubted(
    vault: Vault, clock: Clock, text: str
) -> None:
    """Also where the bot takes it for an answer, in the middle of a report."""
    cry = Guard([Rule("cry_for_help", ("darurat", "emergency"))], scale=Scale(rule=2, sure=10))
    bot = hearing("inform")
    receive(vault, message(text))
    work(replace(make_desk(vault, bot, clock), guard=cry))
    assert urgencies(vault) == [(Category.EMERGENCY, Urgency.CRITICAL)]
    assert (bot.asked[0].danger, bot.asked[0].doubtful) == (("cry_for_help",), False)


def test_two_rules_are_sure_whatever_the_bot_says(vault: Vault, clock: Clock) -> None:
    """The ticket stands before the bot is asked."""
    bot = hearing("out_of_scope")
    receive(vault, message("saya dikunci dan dipukul"))
    work(desk_of(vault, clock, bot))
    assert urgencies(vault) == [(Category.EMERGENCY, Urgency.CRITICAL)]
    assert bot.asked[0].doubtful is False


def no_answer(_: Question) -> Answer:
    raise NoAnswer("Rasa answered 500")


@pytest.mark.parametrize("behave", [no_answer, lambda _: reply("baik")])
def test_without_a_reading_doubt_is_danger(vault: Vault, clock: Clock, behave: object) -> None:
    """A dead bot, and one that does not say what it read, take nothing back."""
    receive(vault, message("saya dikunci di kamar"))
    work(desk_of(vault, clock, FakeBot(behave)))  # type: ignore[arg-type] # either kind of bot
    assert (Category.EMERGENCY, Urgency.CRITICAL) in urgencies(vault)


@pytest.mark.parametrize("text", ["saya dikunci dan dipukul", "saya dikunci di kamar"])
def test_a_ticket_of_the_guard_has_the_language_that_the_bot_then_read(
    vault: Vault, clock: Clock, text: str
) -> None:
    """The first message of a Sasak woman: the alarm comes before anybody knows her language."""
    heard = Understood("emergency", 0.9, "sas")
    bot = FakeBot(lambda _: replace(reply("baik"), language="sas", understood=heard))
    receive(vault, message(text))
    work(desk_of(vault, clock, bot))
    with db.read(vault.engine) as connection:
        (ticket,) = tickets.all_tickets(connection, vault.keyring)
    assert ticket.language == "sas"
