"""A referral on paper: one page with what goes along and nothing else, logged, never kept."""

from __future__ import annotations

import httpx2
import pytest
import sqlalchemy as sa

from console import paper
from hotline.staff import Role
from store import audit, db
from store.console_tables import referrals
from store.ticket_changes import flag_conflict, set_anonymous
from tests.console.conftest import Office, Person, Report
from tests.console.papers import pages, words

UNIT = "uptd-ppa-35"
WHY = "untuk rapat kasus hari ini"


@pytest.fixture
def siti(office: Office) -> Report:
    report = office.report(region="5371")
    office.fact(report, "story", "dikurung majikan di Johor")
    office.fact(report, "phone", "+60123999888")
    office.fact(report, "occupation", "pengasuh")
    office.fact(report, "contact_rule", "never_call")
    return report


def refer(person: Person, report: Report, *fields: str, **changes: str) -> None:
    form = {
        "unit": UNIT, "service": "shelter", "request": "Mohon tempat singgah", "consent": "given",
        "fields": list(fields), "days": "3", **changes,
    }  # fmt: skip
    assert person.post(f"/tickets/{report.code}/referrals", **form).status_code == 303


def newest(office: Office) -> int:
    with db.read(office.vault.engine) as connection:
        return int(connection.execute(sa.select(sa.func.max(referrals.c.id))).scalar_one())


def take(person: Person, office: Office, reason: str = WHY) -> httpx2.Response:
    return person.post(f"/referrals/{newest(office)}/summary", reason=reason)


def test_the_page_holds_what_goes_along_and_nothing_else(office: Office, siti: Report) -> None:
    """Code, state, regions, request, consent, who and when, the line in the log; no other fact."""
    ani = office.hire("ani", Role.RESPONDER)
    office.hire("dewi", Role.RESPONDER, region="35", unit=UNIT)
    refer(ani, siti, "occupation")
    answer = take(ani, office)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert siti.code in answer.headers["content-disposition"]
    said = words(answer.content)
    with db.read(office.vault.engine) as connection:
        [line] = [
            one for one in audit.newest(connection, limit=9) if one["action"] == "summary_made"
        ]
    for expected in (
        "RAHASIA", siti.code, "Penampungan", "JANGAN menelepon.", "Mendesak", "KUPANG",
        "UPTD PPA", "Mohon tempat singgah", "Setuju", "pengasuh", "Ani (ani)",
        f"Nomor catatan audit: {line['id']}",
    ):  # fmt: skip
        assert expected.lower() in said.lower(), expected
    assert "dikurung" not in said, "the narrative stays where it is"
    assert "60123999888" not in said
    assert pages(answer.content) == 1
    assert line["object"] == siti.code
    assert line["details"]["fields"] == ["occupation", "contact_rule"]
    assert WHY not in str(line)
    assert WHY in ani.browser.get(f"/tickets/{siti.code}").text, "the reason is an internal note"


def test_a_narrative_and_a_number_stand_in_it_when_she_consented(
    office: Office, siti: Report
) -> None:
    """The unit reads the number only once it has accepted."""
    ani = office.hire("ani", Role.RESPONDER)
    dewi = office.hire("dewi", Role.RESPONDER, region="35", unit=UNIT)
    refer(ani, siti, "story", "phone")
    asking, asked = (words(take(one, office).content) for one in (ani, dewi))
    assert "dikurung majikan di Johor" in asking
    assert "+60123999888" in asking
    assert "dikurung majikan di Johor" in asked
    assert "60123999888" not in asked
    dewi.post(f"/referrals/{newest(office)}", to="accepted")
    assert "+60123999888" in words(take(dewi, office).content)


def test_an_anonymous_callers_number_is_never_printed(office: Office, siti: Report) -> None:
    """Also when it was ticked before she said so."""
    ani, _ = office.hire("ani", Role.RESPONDER), office.hire("dewi", Role.RESPONDER, unit=UNIT)
    refer(ani, siti, "phone", "story")
    with db.write(office.vault.engine) as connection:
        set_anonymous(connection, siti.id, anonymous=True)
    assert "60123999888" not in words(take(ani, office).content)


