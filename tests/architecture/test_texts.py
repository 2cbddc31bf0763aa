"""Every text that goes out fits its channel, promises nothing and calls nobody safe."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import smsutil

from hotline.promises import PROMISES as FORBIDDEN
from tests.architecture.texts import ROOT, domain, load, variants

BUTTONS_LIMIT = 1024  # WhatsApp: a text beside buttons
TEXT_LIMIT = 1600  # Twilio: a WhatsApp message
SMS_LIMIT = 306  # two parts of GSM-7
TITLE_LIMIT = 20  # WhatsApp: a button
MOST_BUTTONS = 10  # WhatsApp: a list; SMS: a menu one still reads

# What stands in the places of a text: about the longest there is.
VALUES = {
    "code": "SR-7K4M-2Q",
    "key": "1234 5678",
    "demo": "[DATA UJI] ",
    "name": "PT Gunung Sari Sahabat Lintasan",
    "city": " (Kabupaten Lombok Tengah)",
    "status": "aktif dalam pengawasan",
    "licence": "Nomor izin tertulis: UJI-91681-2947. Masa berlaku tertulis: 31 Desember 2029.",
    "query": "PT Gunung Sari Sahabat Lintasan",
    "source": "data uji (nama karangan)",
    "origin": "siskop2mi.bp2mi.go.id ",
    "as_of": "2026-11-22",
    "country": "Uni Emirat Arab",
    "recruiter": "PT Gunung Sari Sahabat Lintasan",
    "state": "sudah diteruskan ke lembaga lain yang berwenang.",
    "wishes": "jangan lapor polisi tanpa persetujuan Anda, jangan datang ke tempat Anda",
    "grade": "Banyak tanda peringatan.",
    "known": "cerita, tempat, siapa, perekrut, kabar terakhir, izin menghubungi, waktu menghubungi",
}
# Pieces of other texts, or texts whose longest values are put in elsewhere.
ELSEWHERE = {
    "utter_offer_result": "tests/actions/test_offer.py, with every reason and verdict",
    "utter_offer_again": "tests/actions/test_offer_after.py, with every reason and verdict",
    "utter_offer_more": "tests/actions/test_offer_after.py, with every reason and verdict",
    "utter_offer_steps": "tests/actions/test_offer_after.py, with every verdict",
    "utter_offer_question": "tests/actions/test_sms_dialogues.py, with the questions",
    "utter_contacts": "tests/actions/test_facts.py, with every country",
    "utter_contacts_none": "tests/actions/test_facts.py, with every country",
    "utter_destination": "tests/actions/test_facts.py, with every country",
    "utter_destination_overdue": "tests/actions/test_facts.py, with every country",
    "utter_emergency_start": "tests/actions/test_sms_dialogues.py, with every country",
    "utter_emergency_more": "tests/actions/test_sms_dialogues.py, with every country",
    "utter_recruiter_candidates": "tests/actions/test_sms_dialogues.py, with its menu",
}
# Longer than two parts by SMS, each for a reason.
LONG_SMS: dict[str, str] = {}

# "Aman" about something else than a recruiter or an offer, and not said as a fact.
ABOUT_ELSE: dict[str, str] = {}


def is_piece(name: str) -> bool:
    """Say whether a text is only ever a part of another one, or of the browser page."""
    return name.startswith(
        ("utter_phrase_", "utter_status_", "utter_state_", "utter_field_", "utter_topic_",
         "utter_try_", "utter_recruiter_none_of_these")
    )  # fmt: skip


def filled(form: dict[str, Any]) -> str:
    """Put long values into a text."""
    return re.sub(r"\{(\w+)\}", lambda m: VALUES.get(m[1], m[0]), str(form["text"]))


def for_channel(name: str, channel: str) -> dict[str, Any]:
    """Choose the form of a response for a channel."""
    forms = domain()["responses"][name]
    return next((form for form in forms if form.get("channel") == channel), forms[0])


def sms_of(name: str) -> str:
    """Write a response as SMS does: the text, then one numbered line a choice."""
    form = for_channel(name, "sms")
    menu = [f"{n} {b['title']}" for n, b in enumerate(form.get("buttons") or [], 1)]
    return "\n".join([filled(form), *menu])


WHOLE = sorted(n for n in domain()["responses"] if not is_piece(n) and n not in ELSEWHERE)


@pytest.mark.parametrize("name", WHOLE)
def test_a_reply_fits_one_message_of_the_messengers(name: str) -> None:
    """Beside choices there is less room."""
    form = for_channel(name, "whatsapp")
    assert len(filled(form)) <= (BUTTONS_LIMIT if form.get("buttons") else TEXT_LIMIT)


@pytest.mark.parametrize("name", sorted(set(WHOLE) - set(LONG_SMS)))
def test_a_reply_fits_two_parts_by_sms(name: str) -> None:
    """With its menu and in letters that cost one place each."""
    text = sms_of(name)
    assert smsutil.is_valid_gsm(text), [c for c in text if not smsutil.is_valid_gsm(c)]
    assert len(text) <= SMS_LIMIT, len(text)


@pytest.mark.parametrize("name", WHOLE)
def test_no_place_is_left_without_a_value_here(name: str) -> None:
    """A new place joins VALUES, so that the lengths above stay true."""
    for form in domain()["responses"][name]:
        assert "{" not in filled(form)


def test_every_title_fits_a_button() -> None:
    """Longer ones are cut by the provider, or refused."""
    for name, form in variants():
        buttons = form.get("buttons") or []
        assert len(buttons) <= MOST_BUTTONS, name
        for button in buttons:
            assert 0 < len(button["title"]) <= TITLE_LIMIT, (name, button["title"])
    for name, forms in domain()["responses"].items():
        if name.startswith("utter_topic_"):
            assert len(forms[0]["text"]) <= TITLE_LIMIT, name


def test_the_titles_of_the_offers_questions_fit_too() -> None:
    """They stand in knowledge/ and become choices."""
    for question in load(ROOT / "knowledge" / "offer_signs.yml")["questions"]:
        for choice in question["choices"]:
            assert len(choice["title"]) <= TITLE_LIMIT, choice["title"]


def test_no_text_promises_or_calls_anybody_safe() -> None:
    """Neither rescue nor arrest, neither a company nor an offer."""
    for name, form in variants():
        words = " ".join([form["text"], *(b["title"] for b in form.get("buttons") or [])])
        if name not in ABOUT_ELSE:
            assert FORBIDDEN.findall(words) == [], name


def test_no_text_of_the_knowledge_promises_either() -> None:
    """Destinations and warning signs are texts for callers too."""
    told = [text for file in ("offer_signs.yml", "destinations.yml") for text in texts_in(file)]
    assert len(told) > 100
    for text in told:
        assert FORBIDDEN.findall(text) == [], text


def texts_in(file: str) -> Iterator[str]:
    """Give what a caller may read of a file of facts."""
    content = load(ROOT / "knowledge" / file)
    lists = [content] if isinstance(content, list) else content.values()
    for item in (item for items in lists if isinstance(items, list) for item in items):
        yield from (str(item[f]) for f in ("text", "sms", "title") if f in item)


@pytest.mark.parametrize(
    "words",
    ["PT ini aman kok", "uang dijamin kembali", "Anda akan diselamatkan", "pelaku pasti ditangkap"],
)
def test_the_check_above_sees_a_promise(words: str) -> None:
    """It would fail if somebody wrote one."""
    assert FORBIDDEN.search(words)


def test_a_text_of_an_unconfirmed_number_says_so() -> None:
    """110 was not confirmed: wherever it stands, the doubt stands beside it."""
    for name, form in variants():
        for number in re.finditer(r"\b110\b", form["text"]):
            after = form["text"][number.end() : number.end() + 60]
            assert "pastikan" in after, (name, form.get("channel"))


def test_the_words_we_ask_callers_to_write_are_understood() -> None:
    """BATAL, LEWATI, RESEP and LANJUT do what the texts say they do, without any model."""
    from hotline import reading

    assert reading.skips("LEWATI")
    assert reading.cancels("BATAL")
    assert reading.asks_for_neutral("RESEP")
    assert reading.ends_neutral("LANJUT")


def test_the_word_for_danger_rings_the_alarm() -> None:
    """DARURAT stands in every greeting."""
    from store.danger import load_guard

    assert load_guard(ROOT / "data" / "danger").read("DARURAT") is not None
