"""Responders answer callers: one at a time, once a click, and nothing written is lost."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from hotline.messages import Channel, OutboxState, Reply
from hotline.staff import Role
from hotline.tickets import State
from store import conversations, db, ticket_work
from store.console_tables import ticket_drafts
from store.outbox import add
from store.tables import conversations as conversations_table
from store.tables import outbox, tickets
from store.texts import load_texts
from store.tickets import join
from tests.console.conftest import Office, Person, Report
from tests.fakes import BUDI

HELLO = "Saya Ani dari hotline. Apakah aman membalas?"


def mark_of(person: Person, report: Report) -> str:
    page = person.browser.get(f"/tickets/{report.code}").text
    found = re.search(r'name="mark" value="([\w-]+)"', page.split('id="reply-form"', 1)[1])
    assert found
    return found[1]


def reply(person: Person, report: Report, text: str, **more: object) -> int:
    form = {"to": report.conversation, "text": text, "mark": mark_of(person, report), **more}
    return person.post(f"/tickets/{report.code}/reply", **form).status_code


def holder(office: Office, report: Report) -> str | None:
    with db.read(office.vault.engine) as connection:
        known = conversations.load(connection, office.vault.keyring, report.conversation)
    return known.claim.holder(office.clock())


def test_a_reply_goes_out_and_counts_as_the_first_answer(office: Office) -> None:
    """It stands in the outbox, the bot is silent, the ticket is in progress."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    ani.post(f"/tickets/{siti.code}/take")
    assert reply(ani, siti, HELLO) == 303
    assert office.sent(siti)[-1] == HELLO
    assert office.lines(siti)[-1].author == "ani"
    assert holder(office, siti) == "ani"
    with db.read(office.vault.engine) as connection:
        work = ticket_work.work_of(connection, siti.id)
        state = connection.execute(sa.select(tickets.c.state)).scalar_one()
    assert work.first_answer_at == office.clock()
    assert state == State.IN_PROGRESS.value
    assert office.logged("caller_answered") == 1
    page = ani.browser.get(f"/tickets/{siti.code}").text
    assert "Anda yang menjawab, bot diam, sampai" in page
    assert HELLO in page


