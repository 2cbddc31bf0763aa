"""What comes instead of an answer: questions, noise, not knowing, danger, a person's name."""

from dataclasses import replace
from typing import Any

import pytest

from actions.turn import asked_beside


@pytest.fixture
def asked_where(siti: Any) -> Any:
    """A report that waits for the place."""
    siti.writes("mau lapor", intent="report_trafficking")
    siti.writes("gaji adik saya tidak dibayar majikan delapan bulan", intent="inform")
    assert siti.state.asked == "where"
    return siti


@pytest.mark.parametrize("text", ["asdfgh", "hmm", "ya", "123", "wkwk", "halo pak", "iya bu"])
def test_noise_is_not_stored_as_the_place(asked_where: Any, text: str) -> None:
    """It is asked once more, then the question is left be."""
    said = asked_where.writes(text)
    assert said[-1] == "utter_ask_where"
    assert "where" not in asked_where.ticket().known()
    asked_where.writes(text)
    assert asked_where.state.asked != "where"
    assert "where" not in asked_where.ticket().known()


@pytest.mark.parametrize(
    "text",
    ["tidak tahu", "ga tau pak", "ndang huboto", "indak tau", "de' uisseng", "kada tahu",
     "sonde tau", "ndek taok", "tak taoh", "ten uning", "hana lon teupeu", "gatau", "kurang tau"],
)  # fmt: skip
def test_not_knowing_settles_the_place_in_every_language(asked_where: Any, text: str) -> None:
    """Nobody is asked twice for what she does not know."""
    asked_where.writes(text)
    assert "where" not in asked_where.ticket().known()
    assert asked_where.state.asked != "where"


def test_a_long_way_of_not_knowing_is_kept_beside(asked_where: Any) -> None:
    """The reason may matter to a responder, but it is no place."""
    text = "saya tidak tahu pak soalnya hp dia sudah diambil agen dari bulan puasa"
    asked_where.writes(text)
    known = asked_where.ticket().known()
    assert "where" not in known
    assert text in known["addition"]


def test_not_knowing_the_town_but_the_country_is_a_place(asked_where: Any) -> None:
    """What is known is kept."""
    asked_where.writes("ga tau kotanya pak, pokoknya di malaysia")
    assert asked_where.ticket().known()["country"] == "MY"


def test_a_question_that_nobody_understood_gets_two_guesses(asked_where: Any) -> None:
    """The second time in a row a person is offered; nothing is stored as a place."""
    asked_where.writes("kok nanya itu buat apa")
    assert asked_where.said[-1]["response"] == "utter_unsure"
    asked_where.writes("lha buat apa sih")
    assert asked_where.said[-1]["response"] == "utter_unsure_person"
    assert "where" not in asked_where.ticket().known()
    asked_where.writes("Tawau")
    assert asked_where.ticket().known()["country"] == "MY"


def test_a_new_danger_is_no_place(asked_where: Any) -> None:
    """The guard's alarm makes it an emergency, which asks for the place anew."""
    said = asked_where.writes("dia dikurung sekarang, dipukuli", danger=("locked_in",))
    assert said[0] == "utter_emergency_more"
    assert "where" not in asked_where.ticket().known()


@pytest.mark.parametrize("text", ["Sandakan", "di rumah majikan", "mlg", "Kampung Seberang Takir"])
def test_a_place_is_still_a_place(asked_where: Any, text: str) -> None:
    """Also one that no list knows."""
    asked_where.writes(text)
    known = asked_where.ticket().known()
    assert known.get("where") == text or known.get("country") == "MY"


@pytest.mark.parametrize(
    ("text", "kept"),
    [("namanya Bu Tuti", "Bu Tuti"), ("jenenge Sri", "Sri"), ("pak haji Darmo", "pak haji Darmo")],
)
def test_a_person_who_recruited_is_kept_by_name(asked_where: Any, text: str, kept: str) -> None:
    """An agent without a firm is an answer too."""
    asked_where.writes("Tawau")
    assert asked_where.state.asked == "recruiter"
    asked_where.writes(text)
    assert asked_where.ticket().known()["recruiter"] == kept


@pytest.mark.parametrize("text", ["hmm", "ya", "asdfgh", "kok nanya itu buat apa"])
def test_noise_is_no_recruiter(asked_where: Any, text: str) -> None:
    """What is asked for a name must be one."""
    asked_where.writes("Tawau")
    asked_where.writes(text)
    assert "recruiter" not in asked_where.ticket().known()


def test_a_person_is_not_offered_firms_of_that_name(siti: Any) -> None:
    """Nobody called Tuti has a licence; the register says so."""
    siti.writes("mau cek", intent="check_recruiter")
    assert siti.writes("Bu Lintang") == ["utter_recruiter_not_found"]


