"""Signs of life of the processes, so that others know whether somebody works."""

from __future__ import annotations

import sqlalchemy as sa

from store.tables import heartbeats

FRESH = 10.0  # seconds
_FORGET = 3600.0


def beat(connection: sa.Connection, process: str, kind: str, now: float) -> None:
    """Say that `process` is alive; forgets those silent for an hour."""
    mine = heartbeats.c.process == process
    if not connection.execute(sa.update(heartbeats).where(mine).values(at=now)).rowcount:
        connection.execute(sa.insert(heartbeats), {"process": process, "kind": kind, "at": now})
    connection.execute(sa.delete(heartbeats).where(heartbeats.c.at < now - _FORGET))


def alive(connection: sa.Connection, kind: str, now: float) -> bool:
    """Say whether a process of a kind has given a sign of life just now."""
    query = sa.select(heartbeats.c.process).where(
        heartbeats.c.kind == kind, heartbeats.c.at > now - FRESH
    )
    return connection.execute(query.limit(1)).first() is not None