def test_a_second_click_writes_once(office: Office) -> None:
    """A slow line makes people click again."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    mark = mark_of(ani, siti)
    for _ in range(3):
        assert reply(ani, siti, HELLO, mark=mark) == 303
    assert office.sent(siti).count(HELLO) == 1
    assert reply(ani, siti, HELLO) == 303, "a fresh form may say the same again"
    assert office.sent(siti).count(HELLO) == 2


def test_two_who_answer_at_once_do_not_talk_over_each_other(office: Office) -> None:
    """One holds the conversation; the other is told who, and keeps what was typed."""
    ani, budi = office.hire("ani", Role.RESPONDER), office.hire("budi", Role.RESPONDER)
    siti = office.report()
    forms = [(who, mark_of(who, siti), who.csrf()) for who in (ani, budi)]

    def send(form: tuple[Person, str, str]) -> tuple[int, str]:
        who, mark, csrf = form
        answer = who.browser.post(
            f"/tickets/{siti.code}/reply",
            data={"csrf": csrf, "to": siti.conversation, "text": f"dari {who.login}", "mark": mark},
        )
        return answer.status_code, answer.text

    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(send, forms))
    assert sorted(status for status, _ in answers) == [303, 409]
    [(loser, text)] = [
        (form[0].login, text) for form, (status, text) in zip(forms, answers, strict=True)
        if status == 409
    ]  # fmt: skip
    winner = "budi" if loser == "ani" else "ani"
    assert f"Percakapan ini dipegang {winner}." in text
    assert f"dari {loser}</textarea>" in text
    assert [t for t in office.sent(siti) if t.startswith("dari")] == [f"dari {winner}"]


def test_a_claim_ends_by_itself_and_is_given_back(office: Office) -> None:
    """Nobody who goes home leaves a caller alone with silence."""
    ani, budi = office.hire("ani", Role.RESPONDER), office.hire("budi", Role.RESPONDER)
    siti = office.report()
    assert ani.post(f"/tickets/{siti.code}/claim", to=siti.conversation).status_code == 303
    assert holder(office, siti) == "ani"
    for action in ("claim", "give-back"):
        answer = budi.post(f"/tickets/{siti.code}/{action}", to=siti.conversation)
        assert answer.status_code == 409
        assert "Percakapan ini dipegang ani" in answer.text
    page = budi.browser.get(f"/tickets/{siti.code}").text
    assert "Ani yang menjawab, bot diam, sampai" in page
    assert "Tidak dapat membalas" in page
    assert ani.post(f"/tickets/{siti.code}/give-back", to=siti.conversation).status_code == 303
    assert holder(office, siti) is None
    ani.post(f"/tickets/{siti.code}/claim", to=siti.conversation)
    office.clock.advance(office.settings.channels.claim_seconds + 1)
    assert holder(office, siti) is None


def test_who_leads_frees_a_conversation(office: Office) -> None:
    """A colleague fell ill in the middle of a talk."""
    ani, eka = office.hire("ani", Role.RESPONDER), office.hire("eka", Role.SUPERVISOR)
    siti = office.report()
    ani.post(f"/tickets/{siti.code}/claim", to=siti.conversation)
    assert eka.post(f"/tickets/{siti.code}/give-back", to=siti.conversation).status_code == 303
    assert holder(office, siti) is None


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"opted_out_at": 1.0}, "Pelapor menulis STOP"),
        ({"unreachable": "blocked"}, "Ponsel pelapor tidak terjangkau"),
    ],
)
def test_where_nothing_can_go_out_the_box_is_shut(
    office: Office, values: dict[str, object], why: str
) -> None:
    """With the reason; also when the form is sent all the same, and nothing is lost."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    with db.write(office.vault.engine) as connection:
        connection.execute(sa.update(conversations_table).values(**values))
    page = ani.browser.get(f"/tickets/{siti.code}").text
    assert why in page
    box = page.split('<textarea id="reply-text"', 1)[1].split(">", 1)[0]
    assert " disabled" in box
    form = {"to": siti.conversation, "text": HELLO, "mark": "m"}
    answer = ani.post(f"/tickets/{siti.code}/reply", **form)
    assert answer.status_code == 409
    assert f"{HELLO}</textarea>" in answer.text
    assert office.sent(siti) == []


def test_a_shut_window_is_said_before_anything_is_written(office: Office) -> None:
    """WhatsApp takes free text for 24 hours; after that the reply waits for her."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    assert "Jendela WhatsApp terbuka sampai" in ani.browser.get(f"/tickets/{siti.code}").text
    office.clock.advance(25 * 3600)
    ani.log_in()
    page = ani.browser.get(f"/tickets/{siti.code}").text
    assert "Jendela WhatsApp sudah tertutup" in page


def test_her_hours_hold_and_a_responder_may_send_all_the_same(office: Office) -> None:
    """The hint stands there before, the reason after, and the button to overrule it."""
    ani = office.hire("ani", Role.RESPONDER)
    siti = office.report(channel=Channel.TELEGRAM, transport="telegram")
    with db.write(office.vault.engine) as connection:
        sealed = office.vault.keyring.seal('{"unclear": true}', "conversations.contact_rules")
        connection.execute(sa.update(conversations_table).values(contact_rules_sealed=sealed))
    page = ani.browser.get(f"/tickets/{siti.code}").text
    assert "Balasan akan ditahan" in page
    assert "JAM AMAN BELUM JELAS" in page
    assert reply(ani, siti, HELLO) == 303
    with db.write(office.vault.engine) as connection:
        connection.execute(
            sa.update(outbox).values(state=OutboxState.HELD.value, hold="safe_hours")
        )
    page = ani.browser.get(f"/tickets/{siti.code}").text
    assert "Kirim yang ditahan sekarang juga" in page
    assert ani.post(f"/tickets/{siti.code}/release", to=siti.conversation).status_code == 303
    with db.read(office.vault.engine) as connection:
        assert set(connection.execute(sa.select(outbox.c.hold)).scalars()) == {"waived"}


def test_a_failed_message_is_sent_again_as_a_new_one(office: Office) -> None:
    """What happened stays readable, with the provider's own words."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    reply(ani, siti, HELLO)
    failed = office.lines(siti)[-1].id
    with db.write(office.vault.engine) as connection:
        connection.execute(
            sa.update(outbox)
            .where(outbox.c.id == failed)
            .values(state=OutboxState.FAILED.value, error_code="30008", error="Unknown error")
        )
    page = ani.browser.get(f"/tickets/{siti.code}").text
    assert "30008 Unknown error" in page
    path = f"/tickets/{siti.code}/messages/{failed}/again"
    assert ani.post(path, mark="a").status_code == 303
    assert ani.post(path, mark="a").status_code == 303
    assert office.sent(siti).count(HELLO) == 2
    other = office.lines(siti)[-1].id
    assert ani.post(f"/tickets/{siti.code}/messages/{other}/again", mark="b").status_code == 404


