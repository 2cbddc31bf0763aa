"""The catalogues of languages that have the road only: whole as far as they go."""

import pytest
from babel.messages.catalog import Message

from hotline.languages import Answers
from store.languages import load_languages
from suar import messages
from tests.bot.catalogues import entries, faults, name

KNOWN = load_languages()
CODES = KNOWN.codes(Answers.ROAD)
ALL = [(code, entry) for code in CODES for entry in entries(code)]


@pytest.mark.parametrize("code", CODES)
def test_a_language_of_the_road_has_all_that_belongs_to_it(code: str) -> None:
    """A report whose third question is in another language would frighten whoever is in it."""
    wanted = {entry for entry in messages.entries() if messages.belongs(entry[0], code)}
    assert {(e.context, e.id) for e in entries(code)} == wanted


@pytest.mark.parametrize(("code", "entry"), ALL, ids=lambda v: v if isinstance(v, str) else name(v))
def test_a_translation_keeps_all_the_bot_depends_on(code: str, entry: Message) -> None:
    """Places, numbers, names, commands, lines and limits survive the translation."""
    assert faults(entry) == []


@pytest.mark.parametrize("code", CODES)
def test_the_chosen_language_is_named_in_it(code: str) -> None:
    """The answer to a change of language is the one text that must not be a plain translation."""
    said = {str(e.string) for e in entries(code) if e.context == "utter_language_set"}
    assert len(said) == 1
    assert "Indonesia" not in said.pop()


@pytest.mark.parametrize("code", CODES)
def test_the_texts_of_danger_are_not_indonesian(code: str) -> None:
    """A text left as it was would count as translated."""
    urgent = [e for e in entries(code) if str(e.context).startswith("utter_emergency")]
    assert urgent
    assert [name(e) for e in urgent if e.string == e.id] == []


def test_languages_that_are_not_answered_have_no_catalogue() -> None:
    """A draft that did not pass must not be found by the bot."""
    silent = KNOWN.codes(Answers.NONE)
    assert [code for code in silent if messages.catalogue_file(code).exists()] == []
