"""The rules of deadlines in force: the worker writes them down, every process reads them."""

from __future__ import annotations

import sqlalchemy as sa

from hotline.deadlines import USUAL, Deadlines, read_deadlines
from store.arrivals import insert_ignoring
from store.duty_tables import desk_rules

_NAME = "deadlines"


def keep(connection: sa.Connection, rules: Deadlines) -> None:
    """Put rules in force; tickets keep the deadlines they have."""
    row = {"name": _NAME, "value": dict(rules.words)}
    if in_force(connection).words == rules.words:
        return
    connection.execute(insert_ignoring(connection, desk_rules), row)
    connection.execute(sa.update(desk_rules).where(desk_rules.c.name == _NAME).values(row))


def in_force(connection: sa.Connection) -> Deadlines:
    """Read the rules; before a worker has run, those that nobody had to set."""
    query = sa.select(desk_rules.c.value).where(desk_rules.c.name == _NAME)
    kept = connection.execute(query).scalar()
    return read_deadlines({**USUAL, **(kept or {})})
