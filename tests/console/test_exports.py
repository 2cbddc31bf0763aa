"""Exports: for publication nobody is in them, for the desk nothing that was said; no formulas."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
import sqlalchemy as sa

from hotline.staff import Role
from hotline.tickets import Clearing, Verification
from store import db, exports
from store.console_tables import ticket_work
from tests.console.conftest import Office, Person
from tests.console.counted import change, many, year_before


def take(person: Person, table: str, year: int, form: str = "csv") -> list[list[str]]:
    answer = person.post("/exports", table=table, year=year, form=form)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_only_who_may_read_takes_a_table_and_it_is_logged(office: Office) -> None:
    ani, budi = office.hire("ani", Role.RESPONDER), office.hire("budi", Role.SUPERVISOR)
    year = year_before(office)
    assert ani.post("/exports", table="work", year=year).status_code == 403
    assert budi.browser.post("/exports", data={"table": "work", "year": year}).status_code == 403
    take(budi, "work", year)
    assert office.logged("exported") == 1


def test_statistics_for_publication_are_of_a_year_that_is_over(office: Office) -> None:
    budi, year = office.hire("budi", Role.SUPERVISOR), year_before(office)
    answer = budi.post("/exports", table="statistics", year=year + 1)
    assert answer.status_code == 422
    for one in many(office, {"3578": 10, "33": 40}):
        change(office, one, opened_at=exports.bounds(year)[0])
    found = {(row[0], row[1]): row[2] for row in take(budi, "statistics", year)[1:]}
    assert found["origin", "35"] == found["origin", "33"] == "x"
    assert found["origin", "total"] == "50"
    assert found["origin 35", "3578"] == "x"
    assert not any(v.isdigit() and 0 < int(v) < 11 for v in found.values())


def test_rows_for_publication_are_verified_and_never_alone(office: Office) -> None:
    budi, year = office.hire("budi", Role.SUPERVISOR), year_before(office)
    made = many(office, {"MY": 12, "TW": 1}, part="destination")
    for n, one in enumerate(made):
        office.fact(one, "occupation", "asisten rumah tangga")
        change(
            office, one, opened_at=exports.bounds(year)[0], reasons=["beaten"],
            verification=Verification.VERIFIED.value if n else Verification.UNVERIFIED.value,
            clearing=Clearing.UNIQUE.value,
        )  # fmt: skip
    heading, *rows = take(budi, "ctdc", year)
    assert heading[0] == "yearOfRegistration"
    assert len(rows) == 11  # one is unverified, one would stand alone
    assert {tuple(row) for row in rows} == {tuple(rows[0])}
    assert "TW" not in rows[0]
    assert not any(one.code in str(rows) for one in made)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_cell_of_an_export_is_a_formula(office: Office, form: str) -> None:
    """Whoever names a unit cannot have a spreadsheet run it."""
    budi, evil = office.hire("budi", Role.SUPERVISOR), '=HYPERLINK("http://x","y")'
    year = year_before(office) + 1
    one = office.report()
    with db.write(office.vault.engine) as connection:
        connection.execute(sa.insert(ticket_work), {"ticket_id": one.id, "unit": evil})
    answer = budi.post("/exports", table="work", year=year, form=form)
    if form == "csv":
        [_, row] = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
        assert f"'{evil}" in row
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        cell = next(c for line in sheet.iter_rows() for c in line if "HYPER" in str(c.value))
        assert (cell.data_type, cell.value) == ("s", f"'{evil}")


@pytest.mark.parametrize("text", ["=1", " =1", "+1", "-1", "@x", "＝1", "|x", "%x"])
def test_everything_a_spreadsheet_may_run_is_kept_from_it(text: str) -> None:
    assert exports.harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("tolong;=cmd|' /C calc'!A0", "tolong;'=cmd|' /C calc'!A0"),
        ("a\t+1", "a\t'+1"),
        ("\t=1", "'\t'=1"),
        ("a|@x", "a|'@x"),
        ("a\n -b", "a\n '-b"),
        ('a; "=1', "a; \"'=1"),
        ("a;;=1", "a;;'=1"),
        ("a;＝1", "a;'＝1"),
    ],
)
def test_no_cell_is_a_formula_where_another_sign_parts_cells(text: str, safe: str) -> None:
    """As ";" does in Indonesia."""
    assert exports.harmless(text) == safe
    for sign in ";\t|\n":
        cells = [cell.lstrip(' "') for cell in str(exports.harmless(text)).split(sign)]
        assert not any(cell.startswith(("=", "+", "-", "@", "＝")) for cell in cells)


def test_numbers_and_plain_words_stay_as_they_are() -> None:
    assert [exports.harmless(one) for one in (-1, "Aceh", "", "a; b - c = d")] == [
        -1, "Aceh", "", "a; b - c = d",
    ]  # fmt: skip


def test_the_list_for_the_desk_keeps_to_the_scope(office: Office) -> None:
    budi = office.hire("budi", Role.SUPERVISOR, region="35")
    mine, theirs = many(office, {"3578": 1, "5371": 1})
    office.fact(mine, "story", "rahasia sekali")
    rows = take(budi, "work", year_before(office) + 1)
    assert [row[0] for row in rows] == ["code", mine.code]
    assert theirs.code not in str(rows)
    assert "rahasia" not in str(rows)
