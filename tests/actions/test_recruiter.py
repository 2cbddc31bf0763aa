"""The recruiter check: what the register says, whose it is and how old, and never "safe"."""

import re
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import smsutil
import sqlalchemy as sa

from store.register import import_file
from store.register.tables import recruiters, register_imports

SAFE = re.compile(r"\b(aman|terpercaya|dijamin|pasti)\b", re.IGNORECASE)
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)

OUTCOMES = {
    "PT Pelita Rantau Berseri": "utter_recruiter_active",
    "PT Tirta Kelana Asih": "utter_recruiter_active",
    "PT Entikong Titian Usaha": "utter_recruiter_sanctioned",
    "PT Sai Bumi Pengembara": "utter_recruiter_sanctioned",
    "PT Cendana Flobamora Kembara": "utter_recruiter_sanctioned",
    "PT Arum Dalu Tenagakarya": "utter_recruiter_sanctioned",
    "PT Prambanan Wira Kelana": "utter_recruiter_unverified",
    "PT Gamelan Nusa Perantau": "utter_recruiter_candidates",
    "PT Zyxwv Qqq Mumbul": "utter_recruiter_not_found",
}


def check(caller: Any, name: str) -> str:
    """Ask about a recruiter; gives the response's name."""
    caller.state = None
    [said] = caller.writes(f"{name} resmi tidak?", intent="check_recruiter", recruiter=name)
    return str(said)


@pytest.mark.parametrize(("name", "response"), OUTCOMES.items())
@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
def test_every_outcome_has_its_answer(phone: Any, name: str, response: str, channel: str) -> None:
    """Each says what is printed, from invented data marked as such, and calls nobody safe."""
    siti = phone(channel=channel)
    assert check(siti, name) == response
    [shown] = siti.shown()
    assert "DATA UJI" in shown
    assert "22 Nov 2026" in shown
    assert SAFE.search(shown) is None
    assert "{" not in shown


def test_each_status_is_told_in_its_own_words(siti: Any) -> None:
    """Under supervision, suspended, revoked and expired are different things to a caller."""
    told = set()
    for name, response in OUTCOMES.items():
        if response in {"utter_recruiter_active", "utter_recruiter_sanctioned"}:
            check(siti, name)
            told.add(siti.values(response)["status"])
    assert len(told) == 6


def test_being_on_the_list_is_told_to_be_no_proof(siti: Any) -> None:
    """A good status still sends the caller to BP3MI."""
    check(siti, "PT Pelita Rantau Berseri")
    assert "BP3MI" in siti.shown()[0]
    assert "belum berarti" in siti.shown()[0]


def test_without_a_register_the_answer_says_so(siti: Any, desk: Any) -> None:
    """Nothing loaded is no verdict, neither good nor bad."""
    with desk.vault.engine.begin() as connection:
        connection.execute(sa.delete(recruiters))
        connection.execute(sa.delete(register_imports))
    assert check(siti, "PT Pelita Rantau Berseri") == "utter_recruiter_no_register"
    assert "bukan berarti" in siti.shown()[0]


def test_an_old_register_is_not_relied_on(siti: Any, clock: Any) -> None:
    """Two months later the same answers come with a warning."""
    clock.pass_seconds(60 * 86400)
    assert check(siti, "PT Pelita Rantau Berseri") == "utter_recruiter_too_old"
    assert check(siti, "PT Zyxwv Qqq Mumbul") == "utter_recruiter_too_old_not_found"


def test_a_licence_that_has_run_out_is_not_told_as_active(
    siti: Any, desk: Any, tmp_path: Path
) -> None:
    """The printed status lags behind the printed date: the date counts."""
    file = tmp_path / "daftar.csv"
    file.write_text(
        "nama,no izin,status,kota,berlaku sampai\n"
        "PT Rinjani Wadah Tualang,UJI-1006-F3,Aktif,Mataram,17 Agustus 2026\n"
    )
    source = "https://example.test/daftar"
    import_file(desk.vault.engine, file, source=source, as_of=date(2026, 11, 20), now=NOW,
                accept_shrunken=True)  # fmt: skip
    assert check(siti, "PT Rinjani Wadah Tualang") != "utter_recruiter_active"


