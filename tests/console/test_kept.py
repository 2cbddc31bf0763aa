"""What the desk reads about retention: what was cleared, what will be, and whose it is."""

from __future__ import annotations

import sqlalchemy as sa

from hotline.staff import Role
from hotline.tickets import State
from store import db, inbox, retention
from store.console_tables import ticket_work
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
