"""Canned answers: in every language callers write, and short enough for any phone."""

from __future__ import annotations

import html

import pytest
import sqlalchemy as sa

from console.canned import LANGUAGES, Canned, load_canned
from hotline.staff import Role
from replies import render
from store import db
from store.tables import tickets
from suar.examples import languages
from tests.console.conftest import Office

MOST_PARTS = 2  # of an SMS


def test_every_language_of_the_bot_has_them() -> None:
    """Whoever is understood in her language is answered in it by a person too."""
    assert sorted(LANGUAGES) == languages()


@pytest.mark.parametrize("one", load_canned(), ids=lambda one: one.id)
def test_they_fit_two_parts_of_an_sms(one: Canned) -> None:
    """One letter outside of the plain alphabet would make three or four parts of it."""
    for language, text in one.texts.items():
        assert render.to_gsm7(text) == text, (one.id, language)
        assert render.segments(text) <= MOST_PARTS, (one.id, language)


@pytest.mark.parametrize("one", load_canned(), ids=lambda one: one.id)
def test_no_language_says_it_in_the_words_of_another(one: Canned) -> None:
    """A text that was copied and not translated would look as if it were there."""
    assert len(set(one.texts.values())) == len(LANGUAGES)


def test_the_page_offers_the_callers_own_language(office: Office) -> None:
    """With the Indonesian below it, for a colleague who does not speak it."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    with db.write(office.vault.engine) as connection:
        connection.execute(sa.update(tickets).values(language="mkn"))
    page = html.unescape(ani.browser.get(f"/tickets/{siti.code}").text)
    for one in load_canned():
        assert f'data-text="{one.texts["mkn"]}"' in page
        assert f"({one.texts['id']})" in page
