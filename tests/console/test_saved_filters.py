"""Filters under a name: one's own and the unit's, counted, and never wider than one's scope."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from hotline.staff import Role
from hotline.tickets import Category, State, Urgency
from store import db
from store.paper_tables import saved_filters
from tests.console.conftest import Office, Person
from tests.console.counted import change

UNIT = "uptd-ppa-53"


def shown(person: Person, path: str = "/tickets") -> dict[str, tuple[int, str]]:
    """Read the saved filters off a page: name, count and where each leads."""
    page = person.browser.get(path).text
    found = re.findall(
        r'<a href="(/tickets\?view=[^"]*)"(?: aria-current="page")?>([^<]*?) '
        r'<span class="count">(\d+)</span>', page,
    )  # fmt: skip
    named = {name: (int(count), where.replace("&amp;", "&")) for where, name, count in found}
    views = {"Milik saya", "Belum ditugaskan", "Lewat tenggat", "Menunggu pelapor", "Terbuka"}
    return {name: one for name, one in named.items() if name not in views}


def numbers(office: Office) -> list[int]:
    with db.read(office.vault.engine) as connection:
        return list(connection.execute(sa.select(saved_filters.c.id)).scalars())


def test_a_filter_is_saved_listed_with_its_count_and_used(office: Office) -> None:
    """What it counts is what it lists."""
    kupang = office.report(region="5371")
    office.report(region="3578", address="+62811")
    far = office.report(region="5371", address="+62812", urgency=Urgency.CRITICAL)
    ani = office.hire("ani", Role.RESPONDER)
    answer = ani.post("/filters", name="Gawat  di Kupang", view="open", urgency="critical",
                      region="Kota Kupang")  # fmt: skip
    assert answer.headers["location"] == "/tickets?view=open&urgency=critical&region=5371"
    assert shown(ani) == {"Gawat di Kupang": (1, answer.headers["location"])}
    page = ani.browser.get(answer.headers["location"]).text
    assert far.code in page
    assert kupang.code not in page
    assert 'value="Kota Kupang"' in page, "the region can be changed where it was typed"
    ani.post("/filters", name="NTT", view="open", region="Nusa Tenggara Timur")
    assert shown(ani)["NTT"][0] == 2, "a province holds its regencies"
    office.report(region="5371", address="+62813")
    assert shown(ani)["NTT"][0] == 3
    assert office.logged("filter_saved") == 2


def test_every_part_narrows_and_closed_tickets_count_where_they_are_asked_for(
    office: Office,
) -> None:
    one, two = office.report(), office.report(address="+62811")
    change(office, one, category=Category.MISSING.value)
    change(office, two, state=State.CLOSED.value)
    ani = office.hire("ani", Role.RESPONDER)
    ani.post(f"/tickets/{one.code}/labels", names="prioritas")
    for name, form in {
        "hilang": {"category": "missing"}, "label": {"label": "prioritas"},
        "baru": {"state": "new"}, "selesai": {"view": "all", "state": "closed"},
        "semua": {"view": "all"}, "saya": {"view": "mine"},
    }.items():  # fmt: skip
        assert ani.post("/filters", **{"view": "open", **form, "name": name}).status_code == 303
    counts = {name: count for name, (count, _) in shown(ani).items()}
    assert counts == {"hilang": 1, "label": 1, "baru": 1, "selesai": 1, "semua": 2, "saya": 0}


def test_a_filter_never_shows_more_than_the_scope(office: Office) -> None:
    """A region elsewhere counts nothing and lists nothing; nor does it through a shared filter."""
    inside, outside = office.report(region="5371"), office.report(region="3578", address="+62811")
    budi = office.hire("budi", Role.SUPERVISOR, region="53", unit=UNIT)
    budi.post("/filters", name="Surabaya", view="all", region="3578", shared="true")
    budi.post("/filters", name="Semua", view="all", shared="true")
    dewi = office.hire("dewi", Role.RESPONDER, region="53", unit=UNIT)
    for person in (budi, dewi):
        assert shown(person)["Surabaya"][0] == 0
        assert shown(person)["Semua"][0] == 1
        for _, where in shown(person).values():
            page = person.browser.get(where).text
            assert outside.code not in page
        assert inside.code in person.browser.get(shown(person)["Semua"][1]).text


def test_a_supervisor_shares_with_the_unit_and_nobody_else_sees_it(office: Office) -> None:
    budi = office.hire("budi", Role.SUPERVISOR, unit=UNIT)
    dewi = office.hire("dewi", Role.RESPONDER, unit=UNIT)
    other = office.hire("other", Role.RESPONDER, unit="lbh")
    nobody = office.hire("nobody", Role.SUPERVISOR)
    budi.post("/filters", name="Bersama", view="open", shared="true")
    budi.post("/filters", name="Sendiri", view="open")
    assert set(shown(budi)) == {"Bersama", "Sendiri"}
    assert set(shown(dewi)) == {"Bersama"}
    assert shown(other) == shown(nobody) == {}
    for person in (dewi, nobody):
        answer = person.post("/filters", name="x", view="open", shared="true")
        assert answer.status_code == 409
        assert "Hanya pengawas sebuah unit" in answer.text


def test_filters_are_renamed_and_deleted_by_who_may(office: Office) -> None:
    """One's own; a shared one also by another supervisor of the unit, for people leave."""
    budi = office.hire("budi", Role.SUPERVISOR, unit=UNIT)
    eka = office.hire("eka", Role.SUPERVISOR, unit=UNIT)
    dewi = office.hire("dewi", Role.RESPONDER, unit=UNIT)
    budi.post("/filters", name="Bersama", view="open", shared="true")
    budi.post("/filters", name="Sendiri", view="open")
    shared, own = sorted(numbers(office))
    for path in (f"/filters/{shared}/rename", f"/filters/{own}/rename", f"/filters/{own}/delete"):
        assert dewi.post(path, name="Lain").status_code == 409
    assert eka.post(f"/filters/{own}/delete").status_code == 409
    assert eka.post(f"/filters/{shared}/rename", name="Milik unit").status_code == 303
    assert budi.post(f"/filters/{own}/rename", name="Milik unit").status_code == 409
    assert set(shown(budi)) == {"Milik unit", "Sendiri"}
    assert budi.post(f"/filters/{own}/delete").status_code == 303
    assert set(shown(dewi)) == {"Milik unit"}
    assert "dibagi dengan unit" in budi.browser.get("/filters").text
    for wrong in (0, 999999, 2**70):
        assert budi.post(f"/filters/{wrong}/delete").status_code == 409


