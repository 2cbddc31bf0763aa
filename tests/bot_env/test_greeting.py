"""The question behind a greeting."""

import pytest

from bot.greeting import behind_greeting


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("halo kak mau nanya biaya ke taiwan berapa", "biaya ke taiwan berapa"),
        (
            "assalamualaikum min mau tanya syarat ke jepang apa aja ya",
            "syarat ke jepang apa aja ya",
        ),
        ("sugeng enjang badhe tanglet biaya dateng taiwan pinten", "biaya dateng taiwan pinten"),
        ("wilujeng enjing bade naros syarat ka jepang naon wae", "syarat ka jepang naon wae"),
        ("hello i want to ask about the fee to taiwan", "the fee to taiwan"),
    ],
)
def test_the_question_is_what_is_left(text: str, rest: str) -> None:
    """Greeting and announcement go, the question stays as typed."""
    assert behind_greeting("greet", text) == rest


@pytest.mark.parametrize(
    "text", ["halo", "halo kak", "permisi mau nanya dong", "selamat pagi pak", ""]
)
def test_a_greeting_alone_asks_nothing(text: str) -> None:
    """It is greeted back."""
    assert behind_greeting("greet", text) == ""


def test_a_message_with_another_intent_stays_whole() -> None:
    """Nothing is taken from what the model has understood."""
    assert behind_greeting("faq/costs", "halo kak biaya ke taiwan") == ""
