"""Whose session has ended by idleness while on duty: the alarm may go on, and nothing else."""

from __future__ import annotations

import sqlalchemy as sa

from hotline.staff import Staff, sees
from store import news, roster
from store.console_tables import staff, staff_sessions
from store.staff_rows import person_of, token_hash
from store.staff_sessions import LONGEST_SECONDS


def watching(connection: sa.Connection, token: str, *, now: float) -> tuple[Staff, float] | None:
    """Find who may hear the alarm by a cookie, and since when nobody has touched the session.

    Idleness alone is forgiven: not a log-out, a closed account, a new password, or twelve hours.
    """
    row = connection.execute(
        sa.select(staff, staff_sessions.c.seen_at)
        .join(staff_sessions)
        .where(
            staff_sessions.c.token_hash == token_hash(token),
            staff_sessions.c.ended_at.is_(None),
            staff_sessions.c.opened_at > now - LONGEST_SECONDS,
            staff.c.active,
        )
    ).first()
    if row is None or not roster.on_duty(connection, row.id, now=now):
        return None
    return person_of(row), row.seen_at


def rings(connection: sa.Connection, person: Staff, since: float) -> bool:
    """Say whether a critical ticket waits that came or changed since; not which, nor how many."""
    return any(sees(person, one.place) for one in news.alarming(connection, since))
