"""Conflicts of interest by hand: told first, hidden at once, lifted from above, known to few."""

from __future__ import annotations

import pytest

from hotline.staff import Role
from store import db, ticket_conflicts, ticket_work
from store.ticket_changes import flag_conflict
from tests.console.conftest import Office, Person, Report
from tests.console.test_links import link_of

WHY = "Kepala dinas di sana ipar perekrutnya"


def hide(person: Person, report: Report, of: str, *, sure: str = "true", reason: str = WHY) -> int:
    path = f"/tickets/{report.code}/conflict"
    return person.post(path, of=of, reason=reason, sure=sure).status_code


def sees(person: Person, report: Report) -> bool:
    status = person.browser.get(f"/tickets/{report.code}").status_code
    assert status in {200, 404}
    listed = report.code in person.browser.get("/tickets?view=all").text
    found = "1 tiket ditemukan" in person.post("/search", q=report.code).text
    assert listed == found == (status == 200)
    return listed


@pytest.fixture
def people(office: Office) -> dict[str, Person]:
    """Hire somebody at every level, two in one office."""
    return {
        "kota": office.hire("kota", Role.RESPONDER, region="5371"),
        "rekan": office.hire("rekan", Role.RESPONDER, region="5371"),
        "prov": office.hire("prov", Role.SUPERVISOR, region="53"),
        "nas": office.hire("nas", Role.SUPERVISOR),
        "bantu": office.hire("bantu", Role.RESPONDER),
    }


def id_of(office: Office, login: str) -> int:
    from store import staff as accounts

    with db.read(office.vault.engine) as connection:
        found = accounts.account(connection, office.vault.keyring, login)
    assert found
    return found.staff.id


@pytest.mark.parametrize(
    ("of", "left"),
    [
        ("level:5371", {"prov", "nas", "bantu"}),
        ("level:53", {"nas", "bantu"}),
        ("place", {"prov", "nas", "bantu"}),
        ("kota", {"prov", "nas", "bantu"}),  # with the office: who shares it hears of it
        ("prov", {"nas", "bantu"}),
        ("bantu", {"kota", "rekan", "prov", "nas"}),  # the nation has no office to share
    ],
)
def test_who_is_involved_loses_the_ticket_at_once(
    office: Office, people: dict[str, Person], of: str, left: set[str]
) -> None:
    """By address, in lists, in the search; set by a responder, for safety comes first."""
    siti = office.report(region="5371")
    assert {name for name, one in people.items() if sees(one, siti)} == set(people)
    by = people["rekan" if of != "rekan" else "kota"]
    named = f"person:{id_of(office, of)}" if of in people else of
    assert hide(by, siti, named) == 303
    assert {name for name, one in people.items() if sees(one, siti)} == left
    assert office.logged("conflict_set") == 1
    page = people["nas"].browser.get(f"/tickets/{siti.code}").text
    assert "Disembunyikan dari:" in page
    assert WHY in page
    assert "⚑" in people["nas"].browser.get("/tickets").text


def test_it_is_told_before_it_happens(office: Office, people: dict[str, Person]) -> None:
    """Who loses sight, oneself among them; nothing is done by looking."""
    siti = office.report(region="5371")
    form = {"of": "level:5371", "reason": WHY}
    page = people["kota"].post(f"/tickets/{siti.code}/conflict", **form).text
    assert "Anda sendiri tidak akan melihat tiket ini lagi" in page
    assert "Kota, Rekan" in page
    assert WHY in page
    page = people["prov"].post(f"/tickets/{siti.code}/conflict", **form).text
    assert "Anda sendiri" not in page
    assert sees(people["kota"], siti)
    assert office.logged("conflict_set") == 0
    answer = people["kota"].post(f"/tickets/{siti.code}/conflict", sure="true", **form)
    assert answer.headers["location"] == "/tickets"
    form["of"] = "level:53"
    answer = people["nas"].post(f"/tickets/{siti.code}/conflict", sure="true", **form)
    assert answer.headers["location"].startswith(f"/tickets/{siti.code}")


