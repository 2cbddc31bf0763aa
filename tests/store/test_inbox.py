"""The inbox: every message is stored once, claimed by one worker, and answered in order."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from hotline.messages import Channel
from store import db, inbox
from store.tables import conversations
from store.tables import inbox as inbox_table
from store.vault import Vault
from tests.fakes import BUDI, NOON, SITI, claim, message, receive, release


def waiting(vault: Vault, conversation: str) -> inbox.Waiting | None:
    with db.read(vault.engine) as connection:
        return inbox.next_waiting(connection, vault.keyring, conversation)


def finish(vault: Vault, message_id: int) -> None:
    with db.write(vault.engine) as connection:
        inbox.finish(connection, message_id, outcome="bot", now=NOON)


def conversation_of(vault: Vault, message_id: int) -> str:
    with db.read(vault.engine) as connection:
        query = sa.select(inbox_table.c.conversation_id).where(inbox_table.c.id == message_id)
        return str(connection.execute(query).scalar_one())


def count(vault: Vault, table: sa.Table) -> int:
    with db.read(vault.engine) as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_a_message_delivered_twice_is_stored_once(vault: Vault) -> None:
    """Providers deliver again when our 200 is lost; the second delivery changes nothing."""
    first = receive(vault, message("paspor saya diambil"))
    again = receive(vault, message("paspor saya diambil"))
    assert first == again
    assert count(vault, inbox_table) == 1


def test_receive_says_whether_a_message_is_new(vault: Vault) -> None:
    """The caller of receive can tell a repeat from the first delivery."""
    with db.write(vault.engine) as connection:
        first = inbox.receive(connection, vault.keyring, message("halo"), transport="local")
        again = inbox.receive(connection, vault.keyring, message("halo"), transport="local")
    assert first[1] is True
    assert again == (first[0], False)


def test_a_repeat_after_the_answer_wakes_nobody(vault: Vault) -> None:
    """A late repeat of an answered message does not make the conversation due again."""
    done = receive(vault, message("halo"))
    [conversation] = claim(vault, "a", NOON)
    finish(vault, done)
    release(vault, conversation, "a")
    receive(vault, message("halo"))
    assert claim(vault, "a", NOON + 5) == []


def test_two_channels_may_use_the_same_provider_id(vault: Vault) -> None:
    """Telegram counts from one, and so may another provider."""
    by_telegram = receive(vault, message("halo", provider_id="1", channel=Channel.TELEGRAM))
    by_sms = receive(vault, message("halo", provider_id="1", channel=Channel.SMS))
    assert by_telegram != by_sms
    assert conversation_of(vault, by_telegram) != conversation_of(vault, by_sms)


def test_one_address_keeps_one_conversation_on_a_channel(vault: Vault) -> None:
    """Siti's second message joins her first; Budi gets a conversation of his own."""
    first = conversation_of(vault, receive(vault, message("halo", provider_id="1")))
    second = conversation_of(vault, receive(vault, message("tolong", provider_id="2")))
    budi = conversation_of(vault, receive(vault, message("halo", provider_id="3", address=BUDI)))
    assert first == second != budi


def test_a_conversation_id_tells_nothing_of_the_number(vault: Vault) -> None:
    """What Rasa gets to see is random."""
    conversation = conversation_of(vault, receive(vault, message("halo")))
    assert len(conversation) == 32
    assert SITI.removeprefix("+") not in conversation


def test_the_same_first_message_from_many_threads_is_stored_once(vault: Vault) -> None:
    """Eight deliveries of one message at the same moment leave one row and one conversation."""
    together = threading.Barrier(8)

    def deliver(_: int) -> int:
        together.wait()
        return receive(vault, message("tolong"))

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(deliver, range(8)))
    assert len(ids) == 1
    assert count(vault, inbox_table) == count(vault, conversations) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "😭😭",
        "a\x00b",
        "x" * 10_000,
        "/start",
        "baris satu\nbaris dua",
        "ꦱꦸꦒꦼꦁ",
        "'; drop table inbox;--",
    ],
)
def test_any_text_is_stored_as_it_came(vault: Vault, text: str) -> None:
    """Nothing that a caller can send is refused or changed on the way in."""
    [conversation] = [conversation_of(vault, receive(vault, message(text)))]
    kept = waiting(vault, conversation)
    assert kept is not None
    assert kept.text == text


def test_half_an_emoji_does_not_lose_the_message(vault: Vault) -> None:
    """A provider's JSON may hold one half of a surrogate pair; the words beside it must arrive."""
    conversation = conversation_of(vault, receive(vault, message("tolong saya \ud83d")))
    kept = waiting(vault, conversation)
    assert kept is not None
    assert kept.text.startswith("tolong saya")


def test_the_raw_inbox_holds_neither_text_nor_number(vault: Vault) -> None:
    """Who steals the database file reads neither what Siti wrote nor where she can be found."""
    receive(vault, message("majikan mukul saya di Johor"))
    with db.read(vault.engine) as connection:
        rows = [repr(tuple(row)) for row in connection.execute(sa.select(inbox_table))]
        rows += [repr(tuple(row)) for row in connection.execute(sa.select(conversations))]
    stored = "".join(rows)
    assert "Johor" not in stored
    assert SITI not in stored
    assert SITI.removeprefix("+") not in stored


def test_a_lease_of_a_clock_that_ran_ahead_holds_nobody(vault: Vault) -> None:
    """A worker took it a month ahead of time and died; the clock was then set right."""
    first = receive(vault, message("tolong"))
    month = 30 * 86400.0
    assert claim(vault, "w1", NOON + month) == [conversation_of(vault, first)]
    assert claim(vault, "w2", NOON) == [conversation_of(vault, first)]
