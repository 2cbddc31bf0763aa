"""The Sundanese catalogue: complete, polite, and true to what the bot needs."""

import re

import pytest
from babel.messages.catalog import Message

from suar import messages
from tests.bot.catalogues import entries, faults, name

ENTRIES = entries("su")
# Sundanese among close friends: "you", "I", "must", "already", "want"; rude to a stranger.
_RUDE = re.compile(
    r"\b(?:man[eé]h|sia|silaing|aing|kudu|geus|hayang|nyaho|duit|pamajikan|salaki)\b",
    re.IGNORECASE,
)
_DANGER = "Kalau Anda atau orang lain sedang dalam bahaya, tulis: DARURAT"


def test_sundanese_has_every_text_a_caller_can_read() -> None:
    """A text written after the last `make messages` would reach Budi's mother untranslated."""
    assert {(e.context, e.id) for e in ENTRIES} == set(messages.entries())


@pytest.mark.parametrize("entry", ENTRIES, ids=name)
def test_a_sundanese_text_keeps_all_the_bot_depends_on(entry: Message) -> None:
    """Places, numbers, names, commands, lines and limits survive the translation."""
    assert faults(entry) == []


@pytest.mark.parametrize("entry", ENTRIES, ids=name)
def test_a_sundanese_text_does_not_slip_into_the_speech_of_close_friends(entry: Message) -> None:
    """A village caller of any age is addressed politely, with Anjeun and kedah."""
    assert _RUDE.findall(str(entry.string)) == []


def test_every_sundanese_answer_names_the_way_out_of_danger_alike() -> None:
    """A caller who has read the danger line once knows it again under every other answer."""
    warned = [str(e.string) for e in ENTRIES if str(e.id).endswith(_DANGER)]
    line = "Upami Anjeun atanapi jalmi sanés nuju dina bahaya, serat: DARURAT"
    assert warned
    assert [text for text in warned if not text.endswith(line)] == []


def test_sundanese_says_that_sundanese_is_used() -> None:
    """The answer to a change of language is the one text that must not be a plain translation."""
    said = next(str(e.string) for e in ENTRIES if e.context == "utter_language_set")
    assert "Sunda" in said
    assert "Indonesia" not in said