@pytest.mark.parametrize("name", ["", "   ", "<b>x</b>", "a" * 41, "=1+1", "a\nb\x00"])
def test_a_name_is_a_name(office: Office, name: str) -> None:
    ani = office.hire("ani", Role.RESPONDER)
    assert ani.post("/filters", name=name, view="open").status_code in (409, 422)
    assert numbers(office) == []


def test_a_name_is_taken_once_and_twenty_are_enough(office: Office) -> None:
    ani = office.hire("ani", Role.RESPONDER)
    for number in range(20):
        assert ani.post("/filters", name=f"nomor {number}", view="open").status_code == 303
    assert ani.post("/filters", name="satu lagi", view="open").status_code == 409
    one = min(numbers(office))
    ani.post(f"/filters/{one}/delete")
    assert ani.post("/filters", name="nomor 19", view="open").status_code == 409
    assert ani.post("/filters", name="satu lagi", view="open").status_code == 303


def test_a_place_nobody_knows_shows_nothing_and_says_so(office: Office) -> None:
    """Not everything, as if nothing had been chosen; nor is a code that is none an error."""
    siti, ani = office.report(region="5371"), office.hire("ani", Role.RESPONDER)
    for place in ("Atlantis", "<script>", "9999", "%"):
        page = ani.browser.get("/tickets", params={"region": place}).text
        assert siti.code not in page
        assert "<script>alert" not in page
    assert "Tidak ada provinsi" in ani.browser.get("/tickets?region=Atlantis").text
    assert ani.browser.get("/tickets?category=drugs").status_code == 422
    assert ani.post("/filters", name="x", view="open", category="drugs").status_code == 422