@pytest.mark.parametrize("code", ["sas", "mad"])
def test_the_same_word_agrees_or_refuses_by_the_callers_language(phone: Any, code: str) -> None:
    """ "Endek" is "want" in Madurese and "no" in Sasak."""
    caller = phone(name=f"inaq-{code}", language=code)
    caller.writes("mau lapor gaji saya tidak dibayar majikan di Tawau", intent="report_trafficking")
    while caller.state.asked != "consent":
        caller.writes("lewati")
    caller.writes("endek")
    assert caller.ticket().known()["consent"] == {"sas": "no", "mad": "yes"}[code]


def test_the_question_beside_a_cry_is_answered_once_the_report_is_taken(siti: Any) -> None:
    """The dangerous thing comes first, and the other is not lost."""
    siti.writes("dikunci di Johor, biaya pulang berapa?", danger=("locked_in",))
    turn = replace(siti.turn, asked_beside="faq/costs")
    siti.state = None
    siti.repeats(None, turn)
    said: list[str] = []
    while siti.state.asked != "more":
        said = siti.writes("lewati")
    assert said[-2:] == ["utter_report_done", "utter_faq/costs"]


@pytest.mark.parametrize(
    ("text", "guess", "sure", "found"),
    [
        ("disekap, berapa nomor KBRI?", "faq/contacts", 0.8, "faq/contacts"),
        ("disekap pak", "faq/contacts", 0.8, ""),
        ("disekap, gimana ini", "faq/costs", 0.2, ""),
        ("disekap, berapa lama lagi", "report_trafficking", 0.9, ""),
    ],
)
def test_only_a_sure_question_counts_beside_danger(
    text: str, guess: str, sure: float, found: str
) -> None:
    """A frightened sentence with "gimana" in it asks for no brochure."""
    message = {"text": text, "guess": guess, "guess_confidence": sure}
    assert asked_beside(message, "emergency") == found


def test_a_report_beside_a_question_is_offered(siti: Any) -> None:
    """The question is answered, and reporting is one tap away."""
    said = siti.writes("mau lapor, biaya ke taiwan berapa ya", intent="faq/costs")
    assert said == ["utter_faq/costs", "utter_what_next"]
    assert ("Lapor masalah", "/report_trafficking") in siti.choices()


def test_numbers_and_days_are_told_with_what_they_mean(siti: Any) -> None:
    """A responder reads one currency sign, one calendar, one way to dial."""
    siti.writes(
        "mau lapor suami saya di kuwait dipotong 500 dinar sejak habis lebaran, hp 0812-3456-7890, "
        "paspornya dipegang majikan",
        intent="report_trafficking", amount="500 dinar", date="habis lebaran",
        phone="0812-3456-7890",
    )  # fmt: skip
    known = siti.ticket().known()
    assert known["amount"] == "500 dinar (KWD 500)"
    assert known["date"] == "habis lebaran (2026-03-22..2026-04-20)"
    assert known["phone"] == "0812-3456-7890 (+6281234567890)"
    assert known["papers"] == "paspornya dipegang majikan"


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("asal TTS NTT", "TTS, NTT"),
        ("saya orang loteng", "loteng"),
        ("orang batu bara", "batu bara"),
    ],
)
def test_a_region_is_kept_also_where_the_model_saw_none(siti: Any, text: str, region: str) -> None:
    """The national table knows it after "asal" or "orang"."""
    siti.writes(f"mau lapor gaji tidak dibayar majikan, {text}", intent="report_trafficking")
    assert siti.ticket().known()["region"] == region


def test_a_place_that_is_only_asked_about_is_not_where_she_is(siti: Any) -> None:
    """The steps must be those of the country she is locked up in."""
    siti.writes(
        "saya dikurung majikan di jeddah, syarat dokumen kerja ke taiwan apa saja",
        danger=("locked_in",),
    )
    assert siti.ticket().known()["country"] == "SA"


def test_a_misread_code_leads_to_her_own_ticket(phone: Any) -> None:
    """A 5 for an S is no reason to send her away."""
    swaps = {"S": "5", "5": "S", "B": "8", "8": "B", "Z": "2", "2": "Z", "G": "6", "6": "G"}
    for number in range(40):
        caller = phone(name=f"siti-{number}")
        caller.writes("mau lapor gaji tidak dibayar majikan di Tawau", intent="report_trafficking")
        code = caller.ticket().code
        sign = next((c for c in code[3:] if c in swaps), None)
        if sign is not None:
            break
    typed = code[:3] + code[3:].replace(sign, swaps[sign], 1)
    caller.state = None
    assert caller.writes(f"status {typed}", intent="ticket_status") == ["utter_status"]