def test_who_may_not_know_of_it_gets_no_paper(office: Office, siti: Report) -> None:
    """A stranger, a unit that refused, and whoever sits too near."""
    ani = office.hire("ani", Role.RESPONDER)
    dewi = office.hire("dewi", Role.RESPONDER, region="35", unit=UNIT)
    near = office.hire("near", Role.RESPONDER, region="5371")
    refer(ani, siti, "story")
    assert take(office.hire("far", Role.RESPONDER, region="11"), office).status_code == 404
    assert take(near, office).status_code == 200
    with db.write(office.vault.engine) as connection:
        flag_conflict(connection, siti.id, message_id=None, now=office.clock())
    assert take(near, office).status_code == 404
    assert "JANGAN diteruskan" in words(take(ani, office).content)
    dewi.post(f"/referrals/{newest(office)}", to="refused", reason="rumah aman penuh")
    assert take(dewi, office).status_code == 403
    assert take(office.hire("olga", Role.OPERATOR), office).status_code == 403
    assert office.logged("summary_made") == 2


def test_without_a_reason_there_is_no_paper(office: Office, siti: Report) -> None:
    ani, _ = office.hire("ani", Role.RESPONDER), office.hire("dewi", Role.RESPONDER, unit=UNIT)
    refer(ani, siti)
    answer = take(ani, office, " x ")
    assert answer.status_code == 422
    assert "Tulis alasannya dahulu" in answer.text
    assert office.logged("summary_made") == 0


def test_both_pages_lead_to_the_paper(office: Office, siti: Report) -> None:
    ani, _ = office.hire("ani", Role.RESPONDER), office.hire("dewi", Role.RESPONDER, unit=UNIT)
    refer(ani, siti)
    one = newest(office)
    assert f'action="/referrals/{one}/summary"' in ani.browser.get(f"/referrals/{one}").text
    assert "/referrals#summaries" in ani.browser.get(f"/tickets/{siti.code}").text
    page = ani.browser.get(f"/tickets/{siti.code}/referrals").text
    assert f'href="/referrals/{one}#summary"' in page


@pytest.mark.parametrize(
    "said",
    [
        "<script>alert(1)</script></dd><h1>x</h1>{{7*7}}",
        "a\x00b\x07c\x1b[31m\u202egnirts\u200f\ufeff",
        "N" * 4000,
        "baris\n" * 700,
        "👩‍👩‍👧‍👦🇮🇩" * 300,
        "z\u0301\u0302\u0303\u0304\u0305\u0306\u0307" * 200,
        ") Tj ET /JavaScript (app.alert(1)) \\",
        "王小明 ประเทศไทย محمد Nguyễn Thị Hằng",
    ],
)
def test_whatever_is_written_stays_words_on_one_page(
    office: Office, siti: Report, said: str
) -> None:
    ani, _ = office.hire("ani", Role.RESPONDER), office.hire("dewi", Role.RESPONDER, unit=UNIT)
    for field in ("story", "who", "where", "recruiter", "occupation"):
        office.fact(siti, field, said)
    office.fact(siti, "contact_rule", f"no_police: {said[:300]}")
    refer(ani, siti, "story", "who", "where", "recruiter", "occupation", request=said[:2000])
    answer = take(ani, office)
    assert answer.status_code == 200
    assert pages(answer.content) == 1
    assert b"/JavaScript" not in answer.content
    printed = words(answer.content)
    assert "JANGAN melapor ke polisi" in printed
    assert "Nomor catatan audit" in printed
    assert not set(printed) & set("\x00\x07\x1b\u202e\u200f\ufeff")
    assert "49" not in printed.split("Apa yang diminta")[1].split("Persetujuan")[0]


def test_what_protects_her_is_cut_last() -> None:
    """A story of pages gives way; her own words about police do not."""
    rule = "jangan " * 200
    drawn = words(paper.draw([
        paper.Piece("warning", rule.strip()),
        *[paper.Piece("name", "Cerita"), paper.Piece("value", "cerita " * 800)] * 12,
    ], "x"))  # fmt: skip
    assert drawn.count("jangan") == 200
    assert drawn.count("[…]") == 12
