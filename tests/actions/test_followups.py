"""A bare country after an answer asks the last question again about that country."""

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("text", "country"),
    [("hong kong", "Hong Kong"), ("singapura", "Singapura"), ("kalau taiwan?", "Taiwan"),
     ("nek taiwan piye", "Taiwan"), ("lamun di malaysia kumaha", "Malaysia"),
     ("what about singapore", "Singapura"), ("klo malaysya kak", "Malaysia")],
)  # fmt: skip
def test_a_bare_country_after_contacts_gives_its_contacts(
    siti: Any, text: str, country: str
) -> None:
    """Whatever the model makes of two words."""
    siti.writes("nomor kbri jepang", intent="faq/contacts", country="jepang")
    assert siti.writes(text, intent="faq/destinations", confidence=0.5) == ["utter_contacts"]
    assert siti.values("utter_contacts")["country"] == country
    assert siti.writes("kalau korea") == ["utter_contacts"]


def test_the_country_asked_for_may_be_the_answer(siti: Any) -> None:
    """ "Di negara mana?" is answered by a name alone."""
    assert siti.writes("nomor kbri", intent="faq/contacts") == ["utter_faq/contacts"]
    assert siti.writes("arab saudi", intent="faq/destinations", confidence=0.9) == [
        "utter_contacts"
    ]


def test_a_bare_country_after_destinations_asks_about_going_there(siti: Any) -> None:
    """The last question counts, not the model's favourite."""
    siti.writes("boleh ke malaysia ga sekarang", intent="faq/destinations")
    [said] = siti.writes("kalau taiwan?", intent="inform")
    assert said in {"utter_destination", "utter_destination_overdue", "utter_destination_unknown"}


def test_a_whole_question_is_answered_on_its_own(siti: Any) -> None:
    """A country inside it changes nothing."""
    siti.writes("nomor kbri jepang", intent="faq/contacts")
    assert siti.writes("biaya ke taiwan berapa", intent="faq/costs") == ["utter_faq/costs"]
    assert siti.state is None


def test_a_report_after_contacts_is_a_report(siti: Any) -> None:
    """Nothing that lingers swallows it."""
    siti.writes("nomor kbri jepang", intent="faq/contacts")
    said = siti.writes("saya mau lapor gaji saya tidak dibayar", intent="report_trafficking")
    assert said[0] == "utter_report_start"


def test_a_bare_country_out_of_nowhere_offers_both_questions(siti: Any) -> None:
    """One pick later the country is still known."""
    assert siti.writes("hong kong", intent="nlu_fallback") == ["utter_unsure"]
    payloads = [payload for _, payload in siti.choices()]
    assert payloads == ["/faq/contacts", "/faq/destinations"]
    siti.picks(siti.choices()[0][0])
    assert siti.values("utter_contacts")["country"] == "Hong Kong"


def test_a_country_is_named_in_the_callers_language(phone: Any) -> None:
    """ "Arab Saudi" inside an English answer is half an answer."""
    ann = phone("ann", "whatsapp", "en")
    ann.writes("embassy number in saudi", intent="faq/contacts", country="arab saudi")
    ann.writes("arab saudi")
    assert ann.values("utter_contacts")["country"] == "Saudi Arabia"
    assert "Arab Saudi:" not in ann.shown()[0]


def test_the_urgent_step_names_the_country_in_the_callers_language(phone: Any) -> None:
    """The most urgent text of all."""
    ann = phone("ann", "sms", "en")
    ann.writes("i am locked in, in saudi arabia", danger=("locked_in",), country="arab saudi")
    assert "Saudi Arabia" in ann.values("utter_emergency_start")["steps"]


@pytest.mark.parametrize("intent", ["greet", "menu", "thanks", "goodbye", "bot_challenge",
                                    "out_of_scope", "start_over", "faq/costs"])  # fmt: skip
def test_with_something_in_mind_all_else_is_answered_as_ever(siti: Any, intent: str) -> None:
    """The rules outside a task and the talk that lingers say the same."""
    siti.writes("nomor kbri jepang", intent="faq/contacts")
    assert siti.writes("zzz qqq vvv", intent=intent) == [f"utter_{intent}"]
