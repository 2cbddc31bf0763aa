"""The console speaks English too, in every word of every page."""

from __future__ import annotations

import re

from console.pages import Pages
from hotline.staff import Role
from suar.console_messages import entries, read
from tests.console.conftest import Office


def test_every_text_has_its_english() -> None:
    """`make messages` adds new ones; somebody must fill them in."""
    known = {str(entry.id): str(entry.string) for entry in read() if entry.id}
    assert [text for text in dict.fromkeys(entries()) if not known.get(text)] == []


def test_no_english_is_left_over() -> None:
    """A text that was changed does not keep a translation of what it said before."""
    wanted = set(entries())
    assert [str(entry.id) for entry in read() if entry.id and entry.id not in wanted] == []


def test_places_in_a_text_stay() -> None:
    """A name put into a sentence must not be lost by its translation."""
    for entry in read():
        if entry.id:
            places = re.findall(r"\{\w*\}", str(entry.id))
            assert sorted(places) == sorted(re.findall(r"\{\w*\}", str(entry.string)))


def test_somebody_who_reads_english_gets_it(office: Office) -> None:
    """Pages, menus and refusals; what callers wrote stays as it is."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report("tolong saya")
    office.fact(siti, "contact_rule", "no_police")
    assert ani.post("/account/language", language="en").status_code == 303
    page = ani.browser.get(f"/tickets/{siti.code}").text
    assert '<html lang="en">' in page
    assert "DO NOT go to the police" in page
    assert "The CALLER READS this message over WhatsApp" in page
    assert "tolong saya" in page
    assert "Percakapan" not in page
    form = {"to": siti.conversation, "text": " ", "mark": "m"}
    assert "between 1 and 4000 characters" in ani.post(f"/tickets/{siti.code}/reply", **form).text
    assert ani.post("/account/language", language="fr").status_code == 422


def test_a_text_without_english_is_shown_in_indonesian() -> None:
    """Better than nothing."""
    assert Pages().translator("en")("kata yang tidak ada") == "kata yang tidak ada"
