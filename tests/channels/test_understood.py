"""What the bot took a message for is kept beside it, in words of fixed lists."""

from typing import Any

import pytest
import sqlalchemy as sa

from channels.rasa import Answer, _read
from hotline.errors import NoAnswer
from hotline.messages import Reply
from hotline.understood import Understood
from store import db
from store.tables import inbox
from store.vault import Vault
from tests.fakes import Clock, FakeBot, make_desk, message, receive, work

COSTS = Understood("faq/costs", 0.81, "jv")


def kept(vault: Vault) -> tuple[Any, ...]:
    query = sa.select(inbox.c.read_intent, inbox.c.read_confidence, inbox.c.read_language)
    with db.read(vault.engine) as connection:
        return tuple(connection.execute(query).one())


def test_the_reading_of_a_turn_is_kept(vault: Vault, clock: Clock) -> None:
    """A responder sees it beside the message, and may correct it."""
    receive(vault, message("pinten ongkose"))
    bot = FakeBot(lambda _: Answer((Reply("Biaya ..."),), "jv", COSTS))
    work(make_desk(vault, bot, clock))
    assert kept(vault) == ("faq/costs", 0.81, "jv")


def test_without_the_bot_there_is_no_reading(vault: Vault, clock: Clock) -> None:
    """After a safe text nobody knows what it was taken for."""

    def silent(_: object) -> Answer:
        raise NoAnswer("Rasa answered 500")

    receive(vault, message("pinten ongkose"))
    work(make_desk(vault, FakeBot(silent), clock))
    assert kept(vault) == (None, None, None)


@pytest.mark.parametrize(
    ("told", "taken"),
    [
        (b'{"intent": "faq/costs", "confidence": 0.81, "language": "jv"}', COSTS),
        (b'{"intent": "pinten ongkose", "confidence": 0.81, "language": "jv"}', None),
        (b'"faq/costs"', None),
        (b"null", None),
    ],
)
def test_an_answer_is_taken_whatever_its_reading_is(told: bytes, taken: Understood | None) -> None:
    """The caller shall not miss her answer for a word about it."""
    content = b'{"replies": [{"text": "Ya"}], "language": "jv", "understood": %s}' % told
    assert _read(200, content) == Answer((Reply("Ya"),), "jv", taken)


def test_a_bot_of_an_earlier_version_tells_no_reading() -> None:
    """During an update both versions meet."""
    assert _read(200, b'{"replies": [{"text": "Ya"}], "language": "id"}').understood is None
