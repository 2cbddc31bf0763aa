"""The English catalogue: complete, and true to what the bot depends on."""

import re

import pytest
from babel.messages.catalog import Message

from hotline import reading
from hotline.deletion import asks_to_delete
from hotline.settings import ROOT
from store.danger import load_guard
from suar import messages
from tests.bot.catalogues import OWN_COMMANDS, entries, faults, name

ENTRIES = entries("en")
OWN = OWN_COMMANDS["en"]


def test_english_has_every_text_a_caller_can_read() -> None:
    """A text written after the last `make messages` would reach an English reader untranslated."""
    assert {(e.context, e.id) for e in ENTRIES} == set(messages.entries())


@pytest.mark.parametrize("entry", ENTRIES, ids=name)
def test_an_english_text_keeps_all_the_bot_depends_on(entry: Message) -> None:
    """Places, numbers, names, commands, lines and limits survive the translation."""
    assert faults(entry, "en") == []


@pytest.mark.parametrize("entry", ENTRIES, ids=name)
def test_an_english_text_names_no_indonesian_word_to_write(entry: Message) -> None:
    """Where there is an English word that the bot reads, a frightened reader gets that one."""
    assert [word for word in re.findall(r"[A-Z]{4,}", str(entry.string)) if word in OWN] == []


def test_the_english_words_to_write_are_read() -> None:
    """Each does what the Indonesian one does; those for the model are in the conversations."""
    guard = load_guard(ROOT / "data" / "danger")
    alarms = [guard.read(word) for word in ("DARURAT", "EMERGENCY")]
    assert alarms[0] is not None
    assert alarms[1] is not None
    assert alarms[0].reasons == alarms[1].reasons
    assert reading.skips(OWN["LEWATI"])
    assert reading.yes_or_no(OWN["TIDAK"], "en") is False
    assert reading.wants_person(OWN["petugas"])
    assert asks_to_delete(OWN["hapus data saya"])


def test_english_says_that_english_is_used() -> None:
    """The answer to a change of language is the one text that must not be a plain translation."""
    said = next(str(e.string) for e in ENTRIES if e.context == "utter_language_set")
    assert "English" in said
    assert "Indonesia" not in said
