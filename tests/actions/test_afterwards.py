"""Once the questions are done, what a caller writes still belongs to the report."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def done(siti: Any) -> Any:
    """Siti's report from Johor, with every question answered."""
    siti.writes(
        "mau lapor gaji saya di johor tidak dibayar lima bulan",
        intent="report_trafficking",
        country="johor",
    )
    while siti.state.asked != "more":
        siti.writes("lewati")
    return siti


def test_news_after_the_questions_is_kept(done: Any) -> None:
    """ "Kabar baru? Tulis saja di sini" is true."""
    said = done.writes("agennya sekarang pegang paspor saya", intent="nlu_fallback")
    assert said == ["utter_added"]
    assert "paspor" in done.known()["addition"]


def test_a_correction_after_the_questions_replaces_the_place(done: Any) -> None:
    """A wrong town would send help to the wrong place."""
    assert done.writes("eh bukan johor, saya di penang", intent="faq/contacts") == [
        "utter_corrected"
    ]
    assert done.known()["where"] == "penang"


def test_a_question_after_the_questions_is_answered(done: Any) -> None:
    """The report does not swallow it."""
    assert done.writes("biaya ke taiwan berapa?", intent="faq/costs") == ["utter_faq/costs"]
    assert "addition" not in done.known()


def test_thanks_and_stopping_are_what_they_are(done: Any) -> None:
    """Small talk is no news."""
    assert done.writes("makasih pak", intent="thanks") == ["utter_thanks"]
    assert done.writes("batal", intent="start_over") == ["utter_start_over"]
    assert done.state is None


def test_a_check_after_the_questions_comes_back_to_the_report(done: Any) -> None:
    """A recruiter is looked up, and news after it is still kept."""
    said = done.writes(
        "PT Angin Ribut Jaya resmi ga", intent="check_recruiter", recruiter="PT Angin Ribut Jaya"
    )
    assert said[0].startswith("utter_recruiter_")
    assert done.writes("teman saya juga belum digaji", intent="nlu_fallback")[-1] == "utter_added"
