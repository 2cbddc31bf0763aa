"""A responder says what a message meant: with care for the ticket, the caller and the log."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from console.pages import Pages
from hotline.messages import Kind
from hotline.staff import Role
from hotline.understood import INTENTS, Understood
from store import audit, corrections, db, earlier, inbox
from tests.console.conftest import Office, Report

TEXT = "pinten nggih ongkose dhateng taiwan"


def misread(office: Office, **more: object) -> Report:
    """Let a caller ask about costs and the bot take it for a farewell."""
    siti = office.report(TEXT, **more)  # type: ignore[arg-type]
    with db.write(office.vault.engine) as connection:
        inbox.finish(
            connection, siti.message, outcome="bot", now=office.clock(),
            understood=Understood("goodbye", 0.43, "jv"),
        )  # fmt: skip
    return siti


def path(report: Report) -> str:
    return f"/tickets/{report.code}/messages/{report.message}/meaning"


def proposed(office: Office) -> list[tuple[str, str, str]]:
    with db.read(office.vault.engine) as connection:
        found = corrections.proposed(connection, office.vault.keyring)
    return [(one.text, one.intent, one.language) for one in found]


def test_the_conversation_shows_what_the_bot_understood(office: Office) -> None:
    """In plain Indonesian, with a way to say that it was wrong."""
    ani, siti = office.hire("ani", Role.RESPONDER), misread(office)
    page = ani.browser.get(f"/tickets/{siti.code}").text
    assert "Bot memahami: Salam penutup" in " ".join(page.split())
    assert f'href="{path(siti)}"' in page


def test_every_intent_has_words_of_its_own_in_both_languages() -> None:
    """A responder need not know our names for things."""
    pages = Pages()
    template = '{% import "intent_words.html" as maksud %}'
    for language in ("id", "en"):
        said = []
        for intent in INTENTS:
            source = template + '{{ maksud.intent("' + intent + '", _) }}'
            made = pages._env.from_string(source)
            said.append(made.render(_=pages.translator(language)))
        assert not [words for words in said if "_" in words or "/" in words]
        assert len(set(said)) == len(INTENTS)


def test_the_form_offers_the_list_and_the_language_that_was_heard(office: Office) -> None:
    """Chosen already: mostly it is right."""
    ani, siti = office.hire("ani", Role.RESPONDER), misread(office)
    page = ani.browser.get(path(siti)).text
    assert TEXT in page
    assert "43%" in page
    assert all(f'<option value="{intent}"' in page for intent in INTENTS)
    assert '<option value="jv" selected>Jawa' in page


def test_a_proposal_is_kept_shown_and_logged_and_changes_nothing_else(office: Office) -> None:
    """The caller hears nothing of it."""
    ani, siti = office.hire("ani", Role.RESPONDER), misread(office)
    answer = ani.post(path(siti), intent="faq/costs", language="jv")
    assert answer.status_code == 303
    assert proposed(office) == [(TEXT, "faq/costs", "jv")]
    page = " ".join(ani.browser.get(f"/tickets/{siti.code}").text.split())
    assert "diusulkan: Tanya: biaya" in page
    assert office.sent(siti) == []
    with db.read(office.vault.engine) as connection:
        line = audit.newest(connection, limit=9)
    told = next(one for one in line if one["action"] == "correction_proposed")
    assert told["details"] == {"intent": "faq/costs", "message": siti.message}
    assert (told["actor"], told["object"]) == ("ani", siti.code)


def test_a_proposal_can_be_taken_back(office: Office) -> None:
    """With one button, as long as nobody has reviewed it."""
    ani, siti = office.hire("ani", Role.RESPONDER), misread(office)
    ani.post(path(siti), intent="greet", language="jv")
    assert "Tarik usul" in ani.browser.get(path(siti)).text
    assert ani.post(path(siti)).status_code == 303
    assert proposed(office) == []
    assert office.logged("correction_taken_back") == 1


def test_what_is_none_of_the_list_is_refused_and_never_logged(office: Office) -> None:
    """The log holds words of fixed lists only."""
    ani, siti = office.hire("ani", Role.RESPONDER), misread(office)
    answer = ani.post(path(siti), intent="namanya siti", language="jv")
    assert answer.status_code == 409
    assert "Pilih maksud dan bahasa dari daftar." in answer.text
    assert proposed(office) == []
    assert office.logged("correction_proposed") == 0


def test_a_message_of_another_ticket_is_not_found(office: Office) -> None:
    """The number in the address must not lead around the scope."""
    ani, siti = office.hire("ani", Role.RESPONDER, region="35"), misread(office, region="35")
    hidden = office.report("rahasia", address="+62811", region="53")
    assert ani.browser.get(path(siti)).status_code == 200
    other = f"/tickets/{siti.code}/messages/{hidden.message}/meaning"
    assert ani.browser.get(other).status_code == 404
    assert ani.post(other, intent="greet", language="id").status_code == 404
    assert ani.browser.get(path(hidden)).status_code == 404
    assert proposed(office) == []


@pytest.mark.parametrize("how", ["deleted", "tapped"])
def test_there_is_nothing_to_say_of_what_is_deleted_or_tapped(office: Office, how: str) -> None:
    """Neither a link on the ticket nor a form on the page."""
    ani = office.hire("ani", Role.RESPONDER)
    siti = misread(office, kind=Kind.PICK if how == "tapped" else Kind.TEXT)
    if how == "deleted":
        with db.write(office.vault.engine) as connection:
            earlier.mark_deleted(connection, office.vault.keyring, siti.message, keep_text=True)
    assert path(siti) not in ani.browser.get(f"/tickets/{siti.code}").text
    assert 'name="intent"' not in ani.browser.get(path(siti)).text
    assert ani.post(path(siti), intent="greet", language="id").status_code == 409


def test_an_example_cannot_be_corrected_again(office: Office) -> None:
    """And the ticket shows that it became one."""
    ani, siti = office.hire("ani", Role.RESPONDER), misread(office)
    ani.post(path(siti), intent="faq/costs", language="jv")
    with db.write(office.vault.engine) as connection:
        which = connection.execute(sa.select(corrections.corrections.c.id)).scalar_one()
        corrections.review(
            connection, which, corrections.State.ACCEPTED, by="operator", now=office.clock()
        )
    assert "menjadi contoh:" in ani.browser.get(f"/tickets/{siti.code}").text
    answer = ani.post(path(siti), intent="greet", language="jv")
    assert answer.status_code == 409
    assert "Pesan ini sudah menjadi contoh." in answer.text
