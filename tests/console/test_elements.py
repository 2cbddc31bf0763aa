"""Act, means, purpose and the ILO's signs at the desk: marked with a ground, never by the bot."""

from __future__ import annotations

import re

import sqlalchemy as sa

from hotline.staff import Role
from hotline.tickets import Clearing, Verification
from store import db, exports
from store.tables import tickets
from tests.console.conftest import Office, Person, Report
from tests.console.counted import change, many, year_before
from tests.console.test_exports import take
from tests.console.test_victims import add, refer

GROUND = "cerita pelapor 12.03"


def mark(
    person: Person,
    report: Report,
    *answers: str,
    seen: int | None = None,
    ground: str = GROUND,
) -> int:
    """Send the form; unless told otherwise of the page as it stands now."""
    path = f"/tickets/{report.code}"
    if seen is None:
        found = re.findall(r'name="seen" value="(\d+)"', person.browser.get(path).text)
        seen = int(found[0]) if found else 0
    form = {"answer": list(answers), "seen": seen, "ground": ground}
    return person.post(f"{path}/elements", **form).status_code


def shown(person: Person, report: Report) -> str:
    page = person.browser.get(f"/tickets/{report.code}").text
    return page.split('id="elements"')[1].split("</section>")[0]


def chosen(page: str) -> set[str]:
    """Give the answers that stand in the forms, without those nobody has given."""
    found = set(re.findall(r'<option value="([\w.]+:\w+)" selected>', page))
    return {one for one in found if not one.endswith(":unknown")}


def test_the_bots_reasons_are_a_hint_and_tick_nothing(office: Office) -> None:
    """Beside the lines they speak for, until somebody has answered."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    with db.write(office.vault.engine) as connection:
        connection.execute(sa.update(tickets).values(reasons=["locked_in", "beaten"]))
    page = shown(ani, siti)
    assert chosen(page) == set()
    assert "Belum ada unsur yang ditandai ada." in page
    assert page.count("Tanda dari bot, periksa:") == 4
    assert mark(ani, siti, "means.confinement:no") == 303
    assert shown(ani, siti).count("Tanda dari bot, periksa:") == 3


def test_a_line_says_whether_all_three_are_there(office: Office) -> None:
    """As an aid; for a child act and purpose are enough, which the line says."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    mark(ani, siti, "act.transport:yes", "purpose.forced_labour:yes")
    page = shown(ani, siti)
    assert "Belum ada yang ditandai pada: Cara." in page
    assert "Alat bantu petugas, bukan penilaian hukum." in page
    path = add(ani, siti, age="16")
    assert "Untuk korban anak itu cukup" in shown(ani, siti)
    ani.post(f"{path}/mistake", mistaken="true", reason="bukan korban", had="1")
    assert "Belum ada yang ditandai pada: Cara." in shown(ani, siti)
    office.fact(siti, "is_minor", "yes")
    assert "Untuk korban anak itu cukup" in shown(ani, siti)
    mark(ani, siti, "means.fraud:yes")
    page = shown(ani, siti)
    assert "pada ketiganya ada yang ditandai" in page
    assert "<dt>Cara</dt><dd>penipuan</dd>" in page


def test_the_eleven_signs_are_counted_and_named(office: Office) -> None:
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    mark(ani, siti, "ilo.documents:yes", "ilo.wages:yes", "ilo.overtime:no")
    page = shown(ani, siti)
    assert "2 ada, 1 tidak ada, 8 belum diketahui" in page
    assert "penahanan dokumen identitas, penahanan upah" in page


def test_each_mark_says_who_when_and_why_and_none_is_lost(office: Office) -> None:
    """On the page what holds, on a page of its own everything, in the log the answers."""
    ani, budi = office.hire("ani", Role.RESPONDER), office.hire("budi", Role.RESPONDER)
    siti = office.report()
    mark(ani, siti, "means.fraud:yes")
    assert mark(budi, siti, "means.fraud:no", ground="ia tahu pekerjaannya") == 303
    page = shown(ani, siti)
    assert "<strong>tidak ada</strong>: Budi," in page
    assert "ia tahu pekerjaannya" in page
    assert GROUND not in page
    history = ani.browser.get(f"/tickets/{siti.code}/elements").text
    assert history.index("ia tahu pekerjaannya") < history.index(GROUND)
    events = ani.browser.get(f"/tickets/{siti.code}").text.split('id="events"')[1]
    assert "unsur atau indikator ditandai (Cara: penipuan: tidak ada) · Budi" in events
    assert office.logged("elements_marked") == 2
    assert office.logged("elements_read") == 1


