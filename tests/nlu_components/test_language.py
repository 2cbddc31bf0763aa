"""Which language a message is written in."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.language import LanguageIdentifier


@pytest.fixture(scope="module")
def identifier(kitchen, training_data: TrainingData):
    """Return a trained identifier."""
    return kitchen.trained(LanguageIdentifier, {}, training_data)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("saya tidak tahu harus bagaimana, tolong bantu", "id"),
        ("aku ora ngerti kudu piye, tulung aku", "jv"),
        ("i do not know what to do, please help me", "en"),
    ],
)
def test_function_words_tell_the_language(identifier, text: str, code: str) -> None:
    """A sentence without topic words is still placed."""
    assert identifier.read(text).get("language")["code"] == code


@pytest.mark.parametrize("text", ["😭", "12", "...", "สวัสดี"])
def test_text_in_no_known_letters_has_no_language(identifier, text: str) -> None:
    """Nothing is guessed from signs, numbers or a script never met."""
    assert identifier.read(text).get("language") == {
        "code": None,
        "confidence": 0.0,
        "ranking": [],
    }


def test_the_same_text_is_always_read_the_same(identifier) -> None:
    """The draws of langdetect are seeded."""
    text = "mas aku pengin takon sik"
    assert identifier.read(text).get("language") == identifier.read(text).get("language")


def test_only_own_languages_are_ranked_and_they_sum_to_one(identifier) -> None:
    """The stock profiles of langdetect have no say."""
    ranking = identifier.read("bonjour je suis perdu").get("language")["ranking"]
    assert {entry["code"] for entry in ranking} == {"id", "jv", "en"}
    assert sum(entry["confidence"] for entry in ranking) == pytest.approx(1.0)


def test_the_language_leaves_the_pipeline(identifier) -> None:
    """The property is part of what Rasa hands to the conversation."""
    assert "language" in identifier.read("halo").output_properties
