"""What comes in between: answered, and then the open question again."""

from typing import Any

import pytest


@pytest.fixture
def reporting(siti: Any) -> Any:
    """Give Siti, asked where the person is."""
    siti.writes("mau lapor paspor saya ditahan dan gaji dipotong", intent="report_trafficking")
    assert siti.state.asked == "where"
    return siti


def test_a_question_in_the_middle_is_answered_and_the_open_one_repeated(reporting: Any) -> None:
    """The question never becomes the answer."""
    said = reporting.writes("berapa biaya resmi ke taiwan?", intent="faq/costs")
    assert said == ["utter_faq/costs", "utter_ask_where"]
    assert "where" not in reporting.known()
    reporting.writes("saya di penang")
    assert reporting.known()["where"] == "saya di penang"


def test_an_answer_that_the_model_takes_for_a_question_is_still_an_answer(reporting: Any) -> None:
    """A statement with a middling guess is what was asked for."""
    reporting.writes("di rumah majikan di penang", intent="faq/undocumented", confidence=0.7)
    assert reporting.known()["where"] == "di rumah majikan di penang"


def test_contacts_asked_in_the_middle_come_with_their_date(reporting: Any) -> None:
    """The number of an embassy is told, then the report goes on."""
    said = reporting.writes("nomor kbri malaysia berapa ya?", intent="faq/contacts")
    assert said == ["utter_contacts", "utter_ask_where"]
    assert "data Agu 2026" in reporting.shown()[0]


@pytest.mark.parametrize("intent", ["bot_challenge", "thanks", "menu", "greet"])
def test_small_talk_in_the_middle_is_answered_in_passing(reporting: Any, intent: str) -> None:
    """A thank-you is no place name."""
    said = reporting.writes("makasih ya", intent=intent)
    assert said == [f"utter_{intent}", "utter_ask_where"]
    assert "where" not in reporting.known()


def test_a_recruiter_is_checked_in_the_middle_and_the_report_goes_on(reporting: Any) -> None:
    """The register answers, then the open question comes back."""
    said = reporting.writes(
        "PT Entikong Titian Usaha resmi ga?",
        intent="check_recruiter",
        recruiter="PT Entikong Titian Usaha",
    )
    assert said == ["utter_recruiter_sanctioned", "utter_ask_where"]
    assert reporting.state.kind == "report"


def test_a_check_that_must_ask_first_comes_back_to_the_report(reporting: Any) -> None:
    """The inner talk has its own question; the outer one waits for its end."""
    said = reporting.writes("bisa cek perusahaan?", intent="check_recruiter")
    assert said == ["utter_ask_recruiter_name"]
    said = reporting.writes("PT Entikong Titian Usaha", recruiter="PT Entikong Titian Usaha")
    assert said == ["utter_recruiter_sanctioned", "utter_ask_where"]
    reporting.writes("saya di penang")
    assert reporting.known()["where"] == "saya di penang"


def test_naming_a_recruiter_in_a_report_does_not_start_a_check(reporting: Any) -> None:
    """ "Lewat PT X" tells; only a question asks."""
    said = reporting.writes(
        "di penang lewat PT Entikong Titian Usaha",
        intent="check_recruiter",
        recruiter="PT Entikong Titian Usaha",
    )
    assert "utter_recruiter_sanctioned" not in said
    assert reporting.known()["recruiter"] == "PT Entikong Titian Usaha"


def test_a_report_outweighs_what_was_being_looked_up(siti: Any) -> None:
    """Somebody who begins to tell is heard at once."""
    siti.writes("mau cek pt", intent="check_recruiter")
    said = siti.writes("adik saya dijual majikan lama ke orang lain", intent="report_trafficking")
    assert said[0] == "utter_report_start"
    assert siti.ticket() is not None


def test_asking_for_a_person_in_the_middle_is_put_on_the_ticket(reporting: Any) -> None:
    """ "Noted" must be true: a responder sees that a person was asked for."""
    before = reporting.rows()
    said = reporting.writes("mau bicara sama petugas aja", intent="ask_human")
    assert said == ["utter_already_open", "utter_ask_where"]
    assert reporting.rows() != before


def test_the_status_asked_in_the_middle_is_told_and_the_report_goes_on(reporting: Any) -> None:
    """The ticket of this very report is the one that is meant."""
    said = reporting.writes("laporan saya sampai mana", intent="ticket_status")
    assert said == ["utter_status", "utter_ask_where"]


def test_a_deletion_asked_in_the_middle_needs_its_own_yes(reporting: Any) -> None:
    """The yes to it is no answer to the report, and the ticket stays."""
    said = reporting.writes("hapus data saya", intent="delete_my_data")
    assert said == ["utter_delete_confirm"]
    said = reporting.writes("ya", intent="affirm")
    assert said == ["utter_delete_recorded", "utter_ask_where"]
    assert reporting.known()["data_request"] == "delete"


def test_batal_inside_a_check_inside_a_report_says_what_is_kept(reporting: Any) -> None:
    """The caller wants out of all of it, and hears that the report is kept."""
    reporting.writes("bisa cek perusahaan?", intent="check_recruiter")
    said = reporting.writes("batal", intent="start_over")
    assert said == ["utter_report_cancelled"]
    assert reporting.ticket() is not None


def test_batal_two_levels_deep_says_what_is_kept(reporting: Any) -> None:
    """However deep the talk has gone, a stopped report is told to be kept."""
    reporting.writes("bisa cek perusahaan?", intent="check_recruiter")
    reporting.writes("mau ganti bahasa", intent="change_language")
    assert reporting.state.outer.outer.kind == "report"
    assert reporting.writes("batal", intent="start_over") == ["utter_report_cancelled"]


def test_batal_without_a_report_just_stops(siti: Any) -> None:
    """There is nothing to keep, and no ticket was made."""
    siti.writes("mau cek pt", intent="check_recruiter")
    assert siti.writes("batal", intent="start_over") == ["utter_cancelled"]
    assert siti.ticket() is None


def test_a_pick_of_another_topic_inside_a_task_is_followed(reporting: Any) -> None:
    """A tapped choice of an earlier reply means what it says."""
    reporting.writes("nomor kantor mana yang bisa saya hubungi?", intent="faq/red_flags")
    reporting.said = [{"response": "utter_faq/contacts", "buttons": []}]
    assert reporting.picks("Kantor di daerah") == ["utter_faq/local_services", "utter_ask_where"]


def test_a_passing_question_answers_itself_in_full(siti: Any, desk: Any) -> None:
    """Whatever may be said in passing has a text."""
    from actions.tasks import PASSING

    for intent in PASSING:
        assert f"utter_{intent}" in desk.texts.responses
