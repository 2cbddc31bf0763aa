"""Tickets to count, for the tests of figures and exports."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from store import db
from store.console_tables import ticket_regions
from store.tables import tickets
from tests.console.conftest import Office, Report


def many(office: Office, regions: dict[str, int], *, part: str = "origin") -> list[Report]:
    """Open so many tickets for each region."""
    found = []
    for region, number in regions.items():
        for _ in range(number):
            one = office.report(address=f"+62812{office.number:07d}")
            with db.write(office.vault.engine) as connection:
                row = {"ticket_id": one.id, "part": part, "region": region}
                connection.execute(sa.insert(ticket_regions), row)
            found.append(one)
    return found


def change(office: Office, report: Report, **values: object) -> None:
    """Set columns of a ticket."""
    with db.write(office.vault.engine) as connection:
        connection.execute(sa.update(tickets).where(tickets.c.id == report.id).values(**values))


def year_before(office: Office) -> int:
    """Give the last year that is over."""
    return datetime.fromtimestamp(office.clock(), UTC).year - 1
