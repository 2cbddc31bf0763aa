"""The English catalogue: complete, marked as unread, and true to what the bot depends on."""

import pytest
from babel.messages.catalog import Message

from suar import messages
from tests.bot.catalogues import entries, faults, name

ENTRIES = entries("en")


def test_english_has_every_text_a_caller_can_read() -> None:
    """A text written after the last `make messages` would reach an English reader untranslated."""
    assert {(e.context, e.id) for e in ENTRIES} == set(messages.entries())


@pytest.mark.parametrize("entry", ENTRIES, ids=name)
def test_an_english_text_keeps_all_the_bot_depends_on(entry: Message) -> None:
    """Places, numbers, names, commands, lines and limits survive the translation."""
    assert faults(entry) == []


def test_english_says_that_english_is_used() -> None:
    """The answer to a change of language is the one text that must not be a plain translation."""
    said = next(str(e.string) for e in ENTRIES if e.context == "utter_language_set")
    assert "English" in said
    assert "Indonesia" not in said
