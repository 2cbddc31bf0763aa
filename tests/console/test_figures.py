"""Figures, map and network: counts for one's level, small ones hidden, never who."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from hotline.messages import Channel
from hotline.staff import Level, May, Role, Scope, Staff
from hotline.tickets import Urgency
from store import dark_figure, db, figures
from store.console_tables import ticket_regions, ticket_work
from store.figures import Asked
from store.tables import tickets
from tests.console.conftest import Office
from tests.console.counted import change, many

PAGES = ("/figures", "/map", "/network", "/exports", "/register", "/knowledge")
_MAY = {
    "/figures": {May.SEE_FIGURES},
    "/map": {May.SEE_FIGURES},
    "/network": {May.READ, May.SEE_FIGURES},
    "/exports": {May.EXPORT},
    "/knowledge": {May.EDIT_CONTENT},
}


def cells(page: str, heading: str = "row") -> dict[str, str]:
    """Read the rows of the page's tables: the first cell, and the one after it."""
    pattern = rf'<tr><th scope="{heading}">(.*?)</th><td>(.*?)</td>'
    plain = [(re.sub(r"<[^>]+>", "", a), re.sub(r"<[^>]+>", "", b)) for a, b in
             re.findall(pattern, page, re.DOTALL)]  # fmt: skip
    return {name.strip(): number.strip() for name, number in plain}


@pytest.mark.parametrize("role", list(Role))
def test_each_page_opens_for_who_may_and_for_nobody_else(office: Office, role: Role) -> None:
    """Also empty, and never without a session."""
    person = office.hire("ani", role)
    staff = Staff(id=1, login="a", name="A", role=role, scope=Scope(), unit="")
    for page in PAGES:
        may = _MAY.get(page)
        allowed = (
            all(staff.may(one) for one in may)
            if may
            else staff.may(May.READ) or staff.may(May.EDIT_CONTENT)
        )
        assert person.browser.get(page).status_code == (200 if allowed else 403), page
        assert office.browser().get(page).status_code == 303
        assert (f'href="{page}"' in person.browser.get("/account").text) == allowed


def test_the_waiting_time_is_that_of_callers(office: Office) -> None:
    """Median and ninetieth of what they waited; who still waits is counted apart."""
    ani = office.hire("ani", Role.RESPONDER)
    minutes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 100]
    for number in minutes:
        one = office.report(address=f"+62811{number:06d}")
        with db.write(office.vault.engine) as connection:
            row = {"ticket_id": one.id, "first_answer_at": office.clock() + 60 * number}
            connection.execute(sa.insert(ticket_work), row)
    late = office.report(address="+628119999999", urgency=Urgency.CRITICAL)
    office.clock.advance(360)
    with db.read(office.vault.engine) as connection:
        staff = Staff(id=1, login="a", name="A", role=Role.AUDITOR, scope=Scope(), unit="")
        found = figures.waiting(connection, Asked(staff, 0.0, office.clock()))
    assert (found.median, found.ninetieth) == (5 * 60.0, 9 * 60.0)
    assert (found.answered, found.in_time, found.unanswered, found.overdue) == (10, 10, 1, 1)
    change(office, late, state="merged")
    page = ani.browser.get("/figures").text
    assert cells(page)["Semua"] == "5 menit"


def test_weeks_without_tickets_are_shown_as_noughts(office: Office) -> None:
    """Monday to Sunday in Jakarta, each ticket in its own week."""
    staff = Staff(id=1, login="a", name="A", role=Role.AUDITOR, scope=Scope(), unit="")
    opened = ["2026-10-04T16:59", "2026-10-04T17:00", "2026-10-11T16:59", "2026-10-25T00:00"]
    for n, text in enumerate(opened):
        at = datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()
        change(office, office.report(address=f"+62811{n:06d}"), opened_at=at)
    until = datetime(2026, 10, 26, 12, tzinfo=UTC).timestamp()
    with db.read(office.vault.engine) as connection:
        weeks = figures.inflow(connection, Asked(staff, 0.0, until))
    assert [number for _, number in weeks] == [1, 2, 0, 1, 0]
    assert datetime.fromtimestamp(weeks[1][0], UTC) == datetime(2026, 10, 4, 17, tzinfo=UTC)


def test_the_map_hides_small_numbers_and_what_would_tell_them(office: Office) -> None:
    ani = office.hire("ani", Role.AUDITOR)
    many(office, {"5371": 2, "3578": 9, "33": 12})
    page = ani.browser.get("/map").text
    found = cells(page)
    assert found["Nusa Tenggara Timur"] == "✕ disembunyikan"
    assert found["Jawa Timur"] == "✕ disembunyikan"  # or 23 - 12 - 9 would be the other
    assert found["Jawa Tengah"] == "12"
    assert found["Aceh"] == "0"
    assert found["Jumlah"] == "23"
    assert page.count('class="unknown"') == 2
    assert set(cells(ani.browser.get("/map?province=53").text).values()) == {"✕ disembunyikan"}
    public = cells(ani.browser.get("/map?readers=public").text)
    assert public["Jawa Tengah"] == "✕ disembunyikan"


def test_the_map_knows_all_provinces_and_regencies(office: Office) -> None:
    ani = office.hire("ani", Role.AUDITOR)
    many(office, {"3578": 30, "35": 9})
    page = ani.browser.get("/map").text
    assert len(cells(page)) == 38 + 2  # several, and the sum
    inside = cells(ani.browser.get("/map?province=35").text)
    assert inside["Kota Surabaya"] == "30"
    assert inside["kabupaten belum pasti"] == "9"
    assert len(inside) == 38 + 2  # regencies and cities of Jawa Timur, those unsure, the sum
    assert ani.browser.get("/map?province=99").status_code == 422


