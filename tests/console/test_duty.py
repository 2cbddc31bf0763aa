"""Duty in the console: roster, hand-over, reminders, notices, and the alarm of an ended session."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import sqlalchemy as sa

from channels.escalation import Watch
from console import watch
from console.events import _stream
from console.live import Live
from hotline.notices import Way
from hotline.staff import Role
from hotline.tickets import Urgency
from store import db, news, notice_ways, notices, watching
from store import staff as accounts
from store.duty_tables import duty_handovers, duty_shifts
from store.staff import IDLE_SECONDS, LONGEST_SECONDS
from tests.console.conftest import Office, Person
from tests.console.test_live import _next, _session

HOUR = 3600.0
TODAY = "2024-11-22"  # of the tests' clock, which shows noon in Jakarta


def enter(supervisor: Person, login: str, begins: str, ends: str, **more: str) -> str:
    """Enter a shift of today; returns what the page says against it."""
    form = {"to": login, "day": TODAY, "begins": begins, "ends": ends, **more}
    answer = supervisor.post("/roster", **form)
    if answer.status_code == 303:
        return ""
    assert answer.status_code == 409
    found = re.search(r'id="problem">(.*?)</p>', answer.text, re.DOTALL)
    assert found
    assert all(f'value="{value}"' in answer.text for value in (begins, ends)), "typed stays"
    return html.unescape(found[1])


def test_a_supervisor_enters_shifts_and_everybody_sees_who_is_on_duty(office: Office) -> None:
    """In Jakarta's time, and in the shift's own where that is another."""
    eka, ani = office.hire("eka", Role.SUPERVISOR), office.hire("ani", Role.RESPONDER)
    assert "Tidak ada yang tercatat sedang jaga" in ani.browser.get("/tickets").text
    assert enter(eka, "ani", "11:30", "18:00") == ""
    page = ani.browser.get("/roster").text
    assert "Sedang jaga" in page
    assert "11:30–18:00 WIB" in page
    assert "sampai 18:00 WIB" in page
    assert 'action="/roster"' not in page, "a responder enters nobody"
    assert enter(eka, "ani", "16:00", "22:00", zone="Asia/Riyadh", day="2024-11-23") == ""
    page = ani.browser.get("/roster").text
    assert "20:00–02:00 WIB" in page
    assert "16:00–22:00 Asia/Riyadh" in page
    assert "<strong>Ani</strong> (sampai 18:00 WIB)" in ani.browser.get("/tickets").text
    assert office.logged("shift_entered") == 2
    assert "11:30" not in ani.browser.get("/roster?week=2024-12-02").text


def test_what_cannot_be_is_refused_in_plain_words(office: Office) -> None:
    """Overlap, too long, past, no such zone, no such place, not his to plan."""
    eka = office.hire("eka", Role.SUPERVISOR)
    office.hire("ani", Role.RESPONDER)
    ntt = office.hire("ntt", Role.SUPERVISOR, region="53")
    assert enter(eka, "ani", "14:00", "20:00") == ""
    assert "sudah punya giliran jaga" in enter(eka, "ani", "19:00", "23:00")
    assert "paling lama 12 jam" in enter(eka, "ani", "21:00", "20:00")
    assert "sudah lewat" in enter(eka, "ani", "08:00", "12:00")
    assert "zona waktu" in enter(eka, "ani", "21:00", "22:00", zone="Asia/Atlantis")
    assert "provinsi" in enter(eka, "ani", "21:00", "22:00", where="Atlantis")
    assert "Lebih dari satu" in enter(eka, "ani", "21:00", "22:00", where="kupang")
    assert "lingkup Anda" in enter(ntt, "ani", "21:00", "22:00")
    assert enter(eka, "ani", "20:00", "08:00", where="Kota Kupang") == ""
    for form in ({"day": "kapan"}, {"begins": "8"}, {"begins": "99:99"}):
        wrong = {"to": "ani", "day": TODAY, "begins": "21:00", "ends": "22:00", **form}
        assert eka.post("/roster", **wrong).status_code == 422
    assert eka.browser.get("/roster?week=kapan").status_code == 422
    with db.read(office.vault.engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(duty_shifts)).scalar() == 2


def test_a_shift_of_every_week_is_entered_once(office: Office) -> None:
    """For some weeks, at the same hour; if one cannot be, none is, and the day is named."""
    eka, ani = office.hire("eka", Role.SUPERVISOR), office.hire("ani", Role.RESPONDER)
    assert enter(eka, "ani", "21:00", "23:00", weeks="4") == ""
    for week in ("2024-11-18", "2024-11-25", "2024-12-02", "2024-12-09"):
        assert "21:00–23:00 WIB" in ani.browser.get(f"/roster?week={week}").text
    assert "21:00" not in ani.browser.get("/roster?week=2024-12-16").text
    said = enter(eka, "ani", "22:00", "23:30", day="2024-11-15", weeks="2")
    assert "sudah lewat" in said
    later = enter(eka, "ani", "22:00", "23:30", day=TODAY, weeks="1")
    assert "sudah punya giliran jaga" in later
    assert "Tidak satu pun" not in later
    assert enter(eka, "ani", "21:00", "23:00", day="2024-12-19") == ""
    said = enter(eka, "ani", "22:00", "23:30", day="2024-12-12", weeks="3")
    assert "19.12.2024: Orang ini sudah punya giliran jaga" in said
    assert "Tidak satu pun" in said
    assert "22:00" not in ani.browser.get("/roster?week=2024-12-12").text
    for weeks in ("0", "14", "x"):
        wrong = {"to": "ani", "day": TODAY, "begins": "05:00", "ends": "06:00", "weeks": weeks}
        assert eka.post("/roster", **wrong).status_code == 422
    assert office.logged("shift_entered") == 5


def test_a_shift_is_taken_back_by_the_supervisor_alone(office: Office) -> None:
    """And stands in the audit log."""
    eka, ani = office.hire("eka", Role.SUPERVISOR), office.hire("ani", Role.RESPONDER)
    west = office.hire("sby", Role.SUPERVISOR, region="35")
    enter(eka, "ani", "13:00", "18:00")
    with db.read(office.vault.engine) as connection:
        id_ = connection.execute(sa.select(duty_shifts.c.id)).scalar_one()
    assert ani.post(f"/roster/{id_}/cancel").status_code == 403
    assert west.post(f"/roster/{id_}/cancel").status_code == 409
    assert "13:00–18:00" in ani.browser.get("/roster").text
    assert eka.post(f"/roster/{id_}/cancel").status_code == 303
    assert "13:00–18:00" not in ani.browser.get("/roster").text
    assert office.logged("shift_cancelled") == 1


def test_lateness_is_told_in_words_on_list_and_ticket(office: Office) -> None:
    """How long, which deadline, and how far it has gone up."""
    eka, siti = office.hire("eka", Role.SUPERVISOR), office.report()
    page = eka.browser.get(f"/tickets/{siti.code}").text
    assert "Jawaban pertama paling lambat:" in page
    assert "Selesai ditangani paling lambat:" in page
    assert "terlambat" not in page
    office.clock.advance(6 * HOUR + 60)
    eka.log_in()
    Watch(office.vault, now=office.clock).look()
    for path in ("/tickets", "/tickets?view=escalated", f"/tickets/{siti.code}"):
        page = eka.browser.get(path).text
        assert "terlambat 2 jam" in page, path
        assert "naik ke nasional" in page, path
    assert "jawaban pertama" in eka.browser.get("/tickets").text
    events = eka.browser.get(f"/tickets/{siti.code}").text
    assert "lewat batas waktu (naik ke nasional, jawaban pertama)" in events
    eka.post("/account/language", language="en")
    assert "2 h late" in eka.browser.get("/tickets").text


def test_one_shift_hands_over_to_the_next(office: Office) -> None:
    """A note, what was burning, and the next one's word that it was read."""
    eka = office.hire("eka", Role.SUPERVISOR)
    ani, budi = office.hire("ani", Role.RESPONDER), office.hire("budi", Role.RESPONDER)
    siti = office.report(urgency=Urgency.CRITICAL)
    assert "<textarea" not in ani.browser.get("/handover").text
    assert ani.post("/handover", text="saya tidak jaga").status_code == 409
    enter(eka, "ani", "11:30", "13:00")
    enter(eka, "budi", "13:00", "20:00")
    assert siti.code in ani.browser.get("/handover").text
    assert ani.post("/handover", text=" ").status_code == 409
    said = "KBRI menelepon balik jam tiga <b>"
    assert ani.post("/handover", text=said).status_code == 303
    assert "Belum dibaca giliran berikutnya" in ani.browser.get("/handover").text
    assert "serah terima menunggu" not in budi.browser.get("/tickets").text, "not on duty yet"
    office.clock.advance(HOUR + 60)
    budi.log_in()
    assert "Catatan serah terima menunggu dibaca: 1" in budi.browser.get("/tickets").text
    page = budi.browser.get("/handover").text
    assert "KBRI menelepon balik jam tiga &lt;b&gt;" in page
    assert f'<a href="/tickets/{siti.code}">{siti.code}</a> (Gawat)' in page
    with db.read(office.vault.engine) as connection:
        id_ = connection.execute(sa.select(duty_handovers.c.id)).scalar_one()
    assert budi.post(f"/handover/{id_}/read").status_code == 303
    assert "Dibaca dan diterima:" in budi.browser.get("/handover").text
    assert eka.log_in().status_code == 303
    answer = eka.post(f"/handover/{id_}/read")
    assert (answer.status_code, "sudah diterima rekan lain" in answer.text) == (409, True)
    assert "menunggu dibaca" not in budi.browser.get("/tickets").text
    assert office.logged("handover_acknowledged") == 1


