"""Keeps the figures of many tickets, which are slow to count, so that their page opens at once.

What is shown says of which moment it is, and is never older than an hour.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from pydantic import TypeAdapter

from hotline.figures import DAY, Period
from hotline.staff import Level, May, Role, Scope, Staff
from store import db, figures_sheet, ticket_bars
from store.arrivals import insert_ignoring
from store.figures_sheet import Sheet
from store.figures_tables import figures_kept as kept
from store.vault import Vault

MANY = 5_000  # tickets; fewer are counted anew at every look, in about a quarter of a second
FRESH = 3600.0  # older figures are not shown
AGAIN = 1200.0  # when a worker counts anew, so that those shown stay fresh
WANTED = 14 * DAY  # so long after the last look

_sheets = TypeAdapter(Sheet)


@dataclass(frozen=True)
class Audience:
    """Whose figures: all who count the same tickets."""

    staff_id: int
    region: str
    unit: str

    @classmethod
    def of(cls, connection: sa.Connection, staff: Staff) -> Audience:
        """Say to whom somebody belongs; from whom a ticket is kept by name counts for herself."""
        if staff.scope.level is not Level.NATIONAL:
            return cls(staff.id, staff.scope.region, staff.unit)
        barred = connection.execute(ticket_bars.against(staff).limit(1)).first()
        return cls(staff.id if barred else 0, "", "")

    def reader(self) -> Staff:
        """Give somebody who counts these tickets."""
        level = {0: Level.NATIONAL, 2: Level.PROVINCE, 4: Level.REGENCY}[len(self.region)]
        return Staff(
            id=self.staff_id, login="", name="", role=Role.SUPERVISOR,
            scope=Scope(level, self.region), unit=self.unit,
        )  # fmt: skip

    def where(self, period: Period) -> sa.ColumnElement[bool]:
        """Give the condition on `figures_kept`."""
        return sa.and_(
            kept.c.staff_id == self.staff_id, kept.c.region == self.region,
            kept.c.unit == self.unit, kept.c.period == period.value,
        )  # fmt: skip


def look(vault: Vault, staff: Staff, period: Period, *, now: float) -> Sheet:
    """Give somebody's figures: those of this moment, or those kept when counting them is slow."""
    if not staff.may(May.SEE_FIGURES):
        with db.read(vault.engine) as connection:
            asked = figures_sheet.asked_at(staff, period, now)
            return figures_sheet.count(connection, vault.keyring, asked)
    with db.read(vault.engine) as connection:
        audience = Audience.of(connection, staff)
        row = connection.execute(sa.select(kept).where(audience.where(period))).first()
    if row is None or row.tickets < MANY or not 0 <= now - row.at < FRESH:
        return count(vault, audience, period, now=now, looked_at=now)
    if now - row.looked_at > FRESH:
        with db.write(vault.engine) as connection:
            query = sa.update(kept).where(audience.where(period))
            connection.execute(query.values(looked_at=now))
    return _sheets.validate_json(row.sheet)


def count(
    vault: Vault,
    audience: Audience,
    period: Period,
    *,
    now: float,
    looked_at: float,
    always: bool = False,
) -> Sheet:
    """Count now, and keep what is of many tickets; with `always` keep it in any case."""
    with db.read(vault.engine) as connection:
        asked = figures_sheet.asked_at(audience.reader(), period, now)
        sheet = figures_sheet.count(connection, vault.keyring, asked)
    if sheet.tickets >= MANY or always:
        _keep(vault, audience, period, sheet, looked_at=looked_at)
    return sheet


def _keep(
    vault: Vault, audience: Audience, period: Period, sheet: Sheet, *, looked_at: float
) -> None:
    row = {
        "staff_id": audience.staff_id, "region": audience.region, "unit": audience.unit,
        "period": period.value, "sheet": _sheets.dump_json(sheet).decode(),
        "tickets": sheet.tickets, "at": sheet.at, "looked_at": looked_at,
    }  # fmt: skip
    with db.write(vault.engine) as connection:
        connection.execute(insert_ignoring(connection, kept), row)
        connection.execute(sa.update(kept).where(audience.where(period)).values(row))


def forget(connection: sa.Connection, *, now: float) -> None:
    """Forget what nobody has looked at for long."""
    connection.execute(sa.delete(kept).where(kept.c.looked_at < now - WANTED))


@dataclass(frozen=True)
class Due:
    """One page that is to be counted anew."""

    audience: Audience
    period: Period
    looked_at: float


def due(connection: sa.Connection, *, now: float) -> list[Due]:
    """List what a worker counts ahead: what somebody looked at lately, and the nation's always."""
    nation = Audience(0, "", "")
    found = {(nation, period): Due(nation, period, now) for period in Period}
    columns = [column for column in kept.c if column is not kept.c.sheet]
    wanted = kept.c.looked_at >= now - WANTED
    for row in connection.execute(sa.select(*columns).where(wanted)):
        audience, period = Audience(row.staff_id, row.region, row.unit), Period(row.period)
        # Where the desk is small, once a day tells whether it still is.
        wait = AGAIN if row.tickets >= MANY else DAY
        if 0 <= now - row.at < wait:
            found.pop((audience, period), None)
        else:
            found[audience, period] = Due(audience, period, row.looked_at)
    return list(found.values())
