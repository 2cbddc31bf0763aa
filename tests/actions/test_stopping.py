"""A stopped report can be taken up again, soon or later."""

from typing import Any

import pytest

STORY = "mau lapor paspor saya ditahan majikan dan gaji dipotong terus"


@pytest.fixture
def stopped(siti: Any) -> Any:
    """Give Siti, who has stopped her report at the question about the place."""
    siti.writes(STORY, intent="report_trafficking")
    siti.asked = siti.state.asked
    siti.writes("batal", intent="start_over")
    return siti


@pytest.mark.parametrize("text", ["lanjut", "mau lanjut", "lanjutkan laporan saya"])
def test_lanjut_goes_on_where_it_stopped(stopped: Any, text: str) -> None:
    """The code is named and the open question put again."""
    said = stopped.writes(text, intent="affirm")
    assert said == ["utter_report_resumed", f"utter_ask_{stopped.asked}"]
    assert stopped.ticket().code in stopped.shown()[0]
    stopped.writes("di johor malaysia", country="malaysia")
    assert stopped.known()["country"] == "MY"


def test_what_was_skipped_is_not_asked_again(siti: Any) -> None:
    """Not knowing was an answer."""
    siti.writes(STORY, intent="report_trafficking")
    skipped = siti.state.asked
    siti.writes("lewati")
    siti.writes("batal", intent="start_over")
    assert siti.writes("lanjut", intent="affirm")[-1] != f"utter_ask_{skipped}"


def test_lanjut_the_next_day_finds_the_report(stopped: Any) -> None:
    """The talk is forgotten then, the ticket is not."""
    stopped.state = None
    said = stopped.writes("lanjut", intent="affirm")
    assert said[0] == "utter_report_resumed"
    assert stopped.state.kind == "report"


def test_lanjut_without_a_report_is_only_a_word(siti: Any) -> None:
    """Nothing is opened by it."""
    assert siti.writes("lanjut", intent="affirm") == ["utter_what_next"]
    assert siti.ticket() is None


def test_a_question_after_stopping_is_answered_and_the_report_stays_at_hand(stopped: Any) -> None:
    """Several turns later "lanjut" still means the report."""
    assert stopped.writes("biaya ke taiwan berapa", intent="faq/costs") == ["utter_faq/costs"]
    assert stopped.writes("nomor kbri jepang", intent="faq/contacts") == ["utter_contacts"]
    assert stopped.writes("hong kong") == ["utter_contacts"]
    assert stopped.writes("makasih", intent="thanks") == ["utter_thanks"]
    assert stopped.writes("lanjut", intent="affirm")[0] == "utter_report_resumed"


def test_batal_twice_still_leaves_a_way_back(stopped: Any) -> None:
    """The second one has nothing to stop."""
    assert stopped.writes("batal", intent="start_over") == ["utter_cancelled"]
    assert stopped.writes("lanjut", intent="affirm")[0] == "utter_report_resumed"


def test_danger_after_stopping_is_an_emergency(stopped: Any) -> None:
    """And the ticket is the same."""
    code = stopped.ticket().code
    said = stopped.writes("sekarang saya dikurung di johor", danger=("locked_in",))
    assert said[0].startswith("utter_emergency")
    assert (stopped.ticket().code, stopped.ticket().urgency) == (code, "critical")
