"""People one by one at the desk: written down, changed, marked as a mistake, and who reads it."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from hotline.staff import Role
from store import audit, db
from store.console_tables import referrals
from store.ticket_changes import set_anonymous
from tests.console.conftest import Office, Person, Report
from tests.console.papers import words
from tests.console.test_personal_export import make, opened, taken

UNIT = "uptd-ppa-35"
SITI = {
    "name": "Siti Aminah", "relation": "sibling", "sex": "female", "age": "16",
    "whereabouts": "Johor", "condition": "exploited",
}  # fmt: skip


def add(person: Person, report: Report, **form: str) -> str:
    """Write somebody down; returns the address of their page."""
    answer = person.post(f"/tickets/{report.code}/victims", **form)
    assert answer.status_code == 303, answer.text
    page = person.browser.get(f"/tickets/{report.code}").text
    return re.findall(rf'href="(/tickets/{report.code}/victims/\d+)"', page)[-1]


def shown(person: Person, report: Report) -> str:
    """Read the section of the ticket's page about people."""
    page = person.browser.get(f"/tickets/{report.code}").text
    return page.split('id="victims"')[1].split("</section>")[0]


def test_somebody_is_written_down_changed_and_remembered(office: Office) -> None:
    """The page says what stands, who wrote it and when; their own page says what was there."""
    ani, budi = office.hire("ani", Role.RESPONDER), office.hire("budi", Role.RESPONDER)
    siti = office.report()
    assert "Belum ada orang yang dicatat." in shown(ani, siti)
    path = add(ani, siti, **SITI)
    told = shown(ani, siti)
    for said in (
        "Orang 1:", "Siti Aminah", "anak di bawah 18 (16)", "perempuan",
        "kakak atau adik pelapor", "sekarang di Johor", "sedang dieksploitasi", "Ani,",
    ):  # fmt: skip
        assert said in told, said
    changed = {**SITI, "condition": "rescued", "age": "17", "had": "1"}
    assert budi.post(path, **changed).status_code == 303
    told = shown(ani, siti)
    assert "sudah diselamatkan" in told
    assert "Budi," in told
    assert "2×" in told
    page = ani.browser.get(path).text
    assert '<del class="text">16</del>' in page
    assert '<del class="text">sedang dieksploitasi</del>' in page
    events = ani.browser.get(f"/tickets/{siti.code}").text.split('id="events"')[1]
    assert "orang dicatat" in events
    assert "data orang diubah" in events
    assert [office.logged(one) for one in ("victim_added", "victim_changed")] == [1, 1]
    assert office.logged("victim_read") == 1


def test_a_name_nobody_knows_stays_open(office: Office) -> None:
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    add(ani, siti)
    assert "nama tidak diketahui" in shown(ani, siti)
    assert "umur tidak diketahui" in shown(ani, siti)


def test_of_two_at_once_the_second_keeps_what_was_typed(office: Office) -> None:
    """And reads what the first has written; saying it again is then a decision."""
    ani, budi = office.hire("ani", Role.RESPONDER), office.hire("budi", Role.RESPONDER)
    siti = office.report()
    path = add(ani, siti, **SITI)
    assert ani.post(path, **{**SITI, "whereabouts": "Batam", "had": "1"}).status_code == 303
    answer = budi.post(path, **{**SITI, "whereabouts": "Entikong", "had": "1"})
    assert answer.status_code == 409
    assert "rekan sudah mengubahnya" in answer.text
    assert "Batam" in answer.text.split('id="change"')[0]
    assert 'value="Entikong"' in answer.text.split('id="change"')[1]
    assert "Batam" in shown(ani, siti)
    had = re.findall(r'name="had" value="(\d+)"', answer.text)[0]
    assert budi.post(path, **{**SITI, "whereabouts": "Entikong", "had": had}).status_code == 303
    assert "Entikong" in shown(ani, siti)


