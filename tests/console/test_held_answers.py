"""A reply that is held is no answer yet: the deadline stands still, and nothing is forgotten."""

from __future__ import annotations

import json
import re
from datetime import datetime

import pytest
import sqlalchemy as sa

from hotline.hours import JAKARTA, zone_named
from hotline.messages import Channel
from hotline.staff import Role
from store import db, ticket_deadlines, ticket_list, ticket_work
from store import staff as accounts
from store.standing import make_due
from store.tables import conversations, tickets
from store.ticket_list import View
from tests.console.conftest import Office, Person, Report
from tests.console.test_talk import HELLO, reply
from tests.posting import change, pump

HOUR = 3600.0
FIRST = 4 * HOUR  # the usual first deadline of a high one


def told(office: Office, siti: Report, **rules: object) -> None:
    """Let her have said when she may be written to."""
    sealed = office.vault.keyring.seal(json.dumps(rules), "conversations.contact_rules")
    with db.write(office.vault.engine) as connection:
        change(connection, siti.conversation, contact_rules_sealed=sealed)


def hours_of(begin: float) -> list[int]:
    """Give minutes of the day in Jakarta from a moment on, for an hour."""
    local = datetime.fromtimestamp(begin, zone_named(JAKARTA))
    minute = local.hour * 60 + local.minute
    return [minute, minute + 60]


def send(office: Office) -> list[str]:
    """Let the sender look at everything, now."""
    now = office.clock()
    with db.write(office.vault.engine) as connection:
        for one in connection.execute(sa.select(conversations.c.id)).scalars().all():
            make_due(connection, one, now)
    return [parcel.reply.text for parcel in pump(office.vault, now)]


def standing(office: Office, siti: Report) -> tuple[float | None, float | None, float]:
    """Give when it was answered, until when the next answer and until when the first is due."""
    with db.read(office.vault.engine) as connection:
        work = ticket_work.work_of(connection, siti.id)
        query = sa.select(tickets.c.first_response_due).where(tickets.c.id == siti.id)
        return (
            work.first_answer_at,
            work.next_response_due,
            connection.execute(query).scalar_one(),
        )


def late(office: Office, person: Person) -> bool:
    """Say whether it stands among the late ones."""
    with db.read(office.vault.engine) as connection:
        found = accounts.account(connection, office.vault.keyring, person.login)
        assert found
        lines = ticket_list.page(connection, found.staff, View.ESCALATED, now=office.clock())
    return bool(lines)


@pytest.fixture
def ani(office: Office) -> Person:
    """Hire who answers."""
    return office.hire("ani", Role.SUPERVISOR)


@pytest.fixture
def siti(office: Office, ani: Person) -> Report:
    """Let Siti write on Telegram, an hour before anybody answers."""
    found = office.report(channel=Channel.TELEGRAM, transport="telegram")
    office.clock.advance(HOUR)
    ani.log_in()  # an hour's silence ends a session
    ani.post(f"/tickets/{found.code}/take")
    return found


def test_the_clock_stands_still_until_her_hours_begin(
    office: Office, ani: Person, siti: Report
) -> None:
    """An hour of four was used up; three are left from the beginning of her hours on."""
    wrote = office.clock()
    begins = wrote + 5 * HOUR
    begins -= begins % 60
    told(office, siti, safe=[hours_of(begins)], tz=JAKARTA)
    assert reply(ani, siti, HELLO) == 303
    assert send(office) == []
    assert standing(office, siti) == (None, None, begins + FIRST - HOUR)
    page = ani.browser.get(f"/tickets/{siti.code}").text
    assert "Balasan ditahan sejak" in page
    assert "jawaban ditahan, tenggat menunggu" in page
    assert "Pertama dijawab:" not in page
    assert reply(ani, siti, "Satu lagi.") == 303
    assert standing(office, siti)[2] == begins + FIRST - HOUR, "a second one puts off nothing"
    office.clock.advance(4.5 * HOUR)
    ani.log_in()
    assert not late(office, ani)
    office.clock.advance(begins + 60 - office.clock())
    assert send(office)[-2:] == [HELLO, "Satu lagi."]
    assert standing(office, siti)[:2] == (office.clock(), None)
    page = ani.browser.get(f"/tickets/{siti.code}").text
    assert "Pertama dijawab:" in page
    assert "Balasan ditahan sejak" not in page


