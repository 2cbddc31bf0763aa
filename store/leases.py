"""Leases on names: one holder at a time, and what a dead holder kept becomes free by itself."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from store.arrivals import insert_ignoring
from store.tables import metadata

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("place", sa.String(255), nullable=False),  # machine and folder, for the operator
    sa.Column("until", sa.Double, nullable=False),  # by the database's clock
)


@dataclass(frozen=True)
class Holder:
    """Who has a lease, and where an operator finds him."""

    owner: str
    place: str
    until: float


def clock(connection: sa.Connection) -> float:
    """Ask the database what time it is: two machines' own clocks may differ."""
    if connection.dialect.name == "postgresql":
        query = sa.text("SELECT extract(epoch FROM clock_timestamp())")
    else:
        query = sa.text("SELECT (julianday('now') - 2440587.5) * 86400.0")
    return float(connection.execute(query).scalar_one())


def take(
    connection: sa.Connection, name: str, holder: Holder, *, seconds: float, now: float
) -> Holder | None:
    """Take or prolong a lease; gives the holder when that is somebody else, and changes nothing."""
    row = {"name": name, "owner": holder.owner, "place": holder.place[:255], "until": now + seconds}
    connection.execute(insert_ignoring(connection, leases), row)
    free = (leases.c.owner == holder.owner) | (leases.c.until <= now)
    taken = connection.execute(sa.update(leases).where(leases.c.name == name, free).values(row))
    if taken.rowcount:
        return None
    other = connection.execute(sa.select(leases).where(leases.c.name == name)).one()
    return Holder(other.owner, other.place, other.until)


def give_back(connection: sa.Connection, name: str, owner: str) -> None:
    """Free a lease, if it is still ours."""
    connection.execute(sa.delete(leases).where(leases.c.name == name, leases.c.owner == owner))