def test_a_mistake_stays_with_its_reason_and_can_be_taken_back(office: Office) -> None:
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    path = add(ani, siti, **SITI)
    refused = ani.post(f"{path}/mistake", mistaken="true", reason="x", had="1")
    assert refused.status_code == 409
    assert "Tulis alasannya dahulu." in refused.text
    why = {"mistaken": "true", "reason": "itu perekrutnya", "had": "1"}
    assert ani.post(f"{path}/mistake", **why).status_code == 303
    told = shown(ani, siti)
    assert "dicatat keliru" in told
    assert "Siti Aminah" not in told
    page = ani.browser.get(path).text
    assert "Siti Aminah" in page
    assert "itu perekrutnya" in page
    assert ani.post(path, **SITI, had="2").status_code == 409
    back = {"mistaken": "false", "reason": "ternyata korban", "had": "2"}
    assert ani.post(f"{path}/mistake", **back).status_code == 303
    assert "Siti Aminah" in shown(ani, siti)
    assert [office.logged(f"victim_{one}") for one in ("mistaken", "restored")] == [1, 1]


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"age": "17", "minor": "no"}, 409, "Umur dan jawaban tentang anak tidak cocok."),
        ({"age": "900"}, 409, "Umur ditulis dari 0 sampai 120 tahun."),
        ({"name": "a" * 200}, 409, "terlalu panjang"),
        ({"age": "enam"}, 422, ""),
        ({"age": "²"}, 422, ""),
        ({"sex": "x"}, 422, ""),
    ],
)
def test_what_cannot_be_so_is_refused_and_what_was_typed_is_kept(
    office: Office, form: dict[str, str], status: int, said: str
) -> None:
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    answer = ani.post(f"/tickets/{siti.code}/victims", whereabouts="Johor", **form)
    assert answer.status_code == status
    if status == 409:
        assert said in answer.text
        assert 'value="Johor"' in answer.text
        assert 'id="add-victim" open' in answer.text
    assert "Belum ada orang yang dicatat." in shown(ani, siti)


def test_who_does_not_read_tickets_reads_none_of_it(office: Office) -> None:
    """Auditor and operator, a stranger's region, and another ticket's address."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report(region="5371")
    other = office.report(address="+60123000009", region="5371")
    path = add(ani, siti, **SITI)
    for login, role, region, status in (
        ("aud", Role.AUDITOR, "", 403), ("ops", Role.OPERATOR, "", 403),
        ("far", Role.RESPONDER, "35", 404),
    ):  # fmt: skip
        person = office.hire(login, role, region=region)
        answers = (
            person.browser.get(path),
            person.post(path, **SITI, had="1"),
            person.post(f"/tickets/{siti.code}/victims", **SITI),
            person.post(f"{path}/mistake", mistaken="true", reason="alasan", had="1"),
        )
        assert [one.status_code for one in answers] == [status] * 4, login
        assert not any("Siti Aminah" in one.text for one in answers)
    wrong = path.replace(siti.code, other.code)
    assert ani.browser.get(wrong).status_code == 404
    assert ani.post(wrong, **SITI, had="1").status_code == 404
    assert ani.post(f"{wrong}/mistake", mistaken="true", reason="alasan").status_code == 404


def test_the_audit_log_names_nobody(office: Office) -> None:
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    path = add(ani, siti, **SITI)
    ani.post(path, **{**SITI, "name": "Siti Zulaikha"}, had="1")
    ani.browser.get(path)
    with db.read(office.vault.engine) as connection:
        told = str(audit.newest(connection, limit=100))
        assert audit.verify(connection, office.vault.keyring).broken is None
    assert "Siti" not in told
    assert "Johor" not in told


def test_a_name_does_not_act_on_the_page(office: Office) -> None:
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    evil = "\"'><script>alert(1)</script>{{7*7}}"
    path = add(ani, siti, name=evil, whereabouts=evil)
    pages = (ani.browser.get(path).text, shown(ani, siti))
    pages += (ani.post(path, name=evil, had="9").text,)
    for page in pages:
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
        assert "49" not in page.split("&lt;script&gt;")[1][:40]


def refer(person: Person, report: Report, *fields: str, **changes: str) -> int:
    """Ask a unit for help; returns the number of the referral."""
    form = {
        "unit": UNIT, "service": "shelter", "request": "Mohon tempat singgah", "consent": "given",
        "fields": list(fields), "days": "3", **changes,
    }  # fmt: skip
    answer = person.post(f"/tickets/{report.code}/referrals", **form)
    assert answer.status_code == 303, answer.text
    page = person.browser.get(f"/tickets/{report.code}/referrals").text
    return int(re.findall(r'href="/referrals/(\d+)#summary"', page)[0])


def test_people_go_along_only_where_that_was_ticked(office: Office) -> None:
    """On the unit's page and on paper; who was a mistake never does."""
    ani, dewi = (
        office.hire("ani", Role.RESPONDER),
        office.hire("dewi", Role.RESPONDER, region="35", unit=UNIT),
    )
    siti = office.report()
    assert 'value="victims"' not in ani.browser.get(f"/tickets/{siti.code}/referrals").text
    add(ani, siti, **SITI)
    wrong = add(ani, siti, name="Budi Keliru")
    ani.post(f"{wrong}/mistake", mistaken="true", reason="bukan korban", had="1")
    without, along = refer(ani, siti), refer(ani, siti, "victims", service="health")
    pages = [dewi.browser.get(f"/referrals/{one}").text for one in (without, along)]
    papers = [
        words(ani.post(f"/referrals/{one}/summary", reason="untuk rapat kasus").content)
        for one in (without, along)
    ]
    assert "Siti Aminah" not in pages[0] + papers[0]
    assert "Tidak ada data yang ikut" in pages[0]
    assert "Tidak ada data yang ikut" not in pages[1] + papers[1]
    for said in ("Siti Aminah", "anak di bawah 18 (16)", "Johor", "sedang dieksploitasi"):
        assert said in pages[1], said
        assert said in " ".join(papers[1].split()), said
    assert "Budi Keliru" not in pages[1] + papers[1]