def test_an_official_register_carries_no_demo_mark(siti: Any, desk: Any, tmp_path: Path) -> None:
    """The mark means something only when real data lack it."""
    file = tmp_path / "daftar.csv"
    file.write_text("nama,no izin,status,kota\nPT Banu Nusa Kelana,UJI-1001-A7,Aktif,Indramayu\n")
    source = "https://example.test/daftar"
    import_file(desk.vault.engine, file, source=source, as_of=date(2026, 11, 20), now=NOW,
                accept_shrunken=True)  # fmt: skip
    assert check(siti, "PT Banu Nusa Kelana") == "utter_recruiter_active"
    [shown] = siti.shown()
    assert "DATA UJI" not in shown
    assert source in shown
    assert "20 Nov 2026" in shown


def test_the_caller_picks_among_look_alikes(siti: Any) -> None:
    """A pick is checked by its licence number, so that two of one name are told apart."""
    check(siti, "PT Gamelan Nusa Perantau")
    answers = set()
    for title, _ in siti.choices()[:2]:
        check(siti, "PT Gamelan Nusa Perantau")
        answers |= set(siti.picks(title))
    assert answers == {"utter_recruiter_active", "utter_recruiter_sanctioned"}


def test_none_of_the_look_alikes_is_an_answer(siti: Any) -> None:
    """Then the name is told to be not on the list, without a verdict."""
    check(siti, "PT Gamelan Nusa Perantau")
    assert siti.picks("Bukan salah satunya") == ["utter_recruiter_not_found"]
    assert "belum tentu penipu" in siti.shown()[0].lower()


def test_look_alikes_can_be_told_apart_by_their_titles(siti: Any, desk: Any) -> None:
    """No two choices of one list read the same, and each says the whole name and the city."""
    with desk.vault.engine.connect() as connection:
        names = list(connection.execute(sa.select(recruiters.c.name)).scalars())
    mixed = []
    for name in names:
        # The last word cut off is how a caller half remembers a name.
        half = name.rsplit(" ", 1)[0]
        if check(siti, half) == "utter_recruiter_candidates":
            titles = [title for title, _ in siti.choices()]
            assert all(title.endswith(")") for title in titles[:-1]), titles
            shown = {re.sub(r" \(.*", "", title) for title in titles[:-1]}
            assert shown <= {re.sub(r"^(PT|CV) ", "", full) for full in names}, titles
            if len(set(titles)) < len(titles):
                mixed.append((half, titles))
    assert mixed == []


def test_the_name_is_asked_for_when_none_was_told(siti: Any) -> None:
    """The answer is the name as typed, with or without the model's help."""
    assert siti.writes("mau cek pt", intent="check_recruiter") == ["utter_ask_recruiter_name"]
    assert siti.writes("entikong titian usaha") == ["utter_recruiter_sanctioned"]
    assert siti.state.asked == "after"


@pytest.mark.parametrize("answer", ["tidak tahu", "LEWATI", "gak tau namanya pak"])
def test_not_knowing_the_name_is_a_warning_sign_and_told_so(siti: Any, answer: str) -> None:
    """A recruiter without a name cannot be checked."""
    siti.writes("mau cek pt", intent="check_recruiter")
    assert siti.writes(answer) == ["utter_recruiter_no_name"]


def test_emoji_are_no_name(siti: Any) -> None:
    """Asked once more, then the caller is told why a name is needed."""
    siti.writes("mau cek pt", intent="check_recruiter")
    assert siti.writes("🙏") == ["utter_ask_recruiter_name"]
    assert siti.writes("...") == ["utter_recruiter_no_name"]


def test_a_licence_number_is_checked_too(siti: Any) -> None:
    """The number on a brochure is enough."""
    said = siti.writes(
        "UJI-92421-1327 ini resmi?", intent="check_recruiter", licence_no="UJI-92421-1327"
    )
    assert said == ["utter_recruiter_sanctioned"]