def open_ways(office: Office) -> None:
    with db.write(office.vault.engine) as connection:
        notices.set_open(connection, list(Way))


def test_somebody_enters_how_to_be_told_and_tries_it(office: Office) -> None:
    """A code for Telegram, an address for e-mail, a test; all of it one's own only."""
    ani = office.hire("ani", Role.RESPONDER)
    page = ani.browser.get("/account/notices").text
    assert "tidak memakai Telegram" in page
    assert "tidak mengirim e-mail" in page
    open_ways(office)
    first = ani.post("/account/notices/telegram").text
    found = re.search(r'id="code">(MEJA-\w{5}-\w{5})<', first)
    assert found
    assert found[1] not in ani.browser.get("/account/notices").text, "shown once"
    with db.write(office.vault.engine) as connection:
        keyring = office.vault.keyring
        assert notice_ways.link(connection, keyring, found[1], "4711", now=office.clock())
    assert "Tersambung." in ani.browser.get("/account/notices").text
    assert ani.post("/account/notices/email", address="bukan alamat").status_code == 409
    assert ani.post("/account/notices/email", address="ani@desk.test").status_code == 303
    assert 'value="ani@desk.test"' in ani.browser.get("/account/notices").text
    for _ in range(3):
        assert ani.post("/account/notices/test").status_code == 303
    page = ani.browser.get("/account/notices").text
    assert page.count("percobaan · menunggu") == 2, "one by each way, however often it is tried"
    assert ani.post("/account/notices/telegram/forget").status_code == 303
    assert "Belum tersambung." in ani.browser.get("/account/notices").text


