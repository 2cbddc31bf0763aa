"""The audit log: one line for every read of personal data, write, export and failed log-in.

Each line's mark covers the line before it and is keyed with the installation's index key, so that
a changed, moved or missing line is found, and nobody can mend the chain who has the database alone.
A cut tail leaves a whole chain; who must be sure notes the last mark elsewhere (`suar audit`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.console_tables import audit_log
from store.crypto import Keyring

_GENESIS = b"\0" * 16
_LOCK = 5748  # an advisory lock of our own: two lines must not share a parent


@dataclass(frozen=True)
class Checked:
    """What checking the log came to."""

    lines: int
    broken: int | None  # the id of the first line that does not fit
    last: str  # the newest mark, in hexadecimal digits


def add(
    connection: sa.Connection,
    keyring: Keyring,
    *,
    actor: str,
    action: str,
    object: str,
    now: float,
    **details: object,
) -> int:
    """Append a line; `details` are ids and enum words, never what somebody said; returns its id."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    newest = sa.select(audit_log.c.hash).order_by(audit_log.c.id.desc()).limit(1)
    previous = connection.execute(newest).scalar()
    row = {
        "actor": actor,
        "action": action,
        "object": object,
        "details": details,
        "at": now,
        "previous_hash": bytes(previous) if previous else _GENESIS,
    }
    query = sa.insert(audit_log).returning(audit_log.c.id)
    made = connection.execute(query, {**row, "hash": _mark(keyring, row)})
    return int(made.scalar_one())


def _mark(keyring: Keyring, row: Mapping[str, Any] | sa.RowMapping) -> bytes:
    covered = [row[name] for name in ("actor", "action", "object", "details", "at")]
    text = json.dumps(covered, sort_keys=True, separators=(",", ":"))
    return keyring.blind("audit", bytes(row["previous_hash"]).hex() + text)


def verify(connection: sa.Connection, keyring: Keyring) -> Checked:
    """Check every line against the one before it."""
    previous, lines = _GENESIS, 0
    for row in connection.execute(sa.select(audit_log).order_by(audit_log.c.id)).mappings():
        fits = bytes(row["previous_hash"]) == previous and bytes(row["hash"]) == _mark(keyring, row)
        if not fits:
            return Checked(lines, int(row["id"]), previous.hex())
        previous, lines = bytes(row["hash"]), lines + 1
    return Checked(lines, None, previous.hex())


def has_mark(connection: sa.Connection, mark: str) -> bool:
    """Say whether a mark that was noted elsewhere is still in the log."""
    try:
        wanted = bytes.fromhex(mark)
    except ValueError:
        return False
    query = sa.select(audit_log.c.id).where(audit_log.c.hash == wanted).limit(1)
    return connection.execute(query).first() is not None


def noted(connection: sa.Connection, *, actor: str, action: str, object: str, since: float) -> bool:
    """Say whether somebody has a line about the whole of something, not older than `since`."""
    rows = connection.execute(
        sa.select(audit_log.c.details).where(
            audit_log.c.object == object,
            audit_log.c.actor == actor,
            audit_log.c.action == action,
            audit_log.c.at > since,
        )
    ).scalars()
    return any(not details for details in rows)


def newest(
    connection: sa.Connection,
    *,
    limit: int,
    before: int | None = None,
    object: str | None = None,
    actor: str | None = None,
) -> list[dict[str, Any]]:
    """Read lines, newest first; `before` pages on."""
    query = sa.select(audit_log).order_by(audit_log.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(audit_log.c.id < before)
    if object:
        query = query.where(audit_log.c.object == object)
    if actor:
        query = query.where(audit_log.c.actor == actor)
    return [dict(row) for row in connection.execute(query).mappings()]