def test_braces_and_markup_in_a_name_stay_text(siti: Any) -> None:
    """A name cannot reach into our own sentence."""
    check(siti, "PT {source} <b>Zyxwv</b>")
    assert "demo" not in siti.values(siti.said[0]["response"])["query"]
    assert "{source}" in siti.values(siti.said[0]["response"])["query"]


def test_a_very_long_name_is_cut_before_the_search(siti: Any) -> None:
    """A pasted advert as a name is answered, and not echoed whole."""
    check(siti, "PT " + "Zyxwvq " * 200)
    assert len(siti.values(siti.said[0]["response"])["query"]) <= 200


def test_a_check_makes_no_ticket(siti: Any) -> None:
    """Asking is not reporting."""
    for one, other in pairwise(OUTCOMES):
        check(siti, one)
        check(siti, other)
    assert siti.ticket() is None


@pytest.mark.parametrize(
    "text",
    ["kapulaga mitra petualang resmi ga", "cek Kapulaga Mitra Petualang", "cek UJI914227514",
     "SIP3MI UJI-91422-7514", "uji 91422 7514 terdaftar?", "apa KAPULAGA MITRA PETUALANG legal"],
)  # fmt: skip
def test_a_recruiter_is_found_without_its_pt_and_however_the_number_is_spaced(
    siti: Any, text: str
) -> None:
    """The model recognises no name there: the text itself is looked up."""
    assert siti.writes(text, intent="check_recruiter") == ["utter_recruiter_sanctioned"]
    assert siti.values("utter_recruiter_sanctioned")["name"] == "PT Kapulaga Mitra Petualang"


def test_a_number_with_one_wrong_digit_is_shown_as_a_look_alike(siti: Any) -> None:
    """A forged number is one digit off: it is never confirmed."""
    said = siti.writes("SIP3MI UJI-91422-7515", intent="check_recruiter")
    assert said == ["utter_recruiter_candidates"]


@pytest.mark.parametrize("text", ["cek pt", "agen saya resmi ga", "mau cek perusahaan dong"])
def test_without_any_name_the_bot_asks(siti: Any, text: str) -> None:
    """Carrier words are no name."""
    assert siti.writes(text, intent="check_recruiter") == ["utter_ask_recruiter_name"]


@pytest.mark.parametrize(
    "text",
    ["namanya kapulaga mitra petualang", "nama ptnya kapulaga mitra petualang",
     "dari kapulaga mitra petualang", "jenenge pt kapulaga mitra petualang", "UJI914227514"],
)  # fmt: skip
def test_an_answer_keeps_only_the_name(siti: Any, text: str) -> None:
    """ "Namanya" and "dari" are not part of it."""
    siti.writes("cek pt", intent="check_recruiter")
    assert siti.writes(text) == ["utter_recruiter_sanctioned"]


def test_an_unknown_name_is_said_back_without_the_words_around_it(siti: Any) -> None:
    """The caller sees what was looked up."""
    siti.writes("cek pt", intent="check_recruiter")
    assert siti.writes("nama ptnya zyxwv mumbul abadi") == ["utter_recruiter_not_found"]
    assert siti.values("utter_recruiter_not_found")["query"] == "zyxwv mumbul abadi"


def test_a_bare_name_that_nobody_asked_for_is_looked_up(siti: Any) -> None:
    """Three words that the register knows are a question."""
    said = siti.writes("kapulaga mitra petualang", intent="nlu_fallback")
    assert said == ["utter_recruiter_sanctioned"]


def test_the_name_in_a_report_loses_its_carrier_words(siti: Any) -> None:
    """A responder reads the name, not "dari"."""
    siti.writes("mau lapor gaji saya di johor tidak dibayar", intent="report_trafficking")
    while siti.state.asked != "recruiter":
        siti.writes("lewati")
    siti.writes("dari kapulaga mitra petualang")
    assert siti.known()["recruiter"] == "kapulaga mitra petualang"


def test_a_relatives_name_is_no_recruiter_in_a_report(siti: Any) -> None:
    """The model takes every name for a recruiter."""
    siti.writes("adik saya siti dibawa agen ke malaysia tanpa izin", intent="report_trafficking",
                recruiter="siti", country="malaysia")  # fmt: skip
    assert "recruiter" not in siti.known()
    assert siti.known()["who"] == "adik saya"


