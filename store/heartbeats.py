"""Signs of life of the processes, so that others know whether somebody works."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import uuid
from pathlib import Path

import sqlalchemy as sa

from store.tables import heartbeats

FRESH = 10.0  # seconds
_FORGET = 3600.0
_NAME = re.compile(r"(?P<host>.+)-(?P<number>\d+)-[0-9a-f]{8}")


def process_name() -> str:
    """Name this process, newly at every start: a dead one's traces must never look like ours."""
    return f"{_host()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


def _host() -> str:
    return socket.gethostname()[:20]


def is_here(process: str) -> bool:
    """Say whether a process is one of this machine."""
    named = _NAME.fullmatch(process)
    return named is not None and named["host"] == _host()


def gone(process: str) -> bool:
    """Say whether a process of this machine has ended; of another machine's nothing is known."""
    named = _NAME.fullmatch(process)
    if named is None or named["host"] != _host():
        return False
    number = int(named["number"])
    with contextlib.suppress(OSError):
        # Ended, but not yet seen off by its parent: it still has a number.
        if Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return True
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False  # it is there, but somebody else's
    return False


def beat(connection: sa.Connection, process: str, kind: str, now: float) -> None:
    """Say that `process` is alive; forgets those silent for an hour."""
    mine = heartbeats.c.process == process
    if not connection.execute(sa.update(heartbeats).where(mine).values(at=now)).rowcount:
        connection.execute(sa.insert(heartbeats), {"process": process, "kind": kind, "at": now})
    connection.execute(sa.delete(heartbeats).where(heartbeats.c.at < now - _FORGET))


def beats(connection: sa.Connection, kind: str, now: float) -> dict[str, float]:
    """List the processes of a kind that gave a sign of life just now, with its moment.

    Those of this machine that have ended since are left out.
    """
    query = sa.select(heartbeats.c.process, heartbeats.c.at).where(
        heartbeats.c.kind == kind, heartbeats.c.at > now - FRESH
    )
    return {row.process: row.at for row in connection.execute(query) if not gone(row.process)}


def alive(connection: sa.Connection, kind: str, now: float) -> bool:
    """Say whether a process of a kind has given a sign of life just now."""
    return bool(beats(connection, kind, now))
