"""Notices go out over a real mail server and a Bot API; who is down stops nobody else."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from channels.notices import LEASE, Mail, NoticeSender, make_roads, put_in_force
from channels.telegram.notices import TelegramNotices
from hotline.channel_settings import TelegramSettings
from hotline.duty_settings import MailSettings
from hotline.errors import Retry
from hotline.notices import Kind, Way
from hotline.settings import load_settings
from hotline.staff import Staff
from store import db, deadline_rules, leases, notice_ways, notices
from store.duty_tables import notices as notices_table
from store.leases import Holder
from store.notices import Standing
from store.vault import Vault
from tests import mail_server
from tests.duty import Station
from tests.fakes import Clock
from tests.mail_server import Mailbox
from tests.nobody import nobody_at
from tests.provider import TOKEN, Provider, serving


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Mailbox]:
    """Give a running mail server."""
    with mail_server.serving(tmp_path) as running:
        yield running


@pytest.fixture
def api() -> Iterator[Provider]:
    """Give a running Bot API."""
    with serving(Provider()) as running:
        yield running


@pytest.fixture
def station(vault: Vault, clock: Clock) -> Station:
    """Give an empty task force with both ways open."""
    made = Station(vault, clock)
    with db.write(vault.engine) as connection:
        notices.set_open(connection, list(Way))
    return made


def mail_of(box: Mailbox) -> MailSettings:
    return MailSettings(
        host="127.0.0.1", port=box.port, sender="suar@desk.test", name=mail_server.NAME,
        password=mail_server.PASSWORD, ca_file=box.ca_file,
    )  # fmt: skip


def telegram_of(api: Provider) -> TelegramSettings:
    return TelegramSettings(token=TOKEN, secret="", polling=True, api=api.url)


def tell(station: Station, *people: Staff, kind: Kind = Kind.ESCALATED, subject: str = "x") -> None:
    with db.write(station.vault.engine) as connection:
        ids = [person.id for person in people]
        notices.add(connection, ids, kind, subject, now=station.clock())


def look(station: Station, road: Mail | TelegramNotices, way: Way = Way.EMAIL) -> int:
    sender = NoticeSender(station.vault, {way: road}, now=station.clock)
    found = sender.look()
    sender.claim.give_back()
    return found


def standing(station: Station, way: Way = Way.EMAIL) -> Standing:
    with db.read(station.vault.engine) as connection:
        return next(one for one in notices.standings(connection) if one.way is way)


def states(station: Station) -> list[str]:
    with db.read(station.vault.engine) as connection:
        query = sa.select(notices_table.c.state).order_by(notices_table.c.id)
        return list(connection.execute(query).scalars())


def link(station: Station, person: Staff, chat: str) -> None:
    with db.write(station.vault.engine) as connection:
        code = notice_ways.ask_to_link(connection, person.id, now=station.clock())
        assert notice_ways.link(connection, station.vault.keyring, code, chat, now=station.clock())


def test_a_letter_goes_out_encrypted_and_says_nothing(station: Station, box: Mailbox) -> None:
    """Over STARTTLS, after a log-in; no code, no name, no address of the console."""
    ani = station.hire("ani")
    tell(station, ani)
    assert look(station, Mail(mail_of(box))) == 1
    [(address, letter)] = box.taken
    assert (address, box.encrypted) == ("ani@desk.test", [True])
    assert "Ada tiket yang melewati batas waktu. Buka konsol." in letter
    assert re.search(r"SR-|http|Ani\b", letter) is None
    assert states(station) == ["sent"]
    assert standing(station).sent_at == station.clock()


def test_who_reads_english_is_told_in_english(station: Station, box: Mailbox) -> None:
    """As the console is."""
    ani = station.hire("ani")
    with db.write(station.vault.engine) as connection:
        connection.execute(sa.text("update staff set language = 'en'"))
    tell(station, ani, kind=Kind.CRITICAL)
    look(station, Mail(mail_of(box)))
    assert "A critical ticket waits for an answer. Open the console." in box.taken[0][1]


def test_many_of_a_kind_are_one_message(station: Station, box: Mailbox) -> None:
    """A bad night must not be two hundred letters; another kind is another message."""
    ani = station.hire("ani")
    for number in range(30):
        tell(station, ani, subject=f"late:{number}")
    tell(station, ani, kind=Kind.CRITICAL, subject="critical:1")
    tell(station, ani, kind=Kind.CRITICAL, subject="critical:1")
    assert look(station, Mail(mail_of(box))) == 2
    assert (len(box.taken), states(station)) == (2, ["sent"] * 31)


def test_a_server_that_is_away_is_tried_again_more_and_more_rarely(
    station: Station, tmp_path: Path
) -> None:
    """The operator sees since when and why; once it is back, what waited goes out."""
    ani = station.hire("ani")
    with mail_server.serving(tmp_path) as first:
        settings = mail_of(first)
    tell(station, ani)
    begun, mail = station.clock(), Mail(settings)
    with nobody_at(settings.port):
        assert look(station, mail) == 0
        seen = standing(station)
        assert (seen.failures, seen.error) == (1, "ConnectionRefusedError")
        assert (seen.failing_since, seen.again_at, seen.waiting) == (begun, begun + 15, 1)
        station.clock.advance(14)
        assert (look(station, mail), standing(station).failures) == (0, 1), "left alone"
        station.clock.advance(2)
        assert (look(station, mail), standing(station).failures) == (0, 2)
        assert standing(station).again_at == station.clock() + 30
    station.clock.advance(31)
    with mail_server.serving(tmp_path, port=settings.port) as again:
        mail = Mail(replace(settings, ca_file=again.ca_file))
        assert look(station, mail) == 1
    healed = standing(station)
    assert (healed.failures, healed.failing_since, healed.waiting) == (0, None, 0)
    assert states(station) == ["sent"]


def test_what_is_too_old_is_not_sent_any_more(station: Station, tmp_path: Path) -> None:
    """ "Open the console" of yesterday only confuses."""
    ani = station.hire("ani")
    with mail_server.serving(tmp_path) as gone:
        settings = mail_of(gone)
    tell(station, ani)
    with nobody_at(settings.port):
        look(station, Mail(settings))
    station.clock.advance(6 * 3600 + 1)
    with mail_server.serving(tmp_path, port=settings.port) as box:
        assert look(station, Mail(replace(settings, ca_file=box.ca_file))) == 0
        assert box.taken == []
    assert states(station) == ["expired"]


def test_an_address_nobody_has_is_shown_to_its_owner_and_stops_nobody_else(
    station: Station, box: Mailbox
) -> None:
    """Until she mends it she cannot be reached, so that others are told instead."""
    ani, budi = station.hire("ani"), station.hire("budi")
    box.refuses.add("ani@desk.test")
    tell(station, ani, budi)
    assert look(station, Mail(mail_of(box))) == 1
    assert states(station) == ["refused", "sent"]
    assert (standing(station).refused, standing(station).failing_since) == (1, None)
    with db.write(station.vault.engine) as connection:
        keyring = station.vault.keyring
        assert notice_ways.ways_of(connection, keyring, ani.id).email_trouble == "refused (550)"
        assert notice_ways.reachable(connection) == {budi.id}
        notice_ways.set_email(connection, keyring, ani.id, "ani.baru@desk.test")
        assert notice_ways.reachable(connection) == {ani.id, budi.id}


def test_nothing_goes_out_unencrypted_or_to_a_server_that_cannot_prove_itself(
    station: Station, tmp_path: Path
) -> None:
    """Nor the password of the mail server."""
    tell(station, station.hire("ani"))
    with mail_server.serving(tmp_path, tls=False) as plain, pytest.raises(Retry, match="STARTTLS"):
        Mail(mail_of(plain)).send("ani@desk.test", "x")
    with mail_server.serving(tmp_path) as box:
        stranger = Mail(replace(mail_of(box), ca_file=""))
        with pytest.raises(Retry, match="SSLCertVerificationError"):
            stranger.send("ani@desk.test", "x")
        wrong = Mail(replace(mail_of(box), password="salah"))
        with pytest.raises(Retry, match=r"refuses \(535\)"):
            wrong.send("ani@desk.test", "x")
        box.busy = True
        with pytest.raises(Retry, match=r"not now \(451\)"):
            Mail(mail_of(box)).send("ani@desk.test", "x")
        assert box.taken == plain.taken == []


def test_a_linked_telegram_gets_the_notice(station: Station, api: Provider) -> None:
    """First that it is linked, then what waits; to that chat and no other."""
    ani = station.hire("ani", mail=False)
    link(station, ani, "4711")
    tell(station, ani)
    road = TelegramNotices(telegram_of(api))
    assert look(station, road, Way.TELEGRAM) == 2
    road.close()
    assert [(one.chat, one.text) for one in api.taken] == [
        ("4711", "Telegram ini sekarang menerima pemberitahuan Suar."),
        ("4711", "Ada tiket yang melewati batas waktu. Buka konsol."),
    ]


@pytest.mark.parametrize("fault", ["crowded", "error before taking", "cut off before taking"])
def test_telegram_that_is_down_is_left_alone_for_a_while(
    station: Station, api: Provider, fault: str
) -> None:
    """And e-mail goes on meanwhile."""
    api.faults = {fault: 1000}
    ani = station.hire("ani")
    link(station, ani, "4711")
    tell(station, ani)
    road = TelegramNotices(telegram_of(api))
    assert look(station, road, Way.TELEGRAM) == 0
    assert standing(station, Way.TELEGRAM).failures == 1
    assert standing(station, Way.EMAIL).failures == 0
    api.faults = {}
    station.clock.advance(16)
    assert look(station, road, Way.TELEGRAM) == 2
    road.close()


def test_a_code_works_once_for_minutes_and_for_an_open_account(station: Station) -> None:
    """What is guessed, late or used links nothing; a later code replaces an earlier."""
    ani, keyring = station.hire("ani", mail=False), station.vault.keyring
    with db.write(station.vault.engine) as connection:
        now = station.clock()
        first = notice_ways.ask_to_link(connection, ani.id, now=now)
        second = notice_ways.ask_to_link(connection, ani.id, now=now)
        assert not notice_ways.link(connection, keyring, first, "1", now=now)
        assert not notice_ways.link(connection, keyring, second, "1", now=now + 15 * 60 + 1)
        assert not notice_ways.link(connection, keyring, "MEJA-AAAAA-AAAAA", "1", now=now)
        assert notice_ways.link(connection, keyring, second.lower(), "1", now=now + 60)
        assert not notice_ways.link(connection, keyring, second, "2", now=now + 61)
        assert notice_ways.ways_of(connection, keyring, ani.id).telegram
        third = notice_ways.ask_to_link(connection, ani.id, now=now)
        connection.execute(sa.text("update staff set active = false"))
        assert not notice_ways.link(connection, keyring, third, "3", now=now)


def test_of_two_senders_one_sends_and_a_dead_one_s_notices_go_back(
    station: Station, box: Mailbox
) -> None:
    """Nobody is told twice because two workers run."""
    ani, mail = station.hire("ani"), Mail(mail_of(box))
    tell(station, ani)
    with db.write(station.vault.engine) as connection:
        now = leases.clock(connection)
        leases.take(connection, LEASE, Holder("other", "", 0.0), seconds=3600, now=now)
    assert look(station, mail) == 0
    with db.write(station.vault.engine) as connection:
        leases.give_back(connection, LEASE, "other")
        notices.take(connection, station.vault.keyring, Way.EMAIL, now=station.clock())
    assert (look(station, mail), states(station)) == (0, ["sending"])
    station.clock.advance(121)
    assert (look(station, mail), len(box.taken)) == (1, 1)


def test_the_sender_runs_beside_the_worker_and_ends_with_it(station: Station, box: Mailbox) -> None:
    """As `suar worker` starts it; a fault inside is noted, not thrown."""
    ani, stop = station.hire("ani"), threading.Event()

    class Broken(Mail):
        def send(self, address: str, text: str) -> None:
            """Be broken at first."""
            if not broken:
                broken.append(text)
                raise ValueError("a fault of ours")
            super().send(address, text)
            stop.set()

    broken: list[str] = []
    sender = NoticeSender(
        station.vault, {Way.EMAIL: Broken(mail_of(box))}, seconds=0.05, now=station.clock
    )
    tell(station, ani)
    with pytest.raises(ValueError, match="a fault of ours"):
        sender.look()
    station.clock.advance(121)
    thread = threading.Thread(target=sender.run, args=(stop,))
    thread.start()
    thread.join(120)
    assert not thread.is_alive()
    assert len(box.taken) == 1


def test_the_settings_decide_which_ways_there_are(vault: Vault, tmp_path: Path) -> None:
    """Written down at the worker's start, with the rules of deadlines, for every process."""
    env = {"SUAR_HOME": str(tmp_path), "SUAR_DEADLINES_HIGH": "1h/1h/2d"}
    with_mail = {**env, "SUAR_SMTP_HOST": "127.0.0.1", "SUAR_SMTP_FROM": "suar@desk.test"}
    for chosen, ways in ((with_mail, [Way.EMAIL]), (env, [])):
        settings = load_settings(chosen)
        put_in_force(vault, settings)
        with db.read(vault.engine) as connection:
            assert notices.open_ways(connection) == ways == list(make_roads(settings))
            assert deadline_rules.in_force(connection).words["high"] == "1h/1h/2d"