def test_the_agent_among_the_family_is_not_the_victim(siti: Any) -> None:
    """Two relatives, one of them the agent."""
    siti.writes("agen om saya bawa adik saya ke malaysia", intent="report_trafficking")
    assert siti.known()["who"] == "adik saya"


def test_is_it_safe_after_a_check_repeats_what_the_register_says(siti: Any) -> None:
    """It is about the firm just looked up, not about the hotline."""
    check(siti, "PT Pelita Rantau Berseri")
    said = siti.writes("jadi aman ga kak", intent="faq/confidentiality")
    assert said == ["utter_recruiter_active"]
    assert SAFE.search(siti.shown()[0]) is None
    assert siti.writes("biaya ke taiwan berapa", intent="faq/costs") == ["utter_faq/costs"]


@pytest.mark.parametrize("text", ["ini penipu ya?", "0", "aman ga sih"])
def test_a_question_is_no_name(siti: Any, text: str) -> None:
    """Nothing is told to be missing from the list that nobody named."""
    siti.writes("mau cek pt", intent="check_recruiter")
    assert siti.writes(text) == ["utter_ask_recruiter_name"]


def test_by_sms_the_look_alikes_of_every_firm_fit_two_parts(phone: Any, desk: Any) -> None:
    """Name and city of each, in a menu of numbers."""
    budi = phone("budi", "sms")
    with desk.vault.engine.connect() as connection:
        names = list(connection.execute(sa.select(recruiters.c.name)).scalars())
    for name in names:
        if check(budi, name.rsplit(" ", 1)[0]) == "utter_recruiter_candidates":
            for shown in budi.shown():
                assert len(smsutil.split(shown).parts) <= 2, shown


def test_by_sms_the_source_is_named_by_its_host(phone: Any, desk: Any, tmp_path: Path) -> None:
    """A whole address would cost a part of its own."""
    file = tmp_path / "daftar.csv"
    file.write_text("nama;status\nPT Cakra Buana Nusa;aktif\n", encoding="utf-8")
    import_file(
        desk.vault.engine, file, source="https://siskop2mi.bp2mi.go.id/profil/list",
        as_of=date(2026, 11, 20), accept_shrunken=True, accept_older=True, now=NOW,
    )  # fmt: skip
    budi = phone("budi", "sms")
    check(budi, "PT Cakra Buana Nusa")
    assert "data siskop2mi.bp2mi.go.id 20 Nov 2026" in budi.shown()[0]


def test_a_question_among_look_alikes_offers_them_again(siti: Any) -> None:
    """The pick stays open, and can still be made."""
    check(siti, "PT Gamelan Nusa Perantau")
    first = siti.choices()[0][0]
    assert siti.writes("ini penipu ya?") == ["utter_recruiter_candidates"]
    assert siti.picks(first)[0] in {"utter_recruiter_active", "utter_recruiter_sanctioned"}


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("cek bu yati indramayu", "bu yati (indramayu)"),
        ("kak cek bu yati indramayu", "bu yati (indramayu)"),
        ("sponsor namanya bu tini dari brebes resmi ga", "bu tini (brebes)"),
        ("haji udin martapura resmi kah", "haji udin martapura"),
        ("apakah pak rahmat di lombok itu agen resmi", "pak rahmat lombok"),
        ("tolong cek mbak yuni", "mbak yuni"),
    ],
)
@pytest.mark.parametrize("tagged", [True, False])
def test_a_person_is_checked_with_her_place(siti: Any, text: str, query: str, tagged: bool) -> None:
    """Nobody is asked for the name she has just written."""
    entities = {"recruiter": query.split(" (")[0]} if tagged else {}
    said = siti.writes(text, intent="check_recruiter", **entities)
    assert said == ["utter_recruiter_not_found"]
    assert siti.values("utter_recruiter_not_found")["query"] == query


def test_a_firm_behind_a_polite_word_is_still_a_firm(siti: Any) -> None:
    """ "Bu" may be said to us."""
    said = siti.writes("bu pelita rantau berseri resmi ga", intent="check_recruiter")
    assert said == ["utter_recruiter_active"]
