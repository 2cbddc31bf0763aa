"""Places, contact cards and captions: what a phone shares, in and outside of a report."""

from typing import Any

import pytest

JOHOR = "saya di Malaysia (1.49270,103.74140)"
MATARAM = "saya di Indonesia (-8.58330,116.11670)"
SEA = "lokasi saya (5.00000,90.00000)"
CARD = "nomor +60123000009 Pak Hassan"


def places(caller: Any, text: str) -> list[str]:
    """Share a place."""
    return list(caller.writes(text, intent="share_location", confidence=1.0, shared="location"))


def card(caller: Any, text: str = CARD) -> list[str]:
    """Share a contact card."""
    return list(caller.writes(text, intent="share_contact", confidence=1.0, shared="contact"))


def caption(caller: Any, text: str, intent: str = "inform", **entities: str) -> list[str]:
    """Send a picture with words."""
    return list(caller.writes(text, intent=intent, shared="caption", **entities))


@pytest.fixture
def reporting(siti: Any) -> Any:
    """Give Siti, asked where the person is."""
    siti.writes("mau lapor penahanan paspor dan gaji yang dipotong", intent="report_trafficking")
    assert siti.state.asked == "where"
    return siti


def test_a_place_abroad_gets_its_contacts_and_a_question(siti: Any) -> None:
    """One menu, under the question."""
    assert places(siti, JOHOR) == ["utter_contacts", "utter_location_abroad"]
    assert "Malaysia" in siti.shown()[0]
    assert [title for title, _ in siti.choices()] == ["Ada masalah", "Tidak ada"]
    assert siti.ticket() is None


@pytest.mark.parametrize("tap", [True, False])
def test_a_problem_there_begins_a_report_that_knows_the_place(siti: Any, tap: bool) -> None:
    """Tapped, or said with a plain yes."""
    places(siti, JOHOR)
    said = siti.picks("Ada masalah") if tap else siti.writes("iya ada", intent="affirm")
    assert said == ["utter_report_start", "utter_ask_story"]
    assert siti.known()["country"] == "MY"
    assert siti.known()["where"] == JOHOR


def test_no_problem_there_begins_nothing(siti: Any) -> None:
    """Tapped or typed."""
    places(siti, JOHOR)
    assert siti.picks("Tidak ada") == ["utter_what_next"]
    places(siti, JOHOR)
    assert siti.writes("tidak ada", intent="deny") == ["utter_what_next"]
    assert siti.ticket() is None


def test_a_place_at_home_offers_a_report_and_services(siti: Any) -> None:
    """She may look for an office, or be in a shelter of an agent."""
    assert places(siti, MATARAM) == ["utter_location_home"]
    assert siti.picks("Layanan setempat") == ["utter_faq/local_services"]


def test_a_place_at_sea_asks_for_the_country(siti: Any) -> None:
    """Nobody invents one."""
    assert places(siti, SEA) == ["utter_location_unknown"]


def test_a_place_in_a_report_still_answers_where(reporting: Any) -> None:
    """And is no digression."""
    assert "utter_contacts" not in places(reporting, JOHOR)
    assert reporting.known()["country"] == "MY"
    assert reporting.state.asked == "who"


def test_a_place_is_no_recruiters_name(siti: Any) -> None:
    """It is answered, and the name is asked for again."""
    siti.writes("mau cek pt", intent="check_recruiter")
    said = places(siti, JOHOR)
    assert said[-1] == "utter_ask_recruiter_name"
    assert "utter_recruiter_not_found" not in said


def test_a_place_after_a_report_is_kept_on_it(reporting: Any) -> None:
    """When its questions are done, and in a new session."""
    reporting.state = None
    assert places(reporting, JOHOR) == ["utter_added"]
    assert JOHOR in reporting.known()["addition"]


def test_a_contact_card_asks_whose_it_is(siti: Any) -> None:
    """A recruiter to check, or somebody to report."""
    assert card(siti) == ["utter_contact_shared"]
    assert siti.picks("Cek perekrut") == ["utter_ask_recruiter_name"]


def test_a_report_about_a_contact_card_knows_its_number(siti: Any) -> None:
    """Nobody has to type it."""
    card(siti)
    assert siti.picks("Ada masalah")[0] == "utter_report_start"
    assert siti.known()["shared_contact"] == CARD


