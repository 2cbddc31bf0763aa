"""Searching and comparing undo neither masks nor anonymity, and the log says what was found."""

from __future__ import annotations

import pytest

from hotline.staff import Role
from store import audit, db
from store.ticket_changes import set_anonymous
from tests.console.conftest import Office, Person, Report
from tests.console.counted import change
from tests.fakes import BUDI, SITI


def finds(person: Person, report: Report, words: str) -> bool:
    return report.code in person.post("/search", q=words).text


def hide(office: Office, report: Report) -> None:
    with db.write(office.vault.engine) as connection:
        set_anonymous(connection, report.id, anonymous=True)


def hers(office: Office) -> Report:
    siti = office.report("tolong saya")
    for field, value in (
        ("caller_name", "Siti Aminah"), ("caller_phone", "081234567890"),
        ("shared_contact", "Ibu 0812-9999-8888"), ("story", "paspor diambil, calo 0813 5555 6666"),
    ):  # fmt: skip
        office.fact(siti, field, value)
    return siti


@pytest.mark.parametrize(
    "words",
    [SITI, "Siti Aminah", "aminah siti", "Siti", "aminah", "0812 3456 7890", "+6281299998888",
     "paspor", "081355556666", "0813 5555"],
)  # fmt: skip
def test_a_whole_name_and_a_whole_number_find_a_ticket(office: Office, words: str) -> None:
    """In any spelling; what stands open on the page is found by parts too."""
    ani, siti = office.hire("ani", Role.RESPONDER), hers(office)
    assert finds(ani, siti, words)


@pytest.mark.parametrize(
    "words",
    ["Sit", "amina", "siti amina", "0812", "08123456", "081234567", "0812345678", "8123456789",
     "99998888", "60123000", "6012300000"],
)  # fmt: skip
def test_no_part_of_what_is_masked_is_found(office: Office, words: str) -> None:
    """Else sixty-five searches spell out a number that nobody opened with a reason."""
    ani, siti = office.hire("ani", Role.RESPONDER), hers(office)
    assert not finds(ani, siti, words)


@pytest.mark.parametrize(
    "words", [SITI, "Siti Aminah", "081234567890", "+6281299998888", "Wati Lestari", "Ruko Lima"]
)
def test_who_does_not_want_to_be_known_is_not_found(office: Office, words: str) -> None:
    """Nor by the names of her people; by what stands open in her story she is."""
    ani, siti = office.hire("ani", Role.RESPONDER), hers(office)
    ani.post(f"/tickets/{siti.code}/victims", name="Wati Lestari", whereabouts="Ruko Lima")
    assert finds(ani, siti, words)
    hide(office, siti)
    assert not finds(ani, siti, words)
    assert finds(ani, siti, "paspor")
    assert finds(ani, siti, siti.code)


def test_her_older_ticket_does_not_give_her_away(office: Office) -> None:
    """She told her name when she asked about wages, and hides now: the phone is the same."""
    first = hers(office)
    change(office, first, state="closed")
    office.clock.advance(86400)
    second, ani = office.report("jangan sebut nama saya"), office.hire("ani", Role.RESPONDER)
    hide(office, second)
    for words in (SITI, "Siti Aminah", "081234567890"):
        assert not finds(ani, first, words), words
        assert not finds(ani, second, words), words
    shown = ani.post(f"/tickets/{first.code}/reveal", reason="mau menelepon").text
    assert SITI not in shown
    assert "Siti Aminah" not in shown
    assert "Pelapor tidak mau dikenal" in shown


def test_a_number_typed_in_does_not_find_her_among_those_alike(office: Office) -> None:
    """Neither her address nor the numbers she told; a recruiter they both name does."""
    ani, siti, budi = office.hire("ani", Role.RESPONDER), hers(office), office.report(address=BUDI)
    office.fact(budi, "phone", SITI)
    office.fact(budi, "evidence", "nomornya 081234567890")
    path = f"/tickets/{budi.code}/links"
    assert siti.code in ani.browser.get(path).text
    hide(office, siti)
    assert siti.code not in ani.browser.get(path).text
    assert budi.code not in ani.browser.get(f"/tickets/{siti.code}/links").text
    for one in (siti, budi):
        office.fact(one, "recruiter", "PT Maju Jaya Abadi")
    assert siti.code in ani.browser.get(path).text


def test_the_log_names_what_was_found_and_not_what_was_looked_for(office: Office) -> None:
    ani, siti = office.hire("ani", Role.RESPONDER), hers(office)
    finds(ani, siti, "Siti Aminah")
    finds(ani, siti, "tidak ada")
    with db.read(office.vault.engine) as connection:
        lines = [one for one in audit.newest(connection, limit=20) if one["action"] == "search"]
    assert [one["details"] for one in lines] == [
        {"found": 0, "codes": []},
        {"found": 1, "codes": [siti.code]},
    ]


def test_the_name_of_a_caller_who_hides_is_not_open_among_her_people(office: Office) -> None:
    """Written down as "self" it is she; the page about her alone is read with its own line."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    ani.post(f"/tickets/{siti.code}/victims", name="Siti Aminah", relation="self")
    ani.post(f"/tickets/{siti.code}/victims", name="Wati Lestari", relation="sibling")
    hide(office, siti)
    page = ani.browser.get(f"/tickets/{siti.code}").text
    assert "Siti Aminah" not in page
    assert "Wati Lestari" in page, "who is to be found is known by name"
