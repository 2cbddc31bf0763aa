"""Replies go where the report came from; who joined with code and key is trusted by a person."""

from __future__ import annotations

import re

import pytest

from hotline.messages import Channel
from hotline.staff import Role
from store import conversations, db, tickets
from store.ticket_events import broken_line
from tests.console.conftest import Office, Report
from tests.console.counted import change
from tests.console.test_talk import mark_of
from tests.fakes import BUDI

RED = "pastikan dahulu bahwa ini pelapor"


def join(office: Office, report: Report, text: str = "status", address: str = BUDI) -> Report:
    """Let somebody else write, who has code and key; gives the conversation they came from."""
    office.clock.advance(60)
    other = office.report(text, address=address, channel=Channel.SMS)
    change(office, other, state="closed")
    office.clock.advance(60)
    with db.write(office.vault.engine) as connection:
        tickets.join(connection, report.id, other.conversation, now=office.clock())
    return other


def usual(office: Office, report: Report) -> str | None:
    with db.read(office.vault.engine) as connection:
        return conversations.reply_conversation(connection, report.id)


def ways(page: str) -> str:
    found = re.search(r'<select name="to" required>(.*?)</select>', page, re.DOTALL)
    assert found
    return found[1]


def test_whoever_joins_with_code_and_key_is_not_answered_of_itself(office: Office) -> None:
    """Both can be read off her phone: it is marked in the list, above its words and in the form."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report("saya disekap")
    other = join(office, siti, "sudah selesai, tutup saja")
    assert usual(office, siti) == siti.conversation
    page = ani.browser.get(f"/tickets/{siti.code}").text
    assert page.count(RED) == 1
    assert page.count("Yang bergabung dengan kode dan kunci") >= 1
    choices = ways(page)
    assert choices.index(siti.conversation) < choices.index(other.conversation)
    assert choices.count("BELUM PASTI PELAPOR") == 1


def test_a_responder_who_is_sure_picks_it(office: Office) -> None:
    """From then on it is the first; a line says who did that, and it can be taken back."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report("saya disekap")
    other = join(office, siti)
    path = f"/tickets/{siti.code}/reply-way"
    assert ani.post(path, to=other.conversation).status_code == 303
    assert usual(office, siti) == other.conversation
    page = ani.browser.get(f"/tickets/{siti.code}").text
    assert RED not in page
    assert "tujuan balasan dipilih" in page
    assert ways(page).index(other.conversation) < ways(page).index(siti.conversation)
    assert ani.post(path, to=siti.conversation).status_code == 303
    assert usual(office, siti) == siti.conversation
    assert office.logged("reply_way_chosen") == 2
    with db.read(office.vault.engine) as connection:
        assert broken_line(connection, siti.id) is None


def test_only_the_ticket_s_own_conversations_are_picked(office: Office) -> None:
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    budi = office.report(address=BUDI)
    path = f"/tickets/{siti.code}/reply-way"
    assert ani.post(path, to=budi.conversation).status_code == 404
    assert usual(office, siti) == siti.conversation


def test_where_her_own_conversation_is_closed_the_responder_picks(office: Office) -> None:
    """A browser would take the next one of the list, which is the one nobody is sure of."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    join(office, siti)
    with db.write(office.vault.engine) as connection:
        conversations.set_opted_out(connection, siti.conversation, out=True, now=office.clock())
    choices = ways(ani.browser.get(f"/tickets/{siti.code}").text)
    assert choices.startswith('<option value="" selected>')


@pytest.mark.parametrize("picked", [False, True])
def test_a_ticket_opened_over_the_telephone_asks_whom_to_answer(
    office: Office, picked: bool
) -> None:
    """Even where only one has joined; nothing that was written gets lost."""
    ani = office.hire("ani", Role.RESPONDER)
    page = ani.post(
        "/intake", how="phone", story="majikan memegang paspor", category="report",
        urgency="high", why="paspor diambil", keep="true", mark="m1", language="id",
    ).text  # fmt: skip
    found = re.search(r"SR-[0-9A-Z]{4}-[0-9A-Z]{2}", page)
    assert found
    with db.read(office.vault.engine) as connection:
        [ticket] = tickets.all_tickets(connection, office.vault.keyring, code=found[0])
    called = Report(ticket.id, ticket.code, "", 0)
    other = join(office, called)
    assert usual(office, called) is None
    page = ani.browser.get(f"/tickets/{called.code}").text
    assert RED in page
    assert ways(page).startswith('<option value="" selected>')
    form = {"text": "Apakah aman membalas?", "mark": mark_of(ani, called)}
    draft = ani.post(f"/tickets/{called.code}/draft", to="", **form)
    assert draft.status_code == 200
    assert "hx-redirect" not in draft.headers
    answer = ani.post(
        f"/tickets/{called.code}/reply", to=other.conversation if picked else "", **form
    )
    assert answer.status_code == (303 if picked else 409)
    assert office.sent(other).count(form["text"]) == picked
    if not picked:
        assert "Pilih dahulu lewat percakapan mana" in answer.text
        assert f"{form['text']}</textarea>" in answer.text


def test_a_merged_report_s_caller_is_nobody_who_joined_later(office: Office) -> None:
    """The other ticket began in that conversation; replies still go to the one merged into."""
    eka, siti = office.hire("eka", Role.SUPERVISOR), office.report()
    office.clock.advance(60)
    budi = office.report(address=BUDI)
    assert eka.post(f"/tickets/{budi.code}/merge", other=siti.code).status_code == 303
    page = eka.browser.get(f"/tickets/{siti.code}").text
    assert RED not in page
    assert usual(office, siti) == siti.conversation