def test_what_is_begun_is_there_tomorrow_and_for_nobody_else(office: Office) -> None:
    """A draft a person; sealed; gone once it is sent."""
    ani, budi = office.hire("ani", Role.RESPONDER), office.hire("budi", Role.RESPONDER)
    siti = office.report(channel=Channel.SMS)
    answer = ani.post(f"/tickets/{siti.code}/draft", to=siti.conversation, text=HELLO)
    assert answer.status_code == 200
    assert "1 bagian SMS, paling banyak 6" in answer.text
    long = ani.post(f"/tickets/{siti.code}/draft", to=siti.conversation, text="ibu " * 125)
    assert "4 bagian SMS" in long.text
    assert "LANJUT" not in long.text
    longer = ani.post(f"/tickets/{siti.code}/draft", to=siti.conversation, text="ibu " * 300)
    assert "8 bagian SMS" in longer.text
    assert "LANJUT" in longer.text
    ani.post(f"/tickets/{siti.code}/draft", to=siti.conversation, text=HELLO)
    with db.read(office.vault.engine) as connection:
        [sealed] = connection.execute(sa.select(ticket_drafts.c.text_sealed)).scalars()
    assert HELLO.encode() not in sealed
    assert f"{HELLO}</textarea>" in ani.browser.get(f"/tickets/{siti.code}").text
    assert HELLO not in budi.browser.get(f"/tickets/{siti.code}").text
    reply(ani, siti, HELLO)
    assert f"{HELLO}</textarea>" not in ani.browser.get(f"/tickets/{siti.code}").text


@pytest.mark.parametrize("words", [125, 200, 220, 240, 300])
def test_what_the_measure_says_of_the_rest_is_what_is_sent(office: Office, words: int) -> None:
    """The page warns exactly where the end of an SMS waits for LANJUT."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report(channel=Channel.SMS)
    text = "ibu " * words
    measured = ani.post(f"/tickets/{siti.code}/draft", to=siti.conversation, text=text)
    assert reply(ani, siti, text) == 303
    waits = office.sent(siti)[-1].endswith("Balas LANJUT untuk sisanya.")
    assert ("LANJUT" in measured.text) == waits == (words > 220)


def test_a_conversation_of_another_ticket_cannot_be_written_to(office: Office) -> None:
    """A form that names somebody else's conversation finds nothing."""
    ani = office.hire("ani", Role.RESPONDER)
    siti, budi = office.report(), office.report(address=BUDI)
    for action in ("reply", "claim", "give-back", "release", "draft"):
        form = {"to": budi.conversation, "text": HELLO, "mark": f"m{action}"}
        assert ani.post(f"/tickets/{siti.code}/{action}", **form).status_code == 404, action
    assert office.sent(budi) == []
    assert holder(office, budi) is None


