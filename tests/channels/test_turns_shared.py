"""What a phone shares besides words reaches the bot marked as that."""

import pytest

from hotline.messages import Kind, Media
from store.vault import Vault
from tests.channels.test_turns_kinds import Caller
from tests.fakes import Clock, FakeBot


@pytest.fixture
def bot() -> FakeBot:
    return FakeBot()


@pytest.fixture
def siti(vault: Vault, clock: Clock, bot: FakeBot) -> Caller:
    return Caller(vault, clock, bot)


def test_a_caption_and_what_was_shared_are_told_to_the_bot(siti: Caller, bot: FakeBot) -> None:
    """Words beside a picture, and words of our own making, are no ordinary text."""
    siti.sends("halo")
    siti.file(Kind.PHOTO, "ini kontraknya")
    siti.sends(kind=Kind.LOCATION, place=(5.0, 90.0))
    siti.sends("Pak Hassan", kind=Kind.CONTACT, contact="+60123000009")
    siti.sends("Siti", kind=Kind.CONTACT, contact="+60123000001", own_contact=True)
    shared = [question.shared for question in bot.asked]
    assert shared == ["", "caption", "location", "contact", ""]


def test_a_contact_card_that_comes_as_a_file_is_a_card(siti: Caller, bot: FakeBot) -> None:
    """WhatsApp by Twilio gives no number, and the file is not opened."""
    siti.sends(kind=Kind.CONTACT, media=(Media(Kind.CONTACT, "file-1"),))
    assert (bot.asked[0].text, bot.asked[0].shared) == ("kartu kontak", "contact")