@pytest.mark.parametrize("sure", ["", "true"])
@pytest.mark.parametrize(
    ("of", "reason", "words"),
    [
        ("level:5371", " ab ", "Tulis alasannya dahulu."),
        ("level:35", WHY, "Tidak ada, atau di luar wewenang Anda."),
        ("person:9999", WHY, "Tidak ada, atau di luar wewenang Anda."),
        ("person:x", WHY, "Tidak ada, atau di luar wewenang Anda."),
        ("anybody", WHY, "Tidak ada, atau di luar wewenang Anda."),
    ],
)
def test_a_form_that_says_nothing_is_refused(
    office: Office, of: str, reason: str, words: str, sure: str
) -> None:
    """In words, and the ticket stays where it is."""
    eka, siti = office.hire("eka", Role.SUPERVISOR), office.report(region="5371")
    answer = eka.post(f"/tickets/{siti.code}/conflict", of=of, reason=reason, sure=sure)
    assert answer.status_code == 409
    assert words in answer.text
    assert office.logged("conflict_set") == 0


def test_a_ticket_is_not_hidden_from_everybody(office: Office) -> None:
    """Somebody who can lift it must be left; nor twice for the same reason."""
    prov = office.hire("prov", Role.SUPERVISOR, region="53")
    office.hire("bantu", Role.RESPONDER)
    siti = office.report(region="5371")
    assert hide(prov, siti, "level:53") == 409
    assert sees(prov, siti)
    assert hide(prov, siti, "level:5371") == 303
    assert hide(prov, siti, "level:5371") == 409


def test_it_is_lifted_by_who_stands_above_with_a_reason(
    office: Office, people: dict[str, Person]
) -> None:
    """Not by a responder, not by a supervisor of the same level, not without a reason."""
    siti = office.report(region="5371")
    office.hire("kepala", Role.SUPERVISOR, region="5371")
    assert hide(people["rekan"], siti, f"person:{id_of(office, 'prov')}") == 303
    path = f"/tickets/{siti.code}/conflict/lift"
    form = {"of": f"person:{id_of(office, 'prov')}", "reason": "Sudah diperiksa, bukan dia"}
    assert people["bantu"].post(path, **form).status_code == 403
    assert people["prov"].post(path, **form).status_code == 404
    assert people["nas"].post(path, **{**form, "reason": ""}).status_code == 409
    assert people["nas"].post(path, **{**form, "of": "place"}).status_code == 409
    assert people["nas"].post(path, **form).status_code == 303
    assert all(sees(one, siti) for one in people.values())
    assert office.logged("conflict_lifted") == 1


def test_what_was_said_about_somebody_stays_with_those_above(
    office: Office, people: dict[str, Person]
) -> None:
    """Also after it was lifted: neither the line in the timeline nor the reason, nor by search."""
    siti = office.report(region="5371")
    hide(people["prov"], siti, "level:5371")
    people["prov"].post(
        f"/tickets/{siti.code}/conflict/lift", of="level:5371", reason="Ternyata orang lain"
    )
    for name, one in people.items():
        page = one.browser.get(f"/tickets/{siti.code}").text
        told = [WHY in page, "Ternyata orang lain" in page, "konflik kepentingan dicabut" in page]
        assert told == [name not in {"kota", "rekan"}] * 3, name
        assert "0 tiket ditemukan" in one.post("/search", q="ipar perekrutnya").text


def test_two_conflicts_are_lifted_one_by_one(office: Office, people: dict[str, Person]) -> None:
    """Two of one office: it stays hidden from the office until both are cleared."""
    siti = office.report(region="5371")
    ids = [id_of(office, name) for name in ("kota", "rekan")]
    assert hide(people["nas"], siti, f"person:{ids[0]}") == 303
    with db.read(office.vault.engine) as connection:
        held = ticket_conflicts.holding(connection, siti.id)
    assert [one.name for one in held] == [f"person:{ids[0]}"]
    assert hide(people["nas"], siti, "level:5371") == 303
    path = f"/tickets/{siti.code}/conflict/lift"
    people["nas"].post(path, of=f"person:{ids[0]}", reason="bukan dia")
    assert not sees(people["rekan"], siti)
    people["nas"].post(path, of="level:5371", reason="bukan mereka")
    assert sees(people["rekan"], siti)
    assert sees(people["kota"], siti)