def test_a_ticket_with_several_regions_counts_once(office: Office) -> None:
    [one] = many(office, {"35": 1})
    with db.write(office.vault.engine) as connection:
        for region in ("3578", "MY"):
            row = {"ticket_id": one.id, "part": "origin", "region": region}
            connection.execute(sa.insert(ticket_regions), row)
    [two] = many(office, {"3301": 1})
    with db.write(office.vault.engine) as connection:
        row = {"ticket_id": two.id, "part": "origin", "region": "5371"}
        connection.execute(sa.insert(ticket_regions), row)
    staff = Staff(id=1, login="a", name="A", role=Role.AUDITOR, scope=Scope(), unit="")
    with db.read(office.vault.engine) as connection:
        asked = Asked(staff, 0.0, office.clock())
        assert figures.by_region(connection, asked, "origin") == {"3578": 1, "several": 1}
        assert figures.by_country(connection, asked, "origin") == {"MY": 1}


@pytest.mark.parametrize("role", list(Role))
def test_figures_count_what_the_scope_may_know_of(office: Office, role: Role) -> None:
    """Another province counts for nothing, and a conflict of interest not at its own level."""
    many(office, {"3578": 4})
    for one in many(office, {"5371": 3}):
        change(office, one, conflict_of_interest=True)
    for region, expected in (("", 7), ("35", 4), ("53", 3), ("5371", 0), ("11", 0)):
        level = {0: Level.NATIONAL, 2: Level.PROVINCE, 4: Level.REGENCY}[len(region)]
        staff = Staff(id=9, login="a", name="A", role=role, scope=Scope(level, region), unit="")
        with db.read(office.vault.engine) as connection:
            asked = Asked(staff, 0.0, office.clock())
            got = sum(figures.by(connection, asked, "category").values())
        assert got == (expected if staff.may(May.SEE_FIGURES) else 0)


def test_the_dark_figure_is_national_and_counts_each_thing(office: Office) -> None:
    office.report()
    change(office, office.report(address="+628111"), category="other", reasons=["beaten"])
    change(office, office.report(address="+628112"), category="other")
    person = Staff(id=1, login="a", name="A", role=Role.AUDITOR, scope=Scope(), unit="")
    with db.read(office.vault.engine) as connection:
        asked = Asked(person, 0.0, office.clock())
        found = dark_figure.dark(connection, asked)
    assert (found.reports, found.signs, found.stopped, found.silent) == (1, 1, 0, 0)
    page = office.hire("ani", Role.RESPONDER, region="35").browser.get("/figures").text
    assert "hanya tingkat nasional melihatnya" in page


def test_the_network_links_tickets_and_shows_no_number(office: Office) -> None:
    ani = office.hire("ani", Role.RESPONDER)
    one, two, three = (office.report(address=f"+62811100{n}") for n in range(3))
    office.fact(one, "recruiter", "PT Maju <b>Terus</b>")
    office.fact(two, "recruiter", "maju <b>terus</b> PT")
    office.fact(two, "story", "transfer ke BCA 1234567890, hubungi 0812-3456-7890")
    office.fact(three, "phone", "+6281234567890")
    office.fact(three, "evidence", "rek bca 123 456 7890 a.n. dia, ig @agen_jaya")
    page = ani.browser.get("/network").text
    assert page.count(one.code) >= 2
    assert "•••890" in page
    assert "BCA •••890" in page
    for secret in ("34567890", "3456-7890", "1234567890", "<b>Terus", "@agen_jaya"):
        assert secret not in page
    assert office.logged("network_read") == 1


def test_the_network_ends_where_the_scope_ends(office: Office) -> None:
    budi = office.hire("budi", Role.RESPONDER, region="35")
    mine, theirs = many(office, {"3578": 1, "5371": 1})
    for one in (mine, theirs):
        office.fact(one, "recruiter", "PT Maju Terus")
    page = budi.browser.get("/network").text
    assert "Maju" not in page
    assert theirs.code not in page


def test_an_anonymous_callers_card_links_nothing(office: Office) -> None:
    ani = office.hire("ani", Role.RESPONDER)
    for n in range(2):
        one = office.report(address=f"+6281110{n}")
        office.fact(one, "shared_contact", "Siti +6281234567890")
        change(office, one, anonymous=True)
    assert "•••890" not in ani.browser.get("/network").text


@pytest.mark.parametrize("path", ["/figures?period=9w", "/map?part=home", "/map?readers=me"])
def test_a_choice_that_is_none_is_refused(office: Office, path: str) -> None:
    assert office.hire("ani", Role.AUDITOR).browser.get(path).status_code == 422


def test_channels_and_languages_of_few_are_hidden(office: Office) -> None:
    for n in range(9):
        office.report(address=f"+62811{n:06d}")
    office.report(address="+628990", channel=Channel.SMS)
    page = office.hire("ani", Role.AUDITOR).browser.get("/figures").text
    found = cells(page)
    assert found["WhatsApp"] == found["SMS"] == "✕ disembunyikan"
    assert found["Indonesia"] == "10"


def test_every_language_is_named(office: Office) -> None:
    """ "mad" says nothing to a supervisor; Madura does."""
    opened = [office.report(address=f"+62812{n:06d}") for n in range(10)]
    with db.write(office.vault.engine) as connection:
        for one in opened:
            mine = sa.update(tickets).where(tickets.c.id == one.id)
            connection.execute(mine.values(language="mad"))
    found = cells(office.hire("ani", Role.AUDITOR).browser.get("/figures").text)
    assert found["Madura"] == "10"
    assert "mad" not in found
