"""Every reading leaves a line, no refresh leaves another, and who may reads the log on a page."""

from __future__ import annotations

import hashlib

import pytest

from hotline.staff import Role
from store import audit, audit_reading, db, exports
from store.ticket_changes import flag_conflict
from tests.console.conftest import Office, Person, Report
from tests.console.counted import many
from tests.console.test_personal_export import make
from tests.fakes import BUDI


def details(office: Office, action: str) -> list[dict[str, object]]:
    with db.read(office.vault.engine) as connection:
        found = audit.newest(connection, limit=500)
    return [line["details"] for line in found if line["action"] == action]


def read(person: Person, report: Report, path: str) -> None:
    if path == "refused":
        assert person.post(f"/tickets/{report.code}/reveal", reason="x").status_code == 422
    else:
        assert person.browser.get(f"/tickets/{report.code}{path}").status_code == 200


@pytest.mark.parametrize(
    "path", ["", "/body", "refused", "/links", "/referrals", "/verification", "/follow-ups"]
)
def test_every_way_to_a_ticket_leaves_one_line_in_ten_minutes(office: Office, path: str) -> None:
    """A refused form shows the story too; an open page that asks anew is one reading."""
    ani, eka, siti = (
        office.hire("ani", Role.SUPERVISOR), office.hire("eka", Role.SUPERVISOR), office.report()
    )  # fmt: skip
    for _ in range(3):
        read(ani, siti, path)
        office.clock.advance(60)
    assert office.logged("ticket_read") == 1
    read(eka, siti, "")
    assert office.logged("ticket_read") == 2
    office.clock.advance(601)
    read(ani, siti, path)
    assert office.logged("ticket_read") == 3
    read(ani, office.report(address=BUDI), path)
    assert office.logged("ticket_read") == 4


def test_one_message_read_by_itself_is_no_reading_of_all(office: Office) -> None:
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    ani.browser.get(f"/tickets/{siti.code}/messages/{siti.message}/meaning")
    ani.browser.get(f"/tickets/{siti.code}")
    assert details(office, "ticket_read") == [{}, {"message": siti.message}]


def test_an_export_s_line_names_its_tickets(office: Office) -> None:
    """Of very many a sum over the codes, which whoever has the file can make again."""
    eka, siti = office.hire("eka", Role.SUPERVISOR, region="35"), office.report(region="3578")
    office.report(address=BUDI, region="5371")
    year = exports.year_of(office.clock())
    eka.post("/exports", table="work", year=year, form="csv")
    [line] = details(office, "exported")
    assert line["codes"] == [siti.code]
    assert (line["year"], line["scope"], line["lines"]) == (year, "35", 1)
    assert make(office, eka).status_code == 200
    [line] = details(office, "personal_exported")
    assert (line["codes"], line["scope"], line["lines"]) == ([siti.code], "35", 1)
    codes = [one.code for one in many(office, {"3578": 200})] + [siti.code]
    eka.post("/exports", table="work", year=year, form="csv")
    [line, _] = details(office, "exported")
    wanted = hashlib.sha256("".join(f"{code}\n" for code in sorted(codes)).encode()).hexdigest()
    assert line["codes_sha256"] == wanted
    assert (line["lines"], "codes" in line) == (201, False)


def test_an_auditor_reads_the_log_narrows_it_and_pages_on(office: Office) -> None:
    """Who, what, about what; no word that was said, for there is none in it."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report("nama saya Siti Aminah")
    auditor = office.hire("wira", Role.AUDITOR)
    ani.browser.get(f"/tickets/{siti.code}")
    page = auditor.browser.get("/log").text
    assert siti.code in page
    assert "membaca tiket" in page
    assert "Aminah" not in page
    assert 'href="/log"' in auditor.browser.get("/account").text
    narrowed = auditor.browser.get("/log", params={"about": siti.code.lower(), "actor": "Ani"}).text
    assert "membaca tiket" in narrowed
    assert '<td data-label="Apa">masuk</td>' not in narrowed
    entered = auditor.browser.get("/log?kind=access").text
    assert "masuk" in entered
    assert siti.code not in entered
    assert "Tidak ada baris." in auditor.browser.get("/log?actor=nobody").text
    for _ in range(audit_reading.PAGE):
        ani.post("/search", q="x")
    first = auditor.browser.get("/log").text
    assert siti.code not in first
    older = first.split("before=", 1)[1].split('"', 1)[0]
    assert siti.code in auditor.browser.get(f"/log?before={older}").text
    assert office.logged("log_read") == 1


def test_a_supervisor_reads_of_her_own_tickets_only(office: Office) -> None:
    """Not of one that a conflict hides from her, also not as found by somebody else's search."""
    eka, near = (
        office.hire("eka", Role.SUPERVISOR),
        office.hire("near", Role.SUPERVISOR, region="5371"),
    )
    siti, budi = office.report(region="5371"), office.report(address=BUDI, region="5371")
    eka.browser.get(f"/tickets/{siti.code}")
    eka.browser.get(f"/tickets/{budi.code}")
    eka.post(f"/tickets/{siti.code}/link", other=budi.code)
    assert budi.code in near.browser.get("/log").text
    with db.write(office.vault.engine) as connection:
        flag_conflict(connection, budi.id, message_id=None, now=office.clock())
    page = near.browser.get("/log").text
    assert siti.code in page
    assert budi.code not in page
    assert audit_reading.UNSEEN in page
    assert "masuk</td>" not in page, "log-ins are the auditor's"
    assert near.browser.get("/log", params={"about": budi.code}).text.count("<tr>") == 0


def test_who_a_conflict_is_about_reads_nothing_of_it(office: Office) -> None:
    """Also after it was lifted; the auditor does."""
    eka, siti = office.hire("eka", Role.SUPERVISOR), office.report(region="5371")
    near, auditor = (
        office.hire("near", Role.SUPERVISOR, region="5371"),
        office.hire("w", Role.AUDITOR),
    )
    path = f"/tickets/{siti.code}/conflict"
    eka.post(path, of="place", reason="ipar perekrutnya", sure="true")
    assert siti.code not in near.browser.get("/log").text
    eka.post(f"{path}/lift", of="place", reason="ternyata bukan dia")
    page = near.browser.get("/log").text
    assert "conflict" not in page
    assert "mencabut konflik kepentingan" in auditor.browser.get("/log").text