def test_the_bots_mark_is_lifted_too(office: Office, people: dict[str, Person]) -> None:
    """It errs on the safe side; a person above decides."""
    siti = office.report(region="5371")
    with db.write(office.vault.engine) as connection:
        flag_conflict(connection, siti.id, message_id=None, now=office.clock())
    assert not sees(people["kota"], siti)
    path = f"/tickets/{siti.code}/conflict/lift"
    assert people["prov"].post(path, of="place", reason="kades itu penolong").status_code == 303
    assert sees(people["kota"], siti)


def test_who_held_it_holds_it_no_longer(office: Office, people: dict[str, Person]) -> None:
    """It goes to the unassigned ones above instead of lying where nobody can open it."""
    siti = office.report(region="5371")
    people["kota"].post(f"/tickets/{siti.code}/take")
    assert hide(people["prov"], siti, "level:5371") == 303
    with db.read(office.vault.engine) as connection:
        assert ticket_work.work_of(connection, siti.id).staff_id is None
    assert siti.code in people["prov"].browser.get("/tickets?view=unassigned").text
    assert "dilepas dari pemegangnya" in people["prov"].browser.get(f"/tickets/{siti.code}").text
    other = office.report(region="5371", address="+60123000009")
    people["prov"].post(f"/tickets/{other.code}/take")
    assert hide(people["prov"], other, "level:5371") == 303
    with db.read(office.vault.engine) as connection:
        held = ticket_work.work_of(connection, other.id).staff_id
    assert held == id_of(office, "prov")


def test_a_page_that_is_open_is_left(office: Office, people: dict[str, Person]) -> None:
    """What somebody involved has before them goes at the page's next look."""
    siti = office.report(region="5371")
    alone = {"hx-request": "true", "x-by-itself": "1"}
    for part in ("here", "body"):
        path = f"/tickets/{siti.code}/{part}"
        assert people["kota"].browser.get(path, headers=alone).status_code == 200
    assert hide(people["prov"], siti, "level:5371") == 303
    for part in ("here", "body"):
        answer = people["kota"].browser.get(f"/tickets/{siti.code}/{part}", headers=alone)
        assert (answer.status_code, answer.headers["hx-redirect"]) == (404, "/tickets")
        assert answer.text == ""


def test_a_merge_carries_it_along(office: Office, people: dict[str, Person]) -> None:
    """The other ticket is hidden from them as well, and above it can be lifted there."""
    siti = office.report(region="5371")
    budi = office.report("tolong", region="5371", address="+60123000009")
    assert hide(people["prov"], siti, "level:5371") == 303
    merged = people["prov"].post(f"/tickets/{siti.code}/merge", other=budi.code)
    assert merged.status_code == 303, merged.text
    assert not sees(people["kota"], budi)
    assert not sees(people["kota"], siti)
    assert "Disembunyikan dari:" in people["nas"].browser.get(f"/tickets/{budi.code}").text
    people["nas"].post(f"/tickets/{budi.code}/conflict/lift", of="level:5371", reason="bukan dia")
    assert sees(people["kota"], budi)


def test_a_merge_undone_lifts_nothing(office: Office, people: dict[str, Person]) -> None:
    """Who was kept from either is kept from both: to lift that takes who stands above."""
    siti = office.report(region="5371")
    budi = office.report("tolong", region="5371", address="+60123000009")
    assert hide(people["prov"], siti, "level:5371") == 303
    assert hide(people["nas"], budi, f"person:{id_of(office, 'bantu')}") == 303
    assert people["nas"].post(f"/tickets/{siti.code}/merge", other=budi.code).status_code == 303
    link = link_of(people["nas"].browser.get(f"/tickets/{siti.code}/links").text)
    assert people["nas"].post(f"/tickets/{siti.code}/unmerge", link=link).status_code == 303
    for one in (siti, budi):
        assert not sees(people["kota"], one)
        assert not sees(people["bantu"], one)
        assert sees(people["nas"], one)


def test_the_reason_is_sealed_and_in_no_log(office: Office, people: dict[str, Person]) -> None:
    """Neither in the ticket's log nor in the audit log."""
    from store import audit, ticket_list

    siti = office.report(region="5371")
    hide(people["prov"], siti, "level:5371")
    with db.read(office.vault.engine) as connection:
        told = str(ticket_list.events(connection, siti.id)) + str(
            audit.newest(connection, limit=99)
        )
    assert "ipar" not in told
