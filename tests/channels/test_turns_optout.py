"""STOP is obeyed on every channel, shown, and taken back by a word; whoever writes is answered."""

import pytest
import sqlalchemy as sa

from channels.desk import Desk
from hotline.messages import Channel
from hotline.tickets import Urgency
from store import db, overview, tickets
from store.tables import conversations
from store.vault import Vault
from tests.fakes import Clock, FakeBot, make_desk, message, outcomes, receive, said, work


@pytest.fixture
def bot() -> FakeBot:
    return FakeBot()


@pytest.fixture
def desk(vault: Vault, clock: Clock, bot: FakeBot) -> Desk:
    return make_desk(vault, bot, clock)


def write(
    desk: Desk, *texts: str, channel: Channel = Channel.WHATSAPP, transport: str = "local"
) -> None:
    for text in texts:
        number = len(outcomes(desk.vault))
        one = message(text, provider_id=str(number), channel=channel)
        receive(desk.vault, one, transport=transport)
        work(desk)


def opted_out(vault: Vault) -> bool:
    with db.read(vault.engine) as connection:
        return connection.execute(sa.select(conversations.c.opted_out_at)).scalar_one() is not None


def events(vault: Vault) -> list[str]:
    with db.read(vault.engine) as connection:
        known = connection.execute(sa.select(conversations.c.id)).scalar_one()
        return [str(event["kind"]) for event in overview.events(connection, known)]


@pytest.mark.parametrize("word", ["STOP", "berhenti", "UNSUBSCRIBE"])
def test_stop_is_confirmed_once_and_shown(
    desk: Desk, vault: Vault, bot: FakeBot, word: str
) -> None:
    """The bot is not asked: it would take the word for the end of a question."""
    write(desk, word)
    assert said(vault) == ["Kami tidak menulis lebih dulu."]
    assert opted_out(vault)
    assert events(vault) == ["opted_out"]
    assert outcomes(vault) == [("done", "opted_out")]
    assert bot.asked == []
    with db.read(vault.engine) as connection:
        [one] = overview.standings(connection, now=desk.now())
    assert one.matters
    assert one.opted_out_at == desk.now()


def test_who_wrote_stop_is_answered_when_she_writes(desk: Desk, vault: Vault) -> None:
    """Nothing that we begin goes out, but a question is a question."""
    write(desk, "STOP", "biaya?")
    assert said(vault)[-1] == "re: biaya?"
    assert opted_out(vault)


def test_danger_after_stop_is_danger(desk: Desk, vault: Vault) -> None:
    """The guard never stops reading."""
    write(desk, "STOP", "saya disekap")
    with db.read(vault.engine) as connection:
        [ticket] = tickets.all_tickets(connection, vault.keyring)
    assert ticket.urgency is Urgency.CRITICAL


def test_danger_is_on_the_list_of_those_who_need_somebody(desk: Desk, vault: Vault) -> None:
    """The bot has answered her, and yet nobody has looked."""
    write(desk, "saya disekap")
    with db.read(vault.engine) as connection:
        [one] = overview.standings(connection, now=desk.now())
    assert one.critical
    assert one.matters


def test_a_word_takes_stop_back(desk: Desk, vault: Vault) -> None:
    """And is confirmed too."""
    write(desk, "STOP", "MULAI")
    assert not opted_out(vault)
    assert said(vault)[-1] == "Kami boleh menulis lagi."
    assert events(vault) == ["opted_out", "opted_in"]


def test_mulai_of_who_never_stopped_is_for_the_bot(desk: Desk, vault: Vault) -> None:
    """Many begin with it."""
    write(desk, "mulai")
    assert said(vault) == ["re: mulai"]
    assert events(vault) == []


@pytest.mark.parametrize("word", ["BATAL", "LANJUT", "stop dulu ya"])
def test_the_bots_own_words_stay_the_bots(desk: Desk, vault: Vault, word: str) -> None:
    """BATAL ends a question."""
    write(desk, word)
    assert said(vault) == [f"re: {word}"]
    assert not opted_out(vault)


def test_twilio_confirms_stop_by_sms_itself(desk: Desk, vault: Vault) -> None:
    """Ours would be refused (21610); on WhatsApp we say it."""
    write(desk, "STOP", channel=Channel.SMS, transport="twilio")
    assert said(vault) == []
    assert opted_out(vault)


@pytest.mark.parametrize(("word", "back"), [("BERHENTI", "MULAI"), ("unreg", "mulai")])
def test_words_that_twilio_does_not_know_are_confirmed_by_us(
    desk: Desk, vault: Vault, word: str, back: str
) -> None:
    """Where the account has them as its own, Twilio says so and they come as STOP and START."""
    write(desk, word, channel=Channel.SMS, transport="twilio")
    assert said(vault) == ["Kami tidak menulis lebih dulu."]
    write(desk, back, channel=Channel.SMS, transport="twilio")
    assert said(vault)[-1] == "Kami boleh menulis lagi."


@pytest.mark.parametrize(
    ("channel", "transport"), [(Channel.WHATSAPP, "twilio"), (Channel.SMS, "smpp")]
)
def test_where_nobody_else_confirms_we_do(
    desk: Desk, vault: Vault, channel: Channel, transport: str
) -> None:
    """She must know that it worked."""
    write(desk, "STOP", channel=channel, transport=transport)
    assert said(vault) == ["Kami tidak menulis lebih dulu."]


def test_stop_of_a_watched_caller_is_obeyed_without_a_word(desk: Desk, vault: Vault) -> None:
    """Whoever looks over her shoulder reads recipes, not that there was something to stop."""
    write(desk, "RESEP", "STOP", "halo")
    assert opted_out(vault)
    assert said(vault) == ["Resep sayur bening.", "Resep telur dadar."]
