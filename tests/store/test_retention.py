"""Retention: what the rules clear is gone, what counts stays, and what must stay is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from channels.retention import Clearing
from hotline.errors import Refused
from hotline.follow_ups import Standing, Topic
from hotline.messages import Channel
from hotline.retention import Rule
from hotline.staff import Staff
from hotline.tickets import State
from store import attachment_files, audit, db, exports, follow_ups, retention, ticket_list, tickets
from store.console_tables import follow_ups as follow_ups_table
from store.console_tables import referrals, ticket_work
from store.conversations import set_opted_out
from store.duty_tables import duty_handovers, duty_shifts
from store.erasure_on_request import erase_on_request
from store.figures import Asked
from store.leases import Holder, clock, take
from store.tables import attachments, conversation_events, conversations
from store.tables import tickets as ticket_table
from store.ticket_changes import move
from store.ticket_links import merge
from store.vault import Vault
from tests.fakes import BUDI, SITI, Clock, message, receive
from tests.store.conversations_of import conversation_of
from tests.store.kept import DAY, YEARS, Archive, chief, clear
from tests.store.people import ani


@pytest.fixture
def archive(vault: Vault, clock: Clock, tmp_path: Path) -> Archive:
    return Archive(vault, clock, tmp_path / "home")


def kinds(archive: Archive, ticket_id: int) -> list[str]:
    with db.read(archive.vault.engine) as connection:
        assert tickets.broken_line(connection, ticket_id) is None
        return [one["kind"] for one in ticket_list.events(connection, ticket_id)]


def test_a_ticket_that_ended_long_ago_tells_nothing_any_more(archive: Archive) -> None:
    """Facts, notes, labels, messages, the address, and the file on the disk."""
    one = archive.ticket()
    file = archive.photo(archive.conversation(one))
    archive.close(one)
    assert "Siti" in archive.words()
    assert SITI in archive.words()
    archive.clock.advance(YEARS)
    assert clear(archive)[Rule.CLOSED] == 1
    left = archive.words()
    assert not [word for word in ("Siti", "Kupang", "rahasia", SITI) if word in left]
    assert not file.exists()
    with db.read(archive.vault.engine) as connection:
        named = sa.select(ticket_work.c.next_owner_sealed)
        assert connection.execute(named).scalars().all() == [None]
        assert connection.execute(sa.select(attachments.c.state)).scalars().all() == ["erased"]


def test_what_counts_stays_with_one_line_that_says_why(archive: Archive) -> None:
    """Code, kind, regions, dates, outcome; the log fits, and names the rule."""
    one = archive.ticket()
    archive.close(one)
    query = sa.select(ticket_table).where(ticket_table.c.id == one)
    asked = Asked(chief(archive), 0.0, 1e12)
    with db.read(archive.vault.engine) as connection:
        before = connection.execute(query).mappings().one()
        counted = exports.statistics(connection, asked)
        work = exports.work_rows(connection, asked)
    archive.clock.advance(YEARS)
    clear(archive)
    with db.read(archive.vault.engine) as connection:
        after = connection.execute(query).mappings().one()
        assert exports.statistics(connection, asked) == counted
        assert exports.work_rows(connection, asked) == work
        [last, *_] = ticket_list.events(connection, one)
    assert {**before, "erased_at": archive.clock()} == dict(after)
    assert last["kind"] == "erased_by_retention"
    assert last["details"] == {"rule": "closed", "days": 1825}
    assert kinds(archive, one).count("erased_by_retention") == 1


def test_a_day_before_nothing_is_cleared(archive: Archive) -> None:
    """Counted from the closing, not from the opening."""
    one = archive.ticket()
    archive.clock.advance(30 * DAY)
    archive.close(one)
    archive.clock.advance(1825 * DAY - 60)
    assert set(clear(archive).values()) == {0}
    archive.clock.advance(120)
    assert clear(archive)[Rule.CLOSED] == 1


@pytest.mark.parametrize("why", ["hold", "follow_up", "referral", "restitution", "open"])
def test_what_must_stay_stays_until_the_reason_is_gone(archive: Archive, why: str) -> None:
    """A legal hold, open work with others, restitution that is not settled."""
    one = archive.ticket()
    archive.close(one)
    archive.clock.advance(YEARS)
    person = chief(archive)
    with db.write(archive.vault.engine) as connection:
        _hinder(connection, archive, one, why, person)
    assert retention.due(archive.vault, archive.settings.retention, now=archive.clock()) == {
        Rule.CLOSED: 0, Rule.MESSAGES: 0, Rule.HANDOVERS: 0,
    }  # fmt: skip
    clear(archive)
    assert "paspor Siti diambil" in archive.words()
    if why == "open":
        return  # it begins anew when it is closed again
    with db.write(archive.vault.engine) as connection:
        connection.execute(sa.update(ticket_work).values(legal_hold=False))
        connection.execute(sa.delete(follow_ups_table))
        connection.execute(sa.update(referrals).values(state="completed"))
    assert clear(archive)[Rule.CLOSED] == 1


def _hinder(connection: sa.Connection, archive: Archive, one: int, why: str, person: Staff) -> None:
    now = archive.clock()
    if why == "hold":
        connection.execute(sa.update(ticket_work).values(legal_hold=True))
    if why in {"follow_up", "restitution"}:
        row = {"ticket_id": one, "months": 12, "due_at": now}
        query = sa.insert(follow_ups_table).returning(follow_ups_table.c.id)
        made = connection.execute(query, row).scalar_one()
    if why == "restitution":
        said = {topic.value: Standing.GOOD.value for topic in Topic}
        said[Topic.RESTITUTION] = Standing.TROUBLE.value
        follow_ups.record(connection, archive.vault.keyring, made, said, "", by=person, now=now)
    if why == "referral":
        row = {
            "ticket_id": one, "staff_id": person.id, "unit": "uptd-ppa", "service": "shelter",
            "request_sealed": archive.vault.keyring.seal("x", "referrals.request"), "fields": [],
            "consent": "given", "state": "accepted", "at": now,
        }  # fmt: skip
        connection.execute(sa.insert(referrals), row)
    if why == "open":
        move(connection, one, State.IN_PROGRESS, actor="ani", now=now)


def test_a_caller_may_have_an_ended_ticket_cleared_a_day_later(archive: Archive) -> None:
    """Nothing of hers is left, nor the file; what counts stays, and who did it on what ground."""
    one = archive.ticket()
    photo = archive.photo(archive.conversation(one))
    archive.close(one)
    archive.asks(one)
    person, vault = chief(archive), archive.vault
    with db.write(vault.engine) as connection:
        erase_on_request(
            connection, vault.keyring, one, "diminta 1 Mei", by=person, now=archive.clock()
        )
    attachment_files.remove_erased(vault, archive.settings, archive.clock())
    words = archive.words()
    assert "paspor" not in words
    assert "Kupang" not in words
    assert "diminta 1 Mei" in words
    assert not photo.exists()
    assert kinds(archive, one)[:2] == ["noted", "erased_on_request"]
    with db.write(vault.engine) as connection, pytest.raises(Refused, match="erasure_done"):
        erase_on_request(
            connection, vault.keyring, one, "sekali lagi", by=person, now=archive.clock()
        )


@pytest.mark.parametrize("why", ["hold", "follow_up", "referral", "restitution", "open"])
def test_a_callers_wish_does_not_outweigh_what_the_law_keeps(archive: Archive, why: str) -> None:
    """It is said which it is, and nothing is lost."""
    one = archive.ticket()
    archive.close(one)
    archive.asks(one)
    person, vault = chief(archive), archive.vault
    with db.write(vault.engine) as connection:
        _hinder(connection, archive, one, why, person)
    with pytest.raises(Refused, match=f"erasure_{why}"), db.write(vault.engine) as connection:
        erase_on_request(connection, vault.keyring, one, "diminta", by=person, now=archive.clock())
    assert "paspor Siti diambil" in archive.words()


def test_a_merged_ticket_goes_with_the_one_that_speaks_for_it(archive: Archive) -> None:
    """And stays with it: a hold on one of the two keeps both."""
    one, two = archive.ticket(), archive.ticket(address=BUDI)
    person = chief(archive)
    with db.write(archive.vault.engine) as connection:
        merge(connection, two, one, by=person, now=archive.clock())
    archive.close(one)
    archive.clock.advance(YEARS)
    mine = ticket_work.c.ticket_id == two
    with db.write(archive.vault.engine) as connection:
        connection.execute(sa.update(ticket_work).where(mine).values(legal_hold=True))
    assert clear(archive)[Rule.CLOSED] == 0
    with db.write(archive.vault.engine) as connection:
        connection.execute(sa.update(ticket_work).where(mine).values(legal_hold=False))
    assert clear(archive)[Rule.CLOSED] == 1
    assert "Siti" not in archive.words()
    assert BUDI not in archive.words()
    assert {kinds(archive, id_)[0] for id_ in (one, two)} == {"erased_by_retention"}


def test_a_conversation_stays_as_long_as_one_of_its_tickets(archive: Archive) -> None:
    """Her old ticket is cleared, what she said stands on the new one."""
    old = archive.ticket()
    archive.close(old)
    archive.clock.advance(YEARS)
    new = archive.ticket()
    assert archive.conversation(old) == archive.conversation(new)
    assert clear(archive) == {Rule.CLOSED: 1, Rule.MESSAGES: 0, Rule.HANDOVERS: 0}
    assert SITI in archive.words()
    with db.read(archive.vault.engine) as connection:
        found = {
            one.id: one.known() for one in tickets.all_tickets(connection, archive.vault.keyring)
        }
    assert found[old] == {}
    assert found[new]["story"] == "paspor Siti diambil"


def test_who_still_writes_loses_only_what_is_old(archive: Archive) -> None:
    """Her ticket is cleared with its messages; what she asked yesterday and her number stay."""
    one = archive.ticket()
    archive.close(one)
    archive.clock.advance(YEARS)
    known = archive.talk("kursus bahasa di mana")
    archive.clock.advance(DAY)
    assert clear(archive) == {Rule.CLOSED: 1, Rule.MESSAGES: 0, Rule.HANDOVERS: 0}
    left = archive.words()
    assert "paspor" not in left
    assert "kursus bahasa" in left
    assert SITI in left
    archive.clock.advance(91 * DAY)
    assert clear(archive)[Rule.MESSAGES] == 1
    assert SITI not in archive.words()
    assert known == archive.conversation(one)


def test_a_silent_conversation_without_a_ticket_is_cleared_once(archive: Archive) -> None:
    """With a line in its log; running again finds nothing."""
    known = archive.talk()
    archive.clock.advance(89 * DAY)
    assert clear(archive)[Rule.MESSAGES] == 0
    archive.clock.advance(2 * DAY)
    assert clear(archive)[Rule.MESSAGES] == 1
    assert not [word for word in ("Taiwan", "rahasia", SITI, "77") if word in archive.words()]
    assert clear(archive)[Rule.MESSAGES] == 0
    e = conversation_events.c
    with db.read(archive.vault.engine) as connection:
        query = sa.select(e.kind, e.details).where(e.conversation_id == known)
        assert connection.execute(query).all() == [("erased_by_retention", {"rule": "messages"})]


def test_who_comes_back_begins_anew(archive: Archive) -> None:
    """Nothing leads from her number to what she once said."""
    known = archive.talk()
    archive.clock.advance(91 * DAY)
    clear(archive)
    assert archive.talk("halo lagi") != known


@pytest.mark.parametrize("why", ["neutral", "stop"])
def test_who_may_be_watched_or_wrote_stop_is_known_again(archive: Archive, why: str) -> None:
    """By the mark alone: her number is gone, and comes back with her next message."""
    known = archive.talk()
    mine = conversations.c.id == known
    with db.write(archive.vault.engine) as connection:
        if why == "neutral":
            connection.execute(sa.update(conversations).where(mine).values(neutral=True))
        else:
            set_opted_out(connection, known, out=True, now=archive.clock())
    mark = archive.index(known)
    archive.clock.advance(91 * DAY)
    assert clear(archive)[Rule.MESSAGES] == 1
    assert SITI not in archive.words()
    assert archive.index(known) == mark
    assert archive.talk("halo lagi") == known
    assert SITI in archive.words()


def test_a_message_that_nobody_answered_is_not_cleared(archive: Archive) -> None:
    """However old it is: something is wrong, and somebody has to look."""
    receive(archive.vault, message("tolong", at=archive.clock()))
    archive.clock.advance(91 * DAY)
    assert clear(archive)[Rule.MESSAGES] == 0
    assert "tolong" in archive.words()


def test_a_ticket_in_which_a_message_waits_is_not_cleared(archive: Archive) -> None:
    """Half of it would be gone, and the other half be shown as cleared."""
    one = archive.ticket()
    archive.close(one)
    receive(archive.vault, message("masih ada?", provider_id="late", at=archive.clock()))
    archive.clock.advance(YEARS)
    assert set(clear(archive).values()) == {0}
    with db.write(archive.vault.engine) as connection:
        connection.execute(sa.text("UPDATE inbox SET state = 'done'"))
    assert clear(archive)[Rule.CLOSED] == 1
    assert "masih ada" not in archive.words()


def test_a_message_on_its_way_in_keeps_its_number(archive: Archive) -> None:
    """The conversation was found, then cleared, then the message is stored: she is answered."""
    known = archive.talk()
    archive.clock.advance(91 * DAY)
    mark = archive.index(known)
    with db.write(archive.vault.engine) as connection:
        cleared = {"address_sealed": archive.vault.keyring.seal("", "conversations.address")}
        connection.execute(sa.update(conversations).values(erased_at=archive.clock(), **cleared))
    row = receive(archive.vault, message("halo", at=archive.clock(), channel=Channel.WHATSAPP))
    assert conversation_of(archive.vault, row) == known
    assert archive.index(known) == mark
    assert SITI in archive.words()


def test_zero_days_keep_for_ever(archive: Archive) -> None:
    """Each rule by itself."""
    archive.close(archive.ticket())
    archive.talk(address=BUDI)
    archive.env = {"SUAR_RETENTION_MESSAGES_DAYS": "0", "SUAR_RETENTION_CLOSED_DAYS": "0"}
    archive.clock.advance(100 * YEARS)
    assert set(clear(archive).values()) == {0}
    archive.env = {"SUAR_RETENTION_MESSAGES_DAYS": "0"}
    assert clear(archive) == {Rule.CLOSED: 1, Rule.MESSAGES: 0, Rule.HANDOVERS: 0}
    left = archive.words()
    assert "paspor" not in left
    assert SITI not in left
    assert BUDI in left


def test_hand_over_notes_go_too(archive: Archive) -> None:
    """They tell of callers, and nobody is shown them after two weeks."""
    who, now = ani(archive.vault), archive.clock()
    shift = {
        "staff_id": who, "begins_at": now, "ends_at": now, "zone": "Asia/Jakarta",
        "entered_by": who, "at": now,
    }  # fmt: skip
    with db.write(archive.vault.engine) as connection:
        query = sa.insert(duty_shifts).returning(duty_shifts.c.id)
        made = connection.execute(query, shift).scalar_one()
        note = archive.vault.keyring.seal("Siti menunggu", "duty_handovers.text")
        row = {"shift_id": made, "staff_id": who, "text_sealed": note, "tickets": [], "at": now}
        connection.execute(sa.insert(duty_handovers), row)
    assert clear(archive)[Rule.HANDOVERS] == 0
    archive.clock.advance(91 * DAY)
    found = retention.due(archive.vault, archive.settings.retention, now=archive.clock())
    assert found[Rule.HANDOVERS] == clear(archive)[Rule.HANDOVERS] == 1
    assert "Siti" not in archive.words()


def test_a_dry_run_counts_and_clears_nothing(archive: Archive) -> None:
    """The same numbers come out as of the run after it."""
    archive.close(archive.ticket())
    archive.talk(address=BUDI)
    archive.clock.advance(YEARS)
    before = archive.words()
    counted = retention.due(archive.vault, archive.settings.retention, now=archive.clock())
    assert archive.words() == before
    assert counted == clear(archive) == {Rule.CLOSED: 1, Rule.MESSAGES: 1, Rule.HANDOVERS: 0}


def stopped_before_its_commit(archive: Archive, one: int, how: type[BaseException]) -> None:
    rules = archive.settings.retention
    with db.write(archive.vault.engine) as connection:
        retention._clear_ticket(connection, archive.vault.keyring, rules, one, archive.clock())
        raise how


def test_broken_off_in_the_middle_it_goes_on(archive: Archive) -> None:
    """What is done is done once; what is not is done the next time, with one line each."""
    ids = [archive.ticket(address=f"+6281100000{n:02}") for n in range(3)]
    for one in ids:
        archive.close(one)
    archive.clock.advance(YEARS)

    class Killed(BaseException):
        """What a process meets that is ended."""

    def ended() -> bool:
        return False

    assert retention.clear(
        archive.vault, archive.settings, now=archive.clock(), go_on=ended
    ) is None  # fmt: skip
    with pytest.raises(Killed):
        stopped_before_its_commit(archive, ids[0], Killed)
    assert "paspor Siti diambil" in archive.words()
    with db.write(archive.vault.engine) as connection:
        done = retention._clear_ticket(  # and one after it
            connection, archive.vault.keyring, archive.settings.retention, ids[0], archive.clock()
        )
    assert done == 1
    assert clear(archive)[Rule.CLOSED] == 2
    assert clear(archive)[Rule.CLOSED] == 0
    assert [kinds(archive, one).count("erased_by_retention") for one in ids] == [1, 1, 1]


def test_what_is_taken_up_again_is_cleared_again(archive: Archive) -> None:
    """Its years begin anew when it is closed again."""
    one = archive.ticket()
    archive.close(one)
    archive.clock.advance(YEARS)
    clear(archive)
    with db.write(archive.vault.engine) as connection:
        move(connection, one, State.IN_PROGRESS, actor="ani", now=archive.clock())
        tickets.add_fact(
            connection, archive.vault.keyring, one, "story", "Siti menelepon lagi",
            said_by="ani", message_id=None, now=archive.clock(),
        )  # fmt: skip
        move(connection, one, State.RESOLVED, actor="ani", now=archive.clock())
        move(connection, one, State.CLOSED, actor="ani", now=archive.clock())
    assert clear(archive)[Rule.CLOSED] == 0
    archive.clock.advance(YEARS)
    assert clear(archive)[Rule.CLOSED] == 1
    assert "Siti" not in archive.words()


def test_the_audit_log_says_how_much_was_cleared(archive: Archive) -> None:
    """One line for each run, with counts and rules."""
    archive.close(archive.ticket())
    archive.clock.advance(YEARS)
    clear(archive)
    with db.read(archive.vault.engine) as connection:
        [line] = audit.newest(connection, limit=9)
        assert audit.verify(connection, archive.vault.keyring).broken is None
    assert (line["actor"], line["action"]) == ("clock", "retention_ran")
    assert line["details"] == {
        "closed": 1, "messages": 0, "handovers": 0, "rasa": 0, "messages_days": 90,
        "closed_days": 1825,
    }  # fmt: skip


def test_it_runs_once_a_day_and_in_one_process(archive: Archive) -> None:
    """Whoever holds the lease works; the others stand by."""
    clearing = Clearing(archive.vault, archive.settings, now=archive.clock)
    assert clearing.clear() is not None
    assert clearing.clear() is None
    assert clearing.clear(at_once=True) is not None
    archive.clock.advance(DAY)
    with db.write(archive.vault.engine) as connection:
        other = Holder("another", "elsewhere", 0.0)
        assert take(connection, "retention", other, seconds=3600, now=clock(connection)) is None
    assert clearing.clear() is None
    assert clearing.clear(at_once=True) is None
    with db.write(archive.vault.engine) as connection:
        connection.execute(sa.text("DELETE FROM leases"))
    assert clearing.clear() is not None
