"""Consent is taken from plain words and from nothing else."""

from typing import Any

import pytest


@pytest.fixture
def asked(siti: Any) -> Any:
    """Give Siti at the consent question of her report."""
    said = siti.writes(
        "suami saya di jeddah tidak digaji enam bulan lewat PT Cahaya Rantau Sejati",
        intent="report_trafficking",
        recruiter="PT Cahaya Rantau Sejati",
    )
    assert said[-1] == "utter_ask_consent"
    return siti


@pytest.mark.parametrize("word", ["ya", "boleh", "iya pak silakan", "nggih", "muhun", "yes", "OK"])
def test_a_word_for_yes_is_consent(asked: Any, word: str) -> None:
    """Yes in any of the callers' languages is written down, and the talk goes on."""
    assert asked.writes(word, intent="affirm") == ["utter_ask_safe_time"]
    assert asked.known()["consent"] == "yes"


@pytest.mark.parametrize("word", ["tidak", "jangan pak", "ga usah ya", "mboten", "teu kedah", "no"])
def test_a_word_for_no_is_a_refusal(asked: Any, word: str) -> None:
    """No is respected even with a polite yes in it."""
    asked.writes(word, intent="deny")
    assert asked.known()["consent"] == "no"


@pytest.mark.parametrize(
    "text",
    [
        *("👍", "🙏🙏", "...", "?", "", "   ", "123", "😭"),
        *("saya bisa masak", "boleh tanya dulu", "apa boleh saya pulang", "bisa bahasa jawa"),
    ],
)
def test_anything_else_is_no_consent(asked: Any, text: str) -> None:
    """An emoji, silence and a sentence that happens to hold "bisa" leave it open."""
    said = asked.writes(text)
    assert "consent" not in asked.known()
    assert said == ["utter_ask_consent_words"]


def test_the_model_alone_cannot_consent(asked: Any) -> None:
    """An intent "affirm" without a word for yes counts for nothing."""
    asked.writes("hmm", intent="affirm", confidence=0.99)
    assert "consent" not in asked.known()


def test_two_unclear_answers_leave_it_unknown_and_the_talk_goes_on(asked: Any) -> None:
    """Nobody is pressed: a responder asks again."""
    assert asked.writes("👍") == ["utter_ask_consent_words"]
    assert asked.writes("🙏") == ["utter_ask_safe_time"]
    assert "consent" not in asked.known()


def test_not_wanting_to_say_leaves_it_unknown(asked: Any) -> None:
    """LEWATI is neither yes nor no."""
    assert asked.writes("LEWATI") == ["utter_ask_safe_time"]
    assert "consent" not in asked.known()


@pytest.mark.parametrize(("title", "written"), [("Ya, boleh", "yes"), ("Tidak", "no")])
def test_a_tapped_choice_counts_as_its_words(asked: Any, title: str, written: str) -> None:
    """The choices say in words what they mean."""
    asked.picks(title)
    assert asked.known()["consent"] == written


def test_a_typed_value_cannot_forge_a_choice(asked: Any) -> None:
    """Only a tap carries a value; the same word typed in another place is only text."""
    asked.writes("no problem with the weather", value="yes")
    assert asked.known().get("consent") != "yes"


def test_a_question_at_the_consent_question_is_answered_and_asked_again(asked: Any) -> None:
    """Asking who will read it is no consent."""
    said = asked.writes("majikan bakal tahu ga?", intent="faq/confidentiality")
    assert said == ["utter_faq/confidentiality", "utter_ask_consent"]
    assert "consent" not in asked.known()


@pytest.mark.parametrize(
    "words",
    [
        "jam 9 malam sampai jam 11 malam, jangan telepon",
        "jam 1 sampai jam 3 pagi saja, jangan telepon",
        "malam saja jangan telpon",
    ],
)
def test_hours_that_the_model_takes_for_a_cry_are_kept(asked: Any, words: str) -> None:
    """Lost hours would send a message at the wrong one; the guard still hears danger by itself."""
    asked.writes("boleh", intent="affirm")
    said = asked.writes(words, intent="emergency", confidence=0.7)
    assert said[-1] == "utter_report_done"
    assert asked.known()["safe_time"] == words
    assert asked.known()["contact_rule"] == "never_call"
    assert asked.ticket().urgency == "high"


def test_a_cry_instead_of_hours_is_a_cry(asked: Any) -> None:
    """What the guard hears is danger whatever was asked."""
    asked.writes("boleh", intent="affirm")
    asked.writes("jam 9 malam saya dikurung lagi", intent="emergency", danger=("locked_in",))
    assert asked.ticket().urgency == "critical"


@pytest.mark.parametrize("words", ["gak tau", "gak mau jawab", "lewati"])
def test_no_answer_is_neither_yes_nor_no(asked: Any, words: str) -> None:
    """What she left open is asked by a responder, not written down as a no."""
    said = asked.writes(words, intent="deny")
    assert said == ["utter_ask_safe_time"]
    assert "consent" not in asked.known()
