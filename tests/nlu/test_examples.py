"""The training examples: whole, of one language and intent a file, and no templates."""

import json

import pytest

from hotline.settings import ROOT
from tests.nlu import examples

LANGUAGES = examples.languages()
INTENTS = {e.intent for e in examples.of("id")}
ENTITIES = set(
    "recruiter licence_no country region phone amount ticket_code occupation date".split()
)
UNSEEN = ROOT / "tests" / "nlu" / "unseen"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_examples_of_every_intent_in_its_own_files(language: str) -> None:
    """An intent without examples in a language is one its speakers can hardly reach."""
    own = examples.of(language)
    assert {e.language for e in own} == {language}
    assert {e.intent for e in own} == INTENTS
    for file in (examples.FOLDER / language).glob("*.yml"):
        assert {e.intent.rpartition("/")[2] for e in examples.read_file(file)} == {file.stem}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_example_is_another_with_a_different_name_in_it(language: str) -> None:
    """Sentences filled into a form teach the form, and make measured figures look better."""
    assert examples.near_duplicates(examples.of(language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_marks_of_entities_are_whole_and_known(language: str) -> None:
    """A bracket left over would be learned as a letter."""
    for example in examples.of(language):
        assert set(example.entities) <= ENTITIES, example.marked
        assert not set("[]") & set(example.text), example.marked


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_example_is_one_of_the_unseen_messages(language: str) -> None:
    """A message that was trained on measures nothing."""
    unseen = {
        json.loads(line)["text"].lower()
        for file in UNSEEN.glob("*.jsonl")
        for line in file.read_text(encoding="utf-8").splitlines()
    }
    long = [e.text for e in examples.of(language) if len(e.text) >= 20]
    assert [text for text in long if text.lower() in unseen] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_a_word_list_and_a_data_card(language: str) -> None:
    """A reader must be able to find how the examples were made and what is doubtful."""
    words = (ROOT / "data" / "language" / f"{language}.txt").read_text(encoding="utf-8")
    assert len(words.splitlines()) >= 100
    assert "read" in (ROOT / "docs" / "data-cards" / f"{language}.md").read_text("utf-8")