def test_a_contact_card_says_who_recruited_but_not_where(reporting: Any) -> None:
    """Beside another question it is kept, and the question stays open."""
    assert card(reporting) == ["utter_noted", "utter_ask_where"]
    assert CARD in reporting.known()["addition"]
    reporting.writes("di penang")
    reporting.writes("saya sendiri")
    assert reporting.state.asked == "recruiter"
    card(reporting)
    assert "recruiter" in reporting.known()


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (("di penang",), "ini kontraknya"),
        (("di penang", "saya sendiri"), "ini paspor saya yang ditahan"),
        ((), "foto kontrak"),
        ((), "bukti transfer ke agen"),
    ],
)
def test_a_caption_that_shows_something_answers_nothing(
    reporting: Any, said: tuple[str, ...], text: str
) -> None:
    """It is kept beside, and the open question is put again."""
    for answer in said:
        reporting.writes(answer)
    asked = reporting.state.asked
    assert caption(reporting, text) == ["utter_noted", f"utter_ask_{asked}"]
    assert text in reporting.known()["addition"]
    assert asked not in reporting.state.settled


def test_a_caption_that_can_be_the_answer_is_it(reporting: Any) -> None:
    """A photo of the house with the town under it; of a sister with who she is."""
    caption(reporting, "rumah majikan di johor bahru malaysia")
    assert reporting.state.asked == "who"
    caption(reporting, "ini adik saya")
    assert reporting.known()["who"] == "ini adik saya"


def test_a_caption_agrees_only_in_so_many_words(reporting: Any) -> None:
    """And one that does not costs no try."""
    for answer in ("di penang", "saya sendiri", "tidak tahu"):
        reporting.writes(answer)
    assert reporting.state.asked == "consent"
    for _ in range(3):
        assert caption(reporting, "kamar saya")[-1] == "utter_ask_consent"
    caption(reporting, "boleh")
    assert reporting.known()["consent"] == "yes"


def test_a_question_in_a_caption_is_answered(reporting: Any) -> None:
    """And danger is danger, as in any text."""
    said = caption(reporting, "ini kuitansinya, biaya segini wajar gak?", intent="faq/costs")
    assert said == ["utter_faq/costs", "utter_ask_where"]
    said = reporting.writes("saya disekap di sini", danger=("locked_in",), shared="caption")
    assert said[0] == "utter_emergency_more"


def test_a_caption_is_no_recruiters_name_unless_it_names_one(siti: Any) -> None:
    """A brochure's photo comes while the name is waited for."""
    siti.writes("mau cek pt", intent="check_recruiter")
    assert caption(siti, "ini brosurnya") == ["utter_shared_noted", "utter_ask_recruiter_name"]
    name = "PT Entikong Titian Usaha"
    assert caption(siti, name, recruiter=name) == ["utter_recruiter_sanctioned"]


def test_a_caption_nobody_understands_is_asked_about(siti: Any) -> None:
    """The picture has arrived; what about it?"""
    assert caption(siti, "ini", intent="nlu_fallback") == ["utter_captioned"]


@pytest.mark.parametrize("kind", ["tap", "typed"])
def test_lapor_during_a_report_opens_nothing_anew(reporting: Any, kind: str) -> None:
    """An old greeting's button, or the bare word: the report is open, and its question stays."""
    before = reporting.known()
    said = (
        reporting.taps("Lapor masalah", "/report_trafficking")
        if kind == "tap"
        else reporting.writes("mau lapor", intent="report_trafficking")
    )
    assert said == ["utter_report_running", "utter_ask_where"]
    assert reporting.known() == before


def test_lapor_after_the_questions_adds_no_button_to_the_report(reporting: Any) -> None:
    """The title of a button is no news."""
    for answer in ("di penang", "saya sendiri", "tidak tahu", "ya", "kapan saja"):
        reporting.writes(answer)
    assert reporting.state.asked == "more"
    before = reporting.known()
    assert reporting.taps("Lapor masalah", "/report_trafficking") == ["utter_report_running"]
    assert reporting.known() == before


def test_lapor_after_a_stop_goes_on(reporting: Any) -> None:
    """ "Added" would not be true."""
    reporting.writes("batal")
    said = reporting.taps("Lapor masalah", "/report_trafficking")
    assert said == ["utter_report_resumed", "utter_ask_where"]
