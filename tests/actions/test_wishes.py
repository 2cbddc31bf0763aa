"""What a caller forbids stands on the ticket and is said back to her."""

from typing import Any

import pytest

STORY = "mau lapor paspor saya ditahan majikan dan gaji dipotong terus"


@pytest.fixture
def reporting(siti: Any) -> Any:
    """Give Siti in the middle of her report."""
    siti.writes(STORY, intent="report_trafficking")
    return siti


@pytest.mark.parametrize(
    ("text", "intent", "rule"),
    [("jangan lapor polisi", "faq/reporting", "no_police"),
     ("jangan datang ke rumah", "deny", "no_visit"), ("tidak mau didatangi", "deny", "no_visit"),
     ("ojo lapor polisi", "faq/reporting", "no_police"),
     ("ulah datang ka imah", "inform", "no_visit"),
     ("please dont tell the police", "faq/confidentiality", "no_police"),
     ("jangan telepon", "deny", "never_call")],
)  # fmt: skip
def test_a_wish_in_a_report_is_kept_and_confirmed(
    reporting: Any, text: str, intent: str, rule: str
) -> None:
    """The open question is put again: a wish is no place."""
    asked = reporting.state.asked
    said = reporting.writes(text, intent=intent)
    assert said == ["utter_wish_kept", f"utter_ask_{asked}"]
    assert reporting.known()["contact_rule"] == rule
    assert reporting.state.asked == asked


def test_all_wishes_stand_side_by_side(reporting: Any) -> None:
    """A later one does not replace an earlier one."""
    reporting.writes("jangan lapor polisi")
    reporting.writes("jangan datang ke rumah saya")
    assert reporting.known()["contact_rule"].splitlines() == ["no_police", "no_visit"]


def test_a_wish_said_twice_is_confirmed_once(reporting: Any) -> None:
    """The second time it is known."""
    reporting.writes("jangan lapor polisi")
    assert "utter_wish_kept" not in reporting.writes("jangan lapor polisi")


def test_no_promise_is_made_about_the_law(reporting: Any) -> None:
    """The wish is kept; what the law demands is not ours to promise."""
    reporting.writes("jangan lapor polisi")
    shown = reporting.shown()[0]
    assert "tidak bisa saya janjikan" in shown
    assert "jangan lapor polisi" in shown


def test_consent_with_a_wish_is_consent(reporting: Any) -> None:
    """An explicit yes stays one, and the wish is kept beside it."""
    while reporting.state.asked != "consent":
        reporting.writes("lewati")
    reporting.writes("boleh, tapi jangan lapor polisi", intent="affirm")
    assert reporting.known()["consent"] == "yes"
    assert reporting.known()["contact_rule"] == "no_police"


def test_a_wish_alone_is_no_consent(reporting: Any) -> None:
    """Neither yes nor no to being written to."""
    while reporting.state.asked != "consent":
        reporting.writes("lewati")
    reporting.writes("jangan lapor polisi", intent="deny")
    assert "consent" not in reporting.known()


@pytest.mark.parametrize("intent", ["deny", "inform", "faq/contacts", "nlu_fallback"])
@pytest.mark.parametrize(
    "text",
    ["tidak mau ditelepon", "gak boleh ditelpon", "ga usah nelpon", "moh ditelpon",
     "jangan di telp", "no calls please", "bek geutelepon", "gak telp", "telepon tidak"],
)  # fmt: skip
def test_a_refused_call_answers_the_question_about_ways(
    reporting: Any, text: str, intent: str
) -> None:
    """Whatever the model takes it for, it stands on the ticket and is said back."""
    while reporting.state.asked != "safe_time":
        reporting.writes("lewati")
    assert reporting.writes(text, intent=intent)[0] == "utter_wish_kept"
    assert reporting.known()["contact_rule"] == "never_call"


@pytest.mark.parametrize("text", ["ga papa ditelpon kok", "tidak", "ga tau"])
def test_a_call_that_is_not_refused_is_no_wish(reporting: Any, text: str) -> None:
    """ "Never mind, phone me" begins like a no."""
    while reporting.state.asked != "safe_time":
        reporting.writes("lewati")
    reporting.writes(text, intent="deny")
    assert "contact_rule" not in reporting.known()


@pytest.mark.parametrize("intent", ["deny", "inform"])
def test_a_refused_call_inside_another_task_is_kept(reporting: Any, intent: str) -> None:
    """A recruiter was being looked up when she thought of it."""
    while reporting.state.asked != "more":
        reporting.writes("lewati")
    reporting.writes("mau cek pt dulu", intent="check_recruiter")
    assert reporting.state.kind == "recruiter"
    assert "utter_wish_kept" in reporting.writes("saya ga mau ditelpon", intent=intent)
    assert reporting.known()["contact_rule"] == "never_call"


def test_a_wish_answers_the_question_about_ways(reporting: Any) -> None:
    """ "Adakah cara yang dilarang" is answered by it."""
    while reporting.state.asked != "safe_time":
        reporting.writes("lewati")
    assert reporting.writes("jangan datang ke rumah") == ["utter_wish_kept", "utter_report_done"]


@pytest.mark.parametrize("text", ["tidak mau didatangi", "jangan lapor polisi ya"])
def test_a_wish_after_the_questions_is_kept(reporting: Any, text: str) -> None:
    """It is news, however it sounds to the model."""
    while reporting.state.asked != "more":
        reporting.writes("lewati")
    assert reporting.writes(text, intent="deny")[0] == "utter_wish_kept"
    assert reporting.known()["contact_rule"]


def test_a_wish_in_a_cry_for_help_is_kept(siti: Any) -> None:
    """The first message may hold it."""
    siti.writes("tolong saya dikurung di johor, jangan lapor polisi", danger=("locked_in",))
    assert siti.known()["contact_rule"] == "no_police"


def test_what_the_agent_forbade_is_no_wish(reporting: Any) -> None:
    """It is a threat, and part of the story."""
    reporting.writes("agen bilang jangan lapor polisi nanti adik saya celaka")
    assert "contact_rule" not in reporting.known()


def test_without_a_report_nothing_is_opened(siti: Any) -> None:
    """A wish alone is no report."""
    siti.writes("jangan lapor polisi", intent="faq/reporting")
    assert siti.ticket() is None