def test_an_anonymous_callers_people_go_along_without_name_and_place(office: Office) -> None:
    """Also when she said so after the unit was asked."""
    ani = office.hire("ani", Role.RESPONDER)
    dewi = office.hire("dewi", Role.RESPONDER, region="35", unit=UNIT)
    siti = office.report()
    add(ani, siti, **SITI)
    one = refer(ani, siti, "victims")
    with db.write(office.vault.engine) as connection:
        set_anonymous(connection, siti.id, anonymous=True)
    page = dewi.browser.get(f"/referrals/{one}").text
    assert "anak di bawah 18 (16)" in page
    for said in ("Siti Aminah", "Johor", "kakak atau adik"):
        assert said not in page


@pytest.mark.parametrize("anonymous", [False, True])
def test_the_encrypted_export_holds_them_by_its_own_rule(office: Office, anonymous: bool) -> None:
    """Who hides is not found by her sister's name; the answers of the check lists stand in both."""
    budi, siti = office.hire("budi", Role.SUPERVISOR), office.report()
    add(budi, siti, **SITI)
    wrong = add(budi, siti, name="Budi Keliru")
    budi.post(f"{wrong}/mistake", mistaken="true", reason="bukan korban", had="1")
    marks = {"answer": ["means.fraud:yes", "act.sending:no"], "ground": "ceritanya", "seen": 0}
    assert budi.post(f"/tickets/{siti.code}/elements", **marks).status_code == 303
    with db.write(office.vault.engine) as connection:
        set_anonymous(connection, siti.id, anonymous=anonymous)
    [row] = opened(*taken(budi, make(office, budi)))
    plain = "Siti Aminah; sibling; female; 16; yes; Johor; exploited"
    hidden = "; unknown; female; 16; yes; ; exploited"
    assert row["victims"] == (hidden if anonymous else plain)
    assert row["elements"] == "means.fraud"


def test_a_child_among_them_may_be_helped_without_consent(office: Office) -> None:
    """As when the caller had said so in words; an adult not."""
    ani = office.hire("ani", Role.RESPONDER)
    office.hire("dewi", Role.RESPONDER, region="35", unit=UNIT)
    form = {"unit": UNIT, "service": "shelter", "request": "x", "consent": "not_asked",
            "reason": "anak sendirian", "days": "1"}  # fmt: skip
    siti = office.report()
    path = add(ani, siti, **{**SITI, "age": "30"})
    assert ani.post(f"/tickets/{siti.code}/referrals", **form).status_code == 409
    ani.post(path, **SITI, had="1")
    assert ani.post(f"/tickets/{siti.code}/referrals", **form).status_code == 303
    with db.read(office.vault.engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(referrals)).scalar() == 1