def test_who_is_on_duty_and_cannot_be_reached_is_told_so(office: Office) -> None:
    """On the page one looks at, not in a manual."""
    eka, ani = office.hire("eka", Role.SUPERVISOR), office.hire("ani", Role.RESPONDER)
    open_ways(office)
    words = "tidak ada pemberitahuan yang sampai kepada Anda"
    assert words not in ani.browser.get("/tickets").text
    enter(eka, "ani", "11:30", "18:00")
    assert words in ani.browser.get("/tickets").text
    ani.post("/account/notices/email", address="ani@desk.test")
    assert words not in ani.browser.get("/tickets").text


def test_the_operator_sees_that_a_way_does_not_work(office: Office) -> None:
    """Since when, why, how many wait; never whom it was for."""
    sari = office.hire("sari", Role.OPERATOR)
    ani = office.hire("ani", Role.RESPONDER)
    assert sari.browser.get("/notices").text.count("Tidak ada pengaturannya") == 2
    open_ways(office)
    ani.post("/account/notices/email", address="ani@desk.test")
    ani.post("/account/notices/test")
    with db.write(office.vault.engine) as connection:
        taken = notices.take(connection, office.vault.keyring, Way.EMAIL, now=office.clock())
        notices.failed(connection, Way.EMAIL, taken, "ConnectionRefusedError", now=office.clock())
    page = sari.browser.get("/notices").text
    assert "Tidak berjalan sejak 22.11.2024 12:00 (ConnectionRefusedError)" in page
    assert "<dt>Menunggu</dt><dd>1</dd>" in page
    assert "ani" not in re.sub(r"<header.*?</header>", "", page, flags=re.DOTALL).lower().split()
    assert "ani@desk.test" not in page


async def _rings(stream: AsyncIterator[str]) -> str:
    return (await asyncio.wait_for(anext(stream), 60)).split("\n")[0]


def test_an_open_page_rings_for_those_on_duty_and_for_all_when_they_have_none_open(
    office: Office,
) -> None:
    """The others hear of the ticket too, only without the noise."""
    eka, ani = office.hire("eka", Role.SUPERVISOR), office.hire("ani", Role.RESPONDER)
    enter(eka, "ani", "11:30", "18:00")
    sessions = {one.login: _session(office, one) for one in (eka, ani)}

    async def run() -> None:
        live = Live(office.vault, seconds=0.05, now=office.clock)
        streams = {
            login: _stream(office.app.state.desk, live, session, token, office.clock())
            for login, (session, token) in sessions.items()
        }
        for stream in streams.values():
            await _next(stream)
        first = await asyncio.to_thread(office.report, urgency=Urgency.CRITICAL)
        heard = {login: (await _next(stream))[1] for login, stream in streams.items()}
        assert [one["codes"] for one in heard.values()] == [[first.code]] * 2
        assert (heard["eka"]["critical"], heard["ani"]["critical"]) == ([], [first.code])
        await streams["ani"].aclose()  # type: ignore[attr-defined]
        second = await asyncio.to_thread(
            office.report, address="+60123000007", urgency=Urgency.CRITICAL
        )
        assert (await _next(streams["eka"]))[1]["critical"] == [second.code]
        await streams["eka"].aclose()  # type: ignore[attr-defined]

    asyncio.run(run())


