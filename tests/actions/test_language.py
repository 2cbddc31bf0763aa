"""The caller's own choice of language."""

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pakai bahasa jawa saja", "jv"),
        ("basa sunda wae atuh", "su"),
        ("english please", "en"),
        ("ganti bahasa indonesia", "id"),
    ],
)
def test_a_named_language_is_set_and_fixed(siti: Any, text: str, code: str) -> None:
    """No guess moves it any more."""
    assert siti.writes(text, intent="change_language") == ["utter_language_set"]
    assert siti.slots["language"] == code
    assert siti.slots["language_fixed"] is True
    assert siti.state is None


@pytest.mark.parametrize(
    ("title", "code"), [("Indonesia", "id"), ("Jawa", "jv"), ("Sunda", "su"), ("English", "en")]
)
def test_an_unnamed_language_is_asked_for(siti: Any, title: str, code: str) -> None:
    """Each choice sets its own language."""
    assert siti.writes("ganti bahasa", intent="change_language") == ["utter_ask_language"]
    assert siti.picks(title) == ["utter_language_set"]
    assert siti.slots["language"] == code


def test_the_answer_carries_the_new_language(siti: Any) -> None:
    """Rasa sets the slot only after the reply is made; so the reply is told which one."""
    siti.writes("english please", intent="change_language")
    assert siti.values("utter_language_set")["language"] == "en"


def test_a_language_we_do_not_speak_is_admitted(siti: Any) -> None:
    """Nothing is fixed, so that guessing may go on."""
    siti.writes("ganti bahasa", intent="change_language")
    assert siti.writes("bahasa bugis") == ["utter_language_unknown"]
    assert "language_fixed" not in siti.slots


def test_a_change_inside_a_report_goes_back_to_its_question(siti: Any) -> None:
    """Only the language has changed."""
    siti.writes("mau lapor paspor saya ditahan dan gaji dipotong", intent="report_trafficking")
    said = siti.writes("pakai bahasa jawa", intent="change_language")
    assert said == ["utter_language_set", "utter_ask_where"]
    assert siti.state.kind == "report"