def test_a_reply_too_long_or_empty_comes_back(office: Office) -> None:
    """Nothing is cut off silently."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    assert reply(ani, siti, "  ") == 409
    assert reply(ani, siti, "a" * 4001) == 409
    assert reply(ani, siti, "/waktu") == 409, "a shortcut that was not followed is no message"
    assert office.sent(siti) == []


def test_the_form_asks_over_which_channel_where_there_are_two(office: Office) -> None:
    """The one the report came from is chosen; the one that joined later can be, and is marked."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    office.clock.advance(60)
    other = office.report(channel=Channel.SMS, address="+628111111111")
    with db.write(office.vault.engine) as connection:
        join(connection, siti.id, other.conversation, now=office.clock())
    page = ani.browser.get(f"/tickets/{siti.code}").text
    choices = page.split('<select name="to" required>', 1)[1].split("</select>", 1)[0]
    assert choices.index(siti.conversation) < choices.index(other.conversation)
    assert choices.count("BELUM PASTI PELAPOR") == 1
    assert choices.index("BELUM PASTI PELAPOR") > choices.index(other.conversation)
    assert 'value=""' not in choices
    assert reply(ani, siti, HELLO) == 303
    assert office.sent(siti)[-1] == HELLO
    assert office.sent(other) == []


@contextmanager
def log_is_full(office: Office, action: str) -> Iterator[None]:
    """Let the database refuse the line of one action, as when the disk is full."""
    fails = f"create trigger full_disk before insert on audit_log when new.action = '{action}' "
    fault = [fails + "begin select raise(abort, 'full'); end"]
    mended = ["drop trigger full_disk"]
    if office.vault.engine.dialect.name == "postgresql":
        function = "create function full_disk() returns trigger language plpgsql as "
        fails = "create trigger full_disk before insert on audit_log for each row "
        fails += f"when (new.action = '{action}') execute function full_disk()"
        fault = [function + "$$ begin raise exception 'full'; end $$", fails]
        mended = ["drop trigger full_disk on audit_log", "drop function full_disk"]
    _run(office, fault)
    yield
    _run(office, mended)


def _run(office: Office, statements: list[str]) -> None:
    with office.vault.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_a_reply_and_that_she_was_answered_are_written_together_or_not_at_all(
    office: Office,
) -> None:
    """Nobody is told that a caller was answered whose message was lost, nor the other way round."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    ani.post(f"/tickets/{siti.code}/draft", to=siti.conversation, text=HELLO)
    broken = TestClient(office.app, base_url="http://127.0.0.1:8081", raise_server_exceptions=False)
    broken.cookies = ani.browser.cookies
    there = Person("ani", ani.secret, broken, office.clock)
    with log_is_full(office, "caller_answered"):
        assert reply(there, siti, HELLO) == 500
    with db.read(office.vault.engine) as connection:
        work = ticket_work.work_of(connection, siti.id)
        drafts = connection.execute(sa.select(ticket_drafts.c.ticket_id)).scalars().all()
    assert (office.sent(siti), work.first_answer_at, drafts) == ([], None, [siti.id])
    assert office.logged("caller_answered") == 0
    assert reply(ani, siti, HELLO) == 303
    with db.read(office.vault.engine) as connection:
        assert ticket_work.work_of(connection, siti.id).first_answer_at == office.clock()
        assert connection.execute(sa.select(ticket_drafts.c.ticket_id)).all() == []
    assert office.sent(siti)[-1] == HELLO


def test_what_the_bot_said_in_another_language_is_read_in_indonesian(office: Office) -> None:
    """Where the catalogue has it; what a colleague wrote stands alone."""
    texts = load_texts()
    said, meant = (texts.get("utter_person_here", one, "whatsapp") for one in ("bbc", "id"))
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    batak = sa.update(conversations_table).values(language="bbc")
    with db.write(office.vault.engine) as connection:
        connection.execute(batak.where(conversations_table.c.id == siti.conversation))
        for text in (said, "Saya Ani."):
            add(
                connection, office.vault.keyring, siti.conversation, [Reply(text)], inbox_id=None,
                author="bot", now=office.clock(),
            )  # fmt: skip
    page = html.unescape(ani.browser.get(f"/tickets/{siti.code}").text)
    assert said in page
    assert page.count("Dalam bahasa Indonesia:") == 1
    assert meant in page.split("Dalam bahasa Indonesia:")[1]