def test_of_two_at_once_neither_loses_a_mark(office: Office) -> None:
    """Different lines are both kept; about the same line the second decides again."""
    ani, budi = office.hire("ani", Role.RESPONDER), office.hire("budi", Role.RESPONDER)
    siti = office.report()
    mark(ani, siti, "act.transport:yes", "means.fraud:yes")
    path = f"/tickets/{siti.code}/elements"
    form = {"answer": ["act.transport:unknown", "means.fraud:no", "act.sending:yes"]}
    answer = budi.post(path, **form, seen=0, ground="kata ibunya")
    assert answer.status_code == 409
    assert "rekan sudah mengubahnya" in answer.text
    assert chosen(answer.text) == {"act.transport:yes", "means.fraud:no", "act.sending:yes"}
    assert 'value="kata ibunya"' in answer.text
    assert 'id="marks-elements" class="marks" open' in answer.text
    assert 'id="marks-signs" class="marks" open' not in answer.text
    assert chosen(shown(budi, siti)) == {"act.transport:yes", "means.fraud:yes"}
    seen = int(re.findall(r'name="seen" value="(\d+)"', answer.text)[0])
    again = sorted(chosen(answer.text))
    assert mark(budi, siti, *again, seen=seen, ground="kata ibunya") == 303
    assert chosen(shown(ani, siti)) == {"act.transport:yes", "means.fraud:no", "act.sending:yes"}


def test_without_a_ground_or_from_no_list_nothing_is_marked(office: Office) -> None:
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    path = f"/tickets/{siti.code}/elements"
    answer = ani.post(path, answer=["means.fraud:yes"], seen=0, ground=" x ")
    assert answer.status_code == 409
    assert "Tulis dasarnya, 5 sampai 300 huruf." in answer.text
    assert chosen(answer.text) == {"means.fraud:yes"}
    assert [mark(ani, siti, one) for one in ("means.magic:yes", "means.fraud:maybe", "x")] == [
        422, 422, 422,
    ]  # fmt: skip
    assert mark(ani, siti, "means.fraud:unknown") == 409
    assert chosen(shown(ani, siti)) == set()


def test_who_does_not_read_tickets_neither_marks_nor_reads(office: Office) -> None:
    ani, siti = office.hire("ani", Role.RESPONDER), office.report(region="5371")
    mark(ani, siti, "means.fraud:yes")
    for login, role, region, status in (
        ("aud", Role.AUDITOR, "", 403), ("ops", Role.OPERATOR, "", 403),
        ("far", Role.RESPONDER, "35", 404),
    ):  # fmt: skip
        person = office.hire(login, role, region=region)
        read = person.browser.get(f"/tickets/{siti.code}/elements")
        assert (read.status_code, mark(person, siti, "act.transport:yes")) == (status, status)
        assert GROUND not in read.text
    assert chosen(shown(ani, siti)) == {"means.fraud:yes"}


def test_marks_go_along_only_where_that_was_ticked(office: Office) -> None:
    """Without who marked them, and without the ground."""
    ani = office.hire("ani", Role.RESPONDER)
    dewi = office.hire("dewi", Role.RESPONDER, region="35", unit="uptd-ppa-35")
    siti = office.report()
    mark(ani, siti, "means.fraud:yes", "act.transport:no")
    without, along = refer(ani, siti), refer(ani, siti, "elements", service="health")
    pages = [dewi.browser.get(f"/referrals/{one}").text for one in (without, along)]
    assert "penipuan" not in pages[0]
    assert "penipuan" in pages[1]
    assert "bukan penilaian hukum" in pages[1]
    assert "pengangkutan" not in pages[1]
    assert GROUND not in pages[1]


def test_marks_stand_in_ctdcs_columns(office: Office) -> None:
    """What responders have marked, and what the bot saw unless they say that it is not so."""
    budi, year = office.hire("budi", Role.SUPERVISOR), year_before(office)
    for one in many(office, {"MY": 12}, part="destination"):
        change(
            office, one, opened_at=exports.bounds(year)[0], reasons=["beaten", "locked_in"],
            verification=Verification.VERIFIED.value, clearing=Clearing.UNIQUE.value,
        )  # fmt: skip
        marked = ("ilo.documents:yes", "purpose.forced_labour:yes", "means.confinement:no")
        assert mark(budi, one, *marked) == 303
        add(budi, one, age="15", name="Siti")
    heading, *rows = take(budi, "ctdc", year)
    assert len(rows) == 12
    told = {name: value for name, value in zip(heading, rows[0], strict=True) if value}
    assert told == {
        "yearOfRegistration": str(year),
        "Datasource": "Hotline",
        "majorityStatus": "Minor",
        "meansOfControlPhysicalAbuse": "1",
        "meansOfControlWithholdsDocuments": "1",
        "isForcedLabour": "1",
        "CountryOfExploitation": "MY",
    }
    assert "Siti" not in str(rows)
