"""The Javanese catalogue: complete, polite, and true to what the bot needs."""

import re

import pytest
from babel.messages.catalog import Message

from suar import messages
from tests.bot.catalogues import entries, faults, name

ENTRIES = entries("jv")
# Low Javanese for "you" and "not yet"; said to a stranger or an elder they are rude.
_RUDE = re.compile(r"\b(?:kowe|awakmu|sampeyan|durung|ora|aja|wis)\b", re.IGNORECASE)


def test_javanese_has_every_text_a_caller_can_read() -> None:
    """A text written after the last `make messages` would reach Siti's mother untranslated."""
    assert {(e.context, e.id) for e in ENTRIES} == set(messages.entries())


@pytest.mark.parametrize("entry", ENTRIES, ids=name)
def test_a_javanese_text_keeps_all_the_bot_depends_on(entry: Message) -> None:
    """Places, numbers, names, commands, lines and limits survive the translation."""
    assert faults(entry) == []


@pytest.mark.parametrize("entry", ENTRIES, ids=name)
def test_a_javanese_text_does_not_slip_into_the_speech_used_among_children(entry: Message) -> None:
    """A village caller of any age is addressed politely, with panjenengan and mboten."""
    assert _RUDE.findall(str(entry.string)) == []


def test_javanese_says_that_javanese_is_used() -> None:
    """The answer to a change of language is the one text that must not be a plain translation."""
    said = next(str(e.string) for e in ENTRIES if e.context == "utter_language_set")
    assert "Jawa" in said
    assert "Indonesia" not in said
