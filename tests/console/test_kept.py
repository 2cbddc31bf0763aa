"""What the desk reads about retention: what was cleared, what will be, and whose it is."""

from __future__ import annotations

import sqlalchemy as sa

from hotline.notices import Kind, Way
from hotline.staff import Role
from hotline.tickets import State
from store import db, inbox, notice_ways, notices, retention
from store import staff as accounts
from store.console_tables import staff, ticket_work
from store.duty_tables import notices as notices_table
from store.ticket_changes import move
from store.ticket_work import assign
from tests.console.conftest import Office, Person, Report
from tests.console.test_follow_ups import close
from tests.fakes import BUDI

DAY = 86400.0


def ended(office: Office, report: Report) -> None:
    """Close a ticket and let nearly five years pass."""
    ani = office.hire("ani", Role.RESPONDER)
    with db.write(office.vault.engine) as connection:
        inbox.finish(connection, report.message, outcome="bot", now=office.clock())
        for state in (State.TRIAGED, State.ASSIGNED, State.IN_PROGRESS, State.RESOLVED):
            move(connection, report.id, state, actor="ani", now=office.clock())
    close(office, ani, report, "advice_given")
    office.clock.advance(1800 * DAY)


def test_a_months_notice_stands_on_the_ticket_and_with_its_owner(office: Office) -> None:
    """In the console; somebody else's reminders do not hold it."""
    siti = office.report()
    budi = office.report(address=BUDI)
    ended(office, siti)
    dewi, eka = (office.hire(name, Role.RESPONDER) for name in ("dewi", "eka"))
    with db.write(office.vault.engine) as connection:
        query = sa.text("SELECT id FROM staff WHERE login = 'dewi'")
        hers = connection.execute(query).scalar_one()
        assign(connection, siti.id, staff_id=hers, unit="", actor="x", now=office.clock())
    page = dewi.browser.get(f"/tickets/{siti.code}").text
    assert 'id="clears"' in page
    assert "tahan di Periksa data" in page
    assert 'id="clears"' not in dewi.browser.get(f"/tickets/{budi.code}").text
    assert siti.code in dewi.browser.get("/reminders").text
    assert budi.code not in dewi.browser.get("/reminders").text
    assert siti.code not in eka.browser.get("/reminders").text


def test_what_nobody_holds_is_a_supervisors(office: Office) -> None:
    """And no notice is given of what a hold keeps."""
    siti = office.report()
    ended(office, siti)
    chief, eka = office.hire("chief", Role.SUPERVISOR), office.hire("eka", Role.RESPONDER)
    assert siti.code in chief.browser.get("/reminders").text
    assert siti.code not in eka.browser.get("/reminders").text
    with db.write(office.vault.engine) as connection:
        connection.execute(sa.update(ticket_work).values(legal_hold=True))
    assert siti.code not in chief.browser.get("/reminders").text
    assert 'id="clears"' not in chief.browser.get(f"/tickets/{siti.code}").text


def test_more_than_a_month_before_nothing_is_said(office: Office) -> None:
    """A date years away helps nobody."""
    siti = office.report()
    ended(office, siti)
    office.clock.advance(-10 * DAY)
    chief = office.hire("chief", Role.SUPERVISOR)
    assert siti.code not in chief.browser.get("/reminders").text
    assert 'id="clears"' not in chief.browser.get(f"/tickets/{siti.code}").text


def test_a_cleared_ticket_says_so_and_can_still_be_read(office: Office) -> None:
    """With the date and a line in its log; who would reply is told why she cannot."""
    siti = office.report("paspor saya diambil")
    ended(office, siti)
    office.clock.advance(30 * DAY)
    cleared = retention.clear(office.vault, office.settings, now=office.clock())
    assert cleared is not None
    chief = office.hire("chief", Role.SUPERVISOR)
    page = chief.browser.get(f"/tickets/{siti.code}").text
    assert 'id="cleared"' in page
    assert "paspor saya diambil" not in page
    assert "isi dihapus menurut aturan penyimpanan" in page
    assert "Alamat pelapor sudah dihapus" in page
    form = {"text": "halo", "to": siti.conversation, "mark": "m"}
    assert chief.post(f"/tickets/{siti.code}/reply", **form).status_code == 409
    assert office.sent(siti) == []
    for path in ("links", "referrals", "follow-ups", "verification"):
        assert chief.browser.get(f"/tickets/{siti.code}/{path}").status_code == 200


