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
        ("ngango basa bali dados?", "ban"),
        ("bahaso minang se lah", "min"),
        ("dari bahasa indonesia ke bahasa madura", "mad"),
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
    assert siti.writes("bahasa ambon") == ["utter_language_unknown"]
    assert "language_fixed" not in siti.slots


def test_a_change_inside_a_report_goes_back_to_its_question(siti: Any) -> None:
    """Only the language has changed."""
    siti.writes("mau lapor paspor saya ditahan dan gaji dipotong", intent="report_trafficking")
    said = siti.writes("pakai bahasa jawa", intent="change_language")
    assert said == ["utter_language_set", "utter_ask_where"]
    assert siti.state.kind == "report"


NAMES = {
    "indonesia": "id", "Jawa": "jv", "sunda": "su", "madura": "mad", "sasak": "sas",
    "minang": "min", "banjar": "bjn", "bali": "ban", "bugis": "bug", "acèh": "ace",
    "batak toba": "bbc", "kupang": "mkn", "english": "en",
}  # fmt: skip


@pytest.mark.parametrize(("text", "code"), NAMES.items())
@pytest.mark.parametrize("asked", [True, False])
def test_a_languages_name_alone_is_a_choice(phone: Any, text: str, code: str, asked: bool) -> None:
    """At the beginning and after the question, in whatever language she was answered."""
    caller = phone(name=f"{code}-{asked}", language="min")
    if asked:
        caller.writes("ganti bahasa", intent="change_language")
    assert caller.writes(text, intent="affirm") == ["utter_language_set"]
    assert caller.slots["language"] == code
    assert caller.slots["language_fixed"] is True


def test_a_languages_name_where_a_place_was_asked_for_is_a_place(siti: Any) -> None:
    """Bali and Aceh are places too."""
    siti.writes("mau lapor gaji tidak dibayar majikan delapan bulan", intent="report_trafficking")
    assert siti.state.asked == "where"
    siti.writes("bali", region="bali")
    assert siti.known()["region"] == "bali"
    assert "language_fixed" not in siti.slots


@pytest.mark.parametrize("text", ["min", "saya di bali", "bahasa", "orang bugis baik"])
def test_what_only_holds_a_languages_name_is_no_choice(siti: Any, text: str) -> None:
    """ "Min" calls the administrator."""
    siti.writes(text, intent="greet")
    assert "language_fixed" not in siti.slots


def test_a_languages_name_after_contacts_is_a_place(siti: Any) -> None:
    """She wants the office there, whatever the model takes the name for."""
    siti.writes("kontak malaysia", intent="faq/contacts")
    assert siti.writes("aceh", intent="change_language") == ["utter_contacts"]
    assert "language_fixed" not in siti.slots
