"""Figures of many tickets are kept: of which moment, for whom, and how long."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from channels.figures import LEASE, Counting
from hotline.figures import DAY, Period
from hotline.staff import Level, Role, Scope, Staff
from store import db, figures_kept, figures_sheet, leases, ticket_bars
from store.figures_kept import AGAIN, FRESH, MANY, WANTED, Audience
from store.figures_sheet import Sheet
from store.figures_tables import figures_kept as table
from store.leases import Holder
from tests.console.conftest import Office
from tests.console.counted import many

NATION = Audience(0, "", "")


def person(region: str = "", id_: int = 9, unit: str = "", role: Role = Role.AUDITOR) -> Staff:
    level = {0: Level.NATIONAL, 2: Level.PROVINCE, 4: Level.REGENCY}[len(region)]
    return Staff(id=id_, login="a", name="A", role=role, scope=Scope(level, region), unit=unit)


def look(office: Office, staff: Staff, period: Period = Period.ALL) -> Sheet:
    return figures_kept.look(office.vault, staff, period, now=office.clock())


def keep(office: Office, audience: Audience = NATION, *, tickets: int = MANY) -> None:
    """Keep the figures over everything as if they were of so many tickets."""
    now = office.clock()
    figures_kept.count(
        office.vault, audience, Period.ALL, now=now, looked_at=now, always=True
    )  # fmt: skip
    with db.write(office.vault.engine) as connection:
        connection.execute(
            sa.update(table).where(audience.where(Period.ALL)).values(tickets=tickets)
        )


def rows(office: Office) -> int:
    with db.read(office.vault.engine) as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_few_tickets_are_counted_at_every_look(office: Office) -> None:
    many(office, {"35": 3})
    assert look(office, person()).tickets == 3
    assert rows(office) == 0
    keep(office, tickets=MANY - 1)
    many(office, {"35": 1})
    assert look(office, person()).tickets == 4


def test_what_is_of_many_is_shown_as_of_its_moment_for_an_hour(office: Office) -> None:
    """The page says of which moment its numbers are."""
    many(office, {"35": 3})
    counted_at = office.clock()
    keep(office)
    many(office, {"35": 1})
    office.clock.advance(FRESH - 1)
    sheet = look(office, person())
    assert (sheet.tickets, sheet.at) == (3, counted_at)
    page = office.hire("ani", Role.AUDITOR).browser.get("/figures?period=all").text
    stated = page.split("Dihitung pada", 1)[1].split("</time>", 1)[0]
    shown = stated.split('datetime="', 1)[1].split('"', 1)[0]
    office.clock.advance(2)
    assert look(office, person()).tickets == 4
    later = office.hire("budi", Role.AUDITOR).browser.get("/figures?period=all").text
    assert shown not in later


def test_kept_figures_are_those_that_were_counted(office: Office) -> None:
    """Written down and read again, nothing is another."""
    many(office, {"3578": 4, "5371": 2})
    staff = person()
    with db.read(office.vault.engine) as connection:
        asked = figures_sheet.asked_at(staff, Period.ALL, office.clock())
        counted = figures_sheet.count(connection, office.vault.keyring, asked)
    keep(office)
    many(office, {"35": 1})
    assert look(office, staff) == counted


def test_small_cells_are_not_written_down(office: Office) -> None:
    many(office, {"3578": 9, "5371": 2, "33": 8})
    keep(office)
    with db.read(office.vault.engine) as connection:
        sheet = json.loads(connection.execute(sa.select(table.c.sheet)).scalar_one())
    cells = {name: reports for name, reports, _, _ in sheet["compared"]["region"]}
    assert cells["53"] is None
    assert 2 not in cells.values()


def test_another_scope_or_unit_never_reads_them(office: Office) -> None:
    """Also when the same person has moved to another province since."""
    many(office, {"35": 3, "53": 5})
    keep(office, Audience(9, "35", "upt"))
    many(office, {"35": 1, "53": 1})
    assert look(office, person("35", unit="upt")).tickets == 3
    for region, unit, id_, expected in (
        ("53", "upt", 9, 6), ("35", "", 9, 4), ("35", "upt", 8, 4), ("", "", 9, 10),
    ):  # fmt: skip
        assert look(office, person(region, id_, unit)).tickets == expected


def test_from_whom_a_ticket_is_kept_by_name_does_not_read_the_nations(office: Office) -> None:
    one, *_ = many(office, {"35": 4})
    with db.write(office.vault.engine) as connection:
        ticket_bars.write(connection, one.id, [ticket_bars.person(9)])
    keep(office)
    assert look(office, person(id_=8)).tickets == 4
    assert look(office, person(id_=9)).tickets == 3


def test_an_operator_and_a_supervisor_of_the_nation_count_the_same(office: Office) -> None:
    """Or one row for all of them would show some of them too much."""
    many(office, {"35": 3, "5371": 2})
    found = [
        figures_kept.look(office.vault, person(role=role, id_=id_), Period.ALL, now=office.clock())
        for id_, role in enumerate(Role, start=1)
    ]
    assert all(sheet == found[0] for sheet in found)


def test_a_worker_counts_the_nations_ahead_and_what_was_looked_at(office: Office) -> None:
    """The small desk's once a day, the large one's as often as it takes to stay fresh."""
    many(office, {"35": 3})
    keep(office, Audience(9, "35", ""))
    counting = Counting(office.vault, now=office.clock)
    assert counting.count() == len(Period)
    assert counting.count() == 0
    keep(office)
    office.clock.advance(AGAIN)
    many(office, {"35": 1})
    assert counting.count() == 2
    assert look(office, person()).at == office.clock()
    assert look(office, person("35")).tickets == 4
    office.clock.advance(DAY)
    assert counting.count() == len(Period) + 1


def test_what_nobody_looks_at_is_forgotten(office: Office) -> None:
    many(office, {"35": 3})
    keep(office, Audience(9, "35", ""))
    office.clock.advance(WANTED + 1)
    Counting(office.vault, now=office.clock).count()
    Counting(office.vault, now=office.clock).count()
    assert rows(office) == len(Period)


def test_a_look_keeps_them_wanted(office: Office) -> None:
    many(office, {"35": 3})
    keep(office, Audience(9, "35", ""))
    counting = Counting(office.vault, now=office.clock)
    for _ in range(3):
        office.clock.advance(WANTED / 2)
        counting.count()
        with db.write(office.vault.engine) as connection:
            connection.execute(sa.update(table).values(tickets=MANY))
        look(office, person("35"))
    assert rows(office) == len(Period) + 1


@pytest.mark.parametrize("ahead", [True, False])
def test_of_several_workers_one_counts(office: Office, ahead: bool) -> None:
    many(office, {"35": 3})
    other = Holder("another", str(Path("/elsewhere")), 0.0)
    if ahead:
        with db.write(office.vault.engine) as connection:
            now = leases.clock(connection)
            leases.take(connection, LEASE, other, seconds=3600, now=now)
    counted = Counting(office.vault, now=office.clock).count()
    assert counted == (0 if ahead else len(Period))
