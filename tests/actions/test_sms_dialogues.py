"""Whole dialogues by SMS: every reply fits two parts and no letter doubles the price."""

from typing import Any

import pytest
import smsutil

LONG_NAME = "PT Gunung Sari Sahabat Lintasan"
DIALOGUES = {
    "report": [
        ("mau lapor paspor saya ditahan dan gaji dipotong", "report_trafficking"),
        ("di kuala lumpur malaysia", "inform"),
        ("suami saya", "inform"),
        (LONG_NAME, "inform"),
        ("hmm", "inform"),
        ("boleh", "affirm"),
        ("malam saja", "inform"),
        ("laporan saya gimana", "ticket_status"),
        ("mau cabut laporan", "withdraw_report"),
        ("tidak", "deny"),
        ("hapus data saya", "delete_my_data"),
        ("ya", "affirm"),
    ],
    "missing": [
        ("anak saya hilang kontak di taiwan sejak lebaran kemarin", "report_missing"),
        ("anak perempuan saya", "inform"),
        ("batal", "start_over"),
    ],
    "return": [("minta dipulangkan", "ask_return"), ("hong kong", "inform")],
    "person": [("mau bicara petugas", "ask_human"), ("gaji saya", "inform")],
    "recruiter": [
        ("cek pt", "check_recruiter"),
        (LONG_NAME, "inform"),
        ("cek pt", "check_recruiter"),
        ("gamelan nusa perantau", "inform"),
        ("cek pt", "check_recruiter"),
        ("Cendana Flobamora Kembara", "inform"),
        ("cek pt", "check_recruiter"),
        ("Zyxwv Qqq Mumbul Abadi Sentosa Raya", "inform"),
    ],
    "offer": [
        ("ada tawaran kerja di pabrik taiwan menurut bapak gimana", "check_offer"),
        ("belum tahu", "inform"),
        ("belum tahu", "inform"),
        ("belum tahu", "inform"),
    ],
    "language": [("ganti bahasa", "change_language"), ("bahasa bugis", "inform")],
}


@pytest.mark.parametrize("name", DIALOGUES)
def test_every_reply_of_a_dialogue_fits(phone: Any, name: str) -> None:
    """Codes, keys, names, dates and numbered menus are counted in."""
    budi = phone("budi", "sms")
    for text, intent in DIALOGUES[name]:
        if intent == "check_recruiter":
            budi.state = None
        budi.writes(text, intent=intent)
        assert budi.said, text
        for shown in budi.shown():
            assert smsutil.is_valid_gsm(shown), shown
            assert len(smsutil.split(shown).parts) <= 2, (len(shown), shown)


def test_the_first_step_in_every_country_fits(phone: Any) -> None:
    """The most urgent text of all must not arrive in pieces."""
    long = []
    for number, country in enumerate(phone("budi", "sms").desk.knowledge.countries):
        budi = phone(f"budi-{number}", "sms")
        budi.writes(f"saya dikurung di {country.name} tolong", danger=("locked_in",))
        first = budi.shown()[0]
        if len(smsutil.split(first).parts) > 2:
            long.append((country.code, len(first)))
    assert long == []