def test_a_caller_who_asks_is_cleared_with_a_fresh_code_and_only_once_it_ended(
    office: Office,
) -> None:
    """A data officer does it; a wrong code, no ground and an open ticket change nothing."""
    siti, budi = office.report("rahasia Siti"), office.report(address=BUDI)
    dewi, eka = office.hire("dewi", Role.DATA_OFFICER), office.hire("eka", Role.RESPONDER)
    ended(office, siti)
    office.fact(siti, "data_request", "delete")
    office.clock.advance(DAY)

    def ask(who: Person, which: Report, reason: str, code: str) -> tuple[int, str]:
        said = who.post(f"/tickets/{which.code}/erase", reason=reason, code=code)
        return said.status_code, said.text

    def fresh() -> str:
        office.clock.advance(30)
        return dewi.code()

    dewi.log_in()
    eka.log_in(code=eka.code())
    assert "Kode tidak cocok" in ask(dewi, siti, "diminta", "000000")[1]
    assert "Tulis dasar menghapus" in ask(dewi, siti, "  ", fresh())[1]
    assert "Tiket masih terbuka" in ask(dewi, budi, "diminta", fresh())[1]
    office.clock.advance(30)
    assert ask(eka, siti, "diminta", eka.code())[0] == 403
    assert "rahasia Siti" in dewi.browser.get(f"/tickets/{siti.code}").text
    assert ask(dewi, siti, "diminta lewat telepon", fresh())[0] == 303
    page = dewi.browser.get(f"/tickets/{siti.code}").text
    assert "atas permintaan pelapor" in page
    assert "rahasia Siti" not in page
    assert "diminta lewat telepon" in page
    assert office.logged("ticket_erased") == 1


def erase(office: Office, who: Person, which: Report) -> str:
    """Try to clear a ticket with a fresh code; says what the page answers."""
    office.clock.advance(30)
    who.log_in()
    office.clock.advance(30)
    path = f"/tickets/{which.code}/erase"
    said = who.post(path, reason="diminta lewat telepon", code=who.code())
    return said.text if said.status_code != 303 else "done"


def test_nobody_clears_a_ticket_alone_or_at_once(office: Office) -> None:
    """A wish must stand there, a day old, written down by another person; it can be taken back."""
    siti = office.report("rahasia Siti")
    dewi, chief = office.hire("dewi", Role.DATA_OFFICER), office.hire("chief", Role.SUPERVISOR)
    ended(office, siti)
    assert "Belum ada permintaan hapus" in erase(office, dewi, siti)
    path = f"/tickets/{siti.code}/erasure-request"
    assert dewi.post(path, how=" ").status_code == 409
    assert dewi.post(path, how="telepon 3 Mei").status_code == 303
    chief.log_in()
    page = chief.browser.get(f"/tickets/{siti.code}").text
    assert "Permintaan menghapus isi tiket ini: dicatat Dewi" in page
    assert "telepon 3 Mei" in page
    assert "Tunggu 24 jam" in erase(office, chief, siti)
    office.clock.advance(DAY)
    assert "Anda sendiri yang mencatat" in erase(office, dewi, siti)
    assert dewi.post(path, how="salah tiket", cancelled="true").status_code == 303
    assert "Belum ada permintaan hapus" in erase(office, chief, siti)
    assert dewi.post(path, how="surat 5 Mei").status_code == 303
    office.clock.advance(DAY)
    assert erase(office, chief, siti) == "done"
    assert [office.logged(one) for one in ("erasure_asked", "erasure_cancelled")] == [2, 1]


def test_the_level_above_hears_of_a_wish_and_of_the_clearing(office: Office) -> None:
    """Who stands above can stop it within the day; whoever did it is not told."""
    siti = office.report(region="5371")
    kota = office.hire("kota", Role.SUPERVISOR, region="5371")
    prov = office.hire("prov", Role.SUPERVISOR, region="53")
    nas = office.hire("nas", Role.SUPERVISOR)
    ended(office, siti)
    with db.write(office.vault.engine) as connection:
        notices.set_open(connection, [Way.EMAIL])
        for login in ("kota", "prov", "nas"):
            one = accounts.account(connection, office.vault.keyring, login)
            assert one
            address = f"{login}@desk.example"
            notice_ways.set_email(connection, office.vault.keyring, one.staff.id, address)

    def told() -> list[str]:
        query = sa.select(staff.c.login).join(notices_table).order_by(notices_table.c.id)
        erasure = notices_table.c.kind == Kind.ERASURE.value
        with db.read(office.vault.engine) as connection:
            return list(connection.execute(query.where(erasure)).scalars())

    kota.log_in()
    path = f"/tickets/{siti.code}/erasure-request"
    assert kota.post(path, how="datang sendiri").status_code == 303
    assert told() == ["prov"]
    office.clock.advance(DAY)
    assert erase(office, prov, siti) == "done"
    assert told() == ["prov", "nas"]
    assert nas.log_in().status_code == 303
