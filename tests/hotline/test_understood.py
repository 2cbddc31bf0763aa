"""What a message was taken for: words of fixed lists, and nothing else gets through."""

import pytest

from hotline.understood import INTENTS, Understood, understood
from suar import examples


def test_the_list_of_intents_is_that_of_the_training_examples() -> None:
    """A responder can choose everything that can be learned, and nothing that cannot."""
    assert set(INTENTS) == {example.intent for example in examples.of("id")}
    assert len(INTENTS) == len(set(INTENTS))


def test_a_reading_is_taken_as_it_came() -> None:
    """The bot's own intents, which are not learned, are taken too."""
    assert understood("faq/costs", 0.8, "jv") == Understood("faq/costs", 0.8, "jv")
    assert understood("nlu_fallback", 1, None) == Understood("nlu_fallback", 1.0, "")


@pytest.mark.parametrize(
    "raw",
    [
        ("paspor saya diambil", 0.9, "id"),
        ("", 0.9, "id"),
        (None, 0.9, "id"),
        ("greet", "0.9", "id"),
        ("greet", True, "id"),
        ("a" * 21, 0.9, "id"),
    ],
)
def test_words_of_a_caller_are_never_taken_for_an_intent(raw: tuple[object, ...]) -> None:
    """The columns lie in the clear: a mistake of the bot's must not fill them with a message."""
    assert understood(*raw) is None


def test_a_language_is_a_code_or_nothing() -> None:
    """As above; and a confidence lies between nothing and one."""
    assert understood("greet", 7.0, "bahasa saya") == Understood("greet", 1.0, "")