@pytest.mark.parametrize("rules", [{"unclear": True}, {"do_not_write": True}])
def test_where_nobody_knows_when_it_begins_anew_once_and_then_is_late(
    office: Office, ani: Person, siti: Report, rules: dict[str, object]
) -> None:
    """Somebody above must hear of a caller whom nobody can reach."""
    told(office, siti, **rules)
    wrote = office.clock()
    assert reply(ani, siti, HELLO) == 303
    assert send(office) == []
    assert standing(office, siti) == (None, None, wrote + FIRST)
    office.clock.advance(HOUR)
    ani.log_in()
    assert reply(ani, siti, "Masih di sana?") == 303
    assert standing(office, siti)[2] == wrote + FIRST
    assert not late(office, ani)
    office.clock.advance(3 * HOUR + 1)
    assert late(office, ani)


def test_what_was_late_before_the_reply_stays_late(
    office: Office, ani: Person, siti: Report
) -> None:
    """Writing what cannot go out is no way to be in time."""
    told(office, siti, unclear=True)
    office.clock.advance(FIRST)
    ani.log_in()
    due = standing(office, siti)[2]
    assert reply(ani, siti, HELLO) == 303
    assert standing(office, siti) == (None, None, due)
    assert late(office, ani)


def test_sent_all_the_same_it_is_the_answer(office: Office, ani: Person, siti: Report) -> None:
    """From the moment it goes out, not from the click."""
    told(office, siti, unclear=True)
    assert reply(ani, siti, HELLO) == 303
    send(office)
    assert ani.post(f"/tickets/{siti.code}/release", to=siti.conversation).status_code == 303
    assert standing(office, siti)[0] is None
    office.clock.advance(30)
    assert send(office)[-1] == HELLO
    assert standing(office, siti)[:2] == (office.clock(), None)
    assert not late(office, ani)


def test_behind_a_shut_window_it_waits_for_her(office: Office, ani: Person) -> None:
    """What she writes to let it out waits for an answer of its own while a person has her."""
    siti = office.report()
    ani.post(f"/tickets/{siti.code}/take")
    with db.write(office.vault.engine) as connection:
        change(connection, siti.conversation, heard_at=office.clock() - 30 * HOUR)
    wrote = office.clock()
    assert reply(ani, siti, HELLO) == 303
    send(office)
    assert standing(office, siti) == (None, None, wrote + FIRST)
    heard = office.clock.advance(60)
    with db.write(office.vault.engine) as connection:
        change(connection, siti.conversation, heard_at=heard)
        ticket_deadlines.heard(connection, siti.conversation, now=heard)
    office.clock.advance(5)
    assert HELLO in send(office)
    assert standing(office, siti)[:2] == (office.clock(), heard + FIRST)


def test_the_next_answer_is_held_like_the_first(office: Office, ani: Person, siti: Report) -> None:
    """She was answered once; what she wrote since waits until the reply is out."""
    assert reply(ani, siti, HELLO) == 303
    first = office.clock()
    send(office)
    heard = office.clock.advance(60)
    with db.write(office.vault.engine) as connection:
        ticket_deadlines.heard(connection, siti.conversation, now=heard)
    told(office, siti, unclear=True)
    wrote = office.clock.advance(60)
    assert reply(ani, siti, "Sebentar.") == 303
    send(office)
    assert standing(office, siti)[:2] == (first, wrote + FIRST)
    told(office, siti)
    office.clock.advance(60)
    assert send(office) == ["Sebentar."]
    assert standing(office, siti)[:2] == (first, None)


def test_what_she_writes_before_the_sender_is_through_is_not_answered_by_it(
    office: Office, ani: Person, siti: Report
) -> None:
    """A reply that nothing holds counted when it was written, and only for what was said then."""
    assert reply(ani, siti, HELLO) == 303
    heard = office.clock.advance(1)
    with db.write(office.vault.engine) as connection:
        change(connection, siti.conversation, heard_at=heard)
        ticket_deadlines.heard(connection, siti.conversation, now=heard)
    office.clock.advance(1)
    assert HELLO in send(office)
    assert standing(office, siti)[1] == heard + FIRST


def test_the_page_of_another_tells_it_in_words(office: Office, ani: Person, siti: Report) -> None:
    """The hold, since when, and no raw word of ours."""
    told(office, siti, unclear=True)
    reply(ani, siti, HELLO)
    send(office)
    page = office.hire("budi", Role.RESPONDER).browser.get(f"/tickets/{siti.code}").text
    events = re.search(r'<ul class="events">.*?</ul>', page.split("events-title")[-1], re.DOTALL)
    assert events
    assert "answer_held" not in events[0]
    moment = datetime.fromtimestamp(office.clock(), zone_named(JAKARTA))
    assert moment.strftime("%d.%m.%Y %H:%M") in page.split("held-since")[1]