def idle(office: Office, person: Person) -> str:
    """Let somebody doze off; returns the cookie's token."""
    token = str(person.browser.cookies.get(office.app.state.desk.cookie))
    office.clock.advance(IDLE_SECONDS + 1)
    return token


def test_the_alarm_outlives_an_idle_session_of_somebody_on_duty(office: Office) -> None:
    """It rings without a code, a name or a number, and opens nothing else."""
    eka, ani = office.hire("eka", Role.SUPERVISOR), office.hire("ani", Role.RESPONDER)
    enter(eka, "ani", "11:30", "18:00")
    old = office.report(urgency=Urgency.CRITICAL)
    office.clock.advance(120)
    ani.browser.get("/tickets")
    token, desk = idle(office, ani), office.app.state.desk
    assert ani.browser.get(f"/tickets/{old.code}").status_code == 303
    alone = {"hx-request": "true", "x-by-itself": "1"}
    answer = ani.browser.get("/tickets", headers=alone)
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/watch")
    page = ani.browser.get("/watch")
    assert (page.status_code, old.code in page.text, "Ani" in page.text) == (200, False, False)

    async def run() -> list[str]:
        stream = watch.stream(desk, token, breath=0.01)
        quiet = await _rings(stream)
        west = {"address": "+60123000008", "urgency": Urgency.CRITICAL, "region": "35"}
        await asyncio.to_thread(lambda: office.report(**west))  # type: ignore[arg-type]
        said = [quiet, await _rings(stream), await _rings(stream)]
        office.clock.advance(6 * HOUR)
        return [*said, await _rings(stream)]

    assert asyncio.run(run()) == ["event: beat", "event: ring", "event: ring", "event: over"]


def test_an_ended_session_rings_for_nobody_else(office: Office) -> None:
    """Off duty, logged out, shut out, after twelve hours, or with no cookie: back to the log-in."""
    eka, ani = office.hire("eka", Role.SUPERVISOR), office.hire("ani", Role.RESPONDER)
    budi, siti = office.hire("budi", Role.RESPONDER), office.hire("siti", Role.RESPONDER)
    for login in ("ani", "siti"):
        enter(eka, login, "11:30", "23:00")
    siti.post("/logout")
    idle(office, ani)

    def refused(person: Person) -> bool:
        page, events = person.browser.get("/watch"), None
        if page.status_code == 303:
            events = person.browser.get("/watch/events").status_code
        return (page.status_code, events) == (303, 401)

    assert [refused(one) for one in (budi, siti, ani)] == [True, True, False]
    stranger = office.browser()
    assert stranger.get("/watch").status_code == 303
    assert stranger.get("/watch/events").status_code == 401
    with db.write(office.vault.engine) as connection:
        accounts.set_active(connection, "ani", active=False, now=office.clock())
    assert refused(ani)
    with db.write(office.vault.engine) as connection:
        accounts.set_active(connection, "ani", active=True, now=office.clock())
    office.invite_again(ani)
    ani.log_in()
    assert not refused(ani)
    office.clock.advance(LONGEST_SECONDS - HOUR)
    assert refused(ani), "the shift is over"


def test_twelve_hours_end_it_also_in_the_middle_of_a_shift(office: Office) -> None:
    """Nobody has shown a second factor since."""
    eka, ani = office.hire("eka", Role.SUPERVISOR), office.hire("ani", Role.RESPONDER)
    late = datetime.fromtimestamp(office.clock() + 8 * HOUR, UTC)
    assert late.hour == 13, "eight in the evening in Jakarta"
    enter(eka, "ani", "20:00", "08:00")
    office.clock.advance(9 * HOUR)
    assert ani.browser.get("/watch").status_code == 200
    office.clock.advance(3 * HOUR)
    assert ani.browser.get("/watch").status_code == 303


def test_what_rings_is_what_the_reader_may_see(office: Office) -> None:
    """One bit, but of the own scope."""
    ani = office.hire("ani", Role.RESPONDER, region="53")
    person, _ = _session(office, ani)
    office.report(urgency=Urgency.CRITICAL, region="35")
    with db.read(office.vault.engine) as connection:
        assert news.alarming(connection, 0.0)
        assert not watching.rings(connection, person.staff, 0.0)
    office.report(address="+60123000008", urgency=Urgency.CRITICAL, region="5371")
    with db.read(office.vault.engine) as connection:
        assert watching.rings(connection, person.staff, 0.0)
