"""What stands above the list of tickets: who is on duty, and what waits for the reader."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from hotline.roster import Shift, near
from store import handover, notice_ways, reminders, roster
from store.staff import Session


@dataclass(frozen=True, kw_only=True)
class DutyLine:
    """The duty of this moment, as one reader sees it."""

    running: list[Shift]
    mine: Shift | None
    notes: int  # hand-over notes that wait for somebody's "read"
    overdue: int  # referrals and follow-ups that are the reader's
    silent: bool  # on duty, but no notice reaches the reader


def duty_line(connection: sa.Connection, session: Session, *, now: float) -> DutyLine:
    """Read it."""
    person = session.staff
    running = [one for one in roster.running(connection, now=now) if near(person, one.region)]
    mine = next((one for one in running if one.staff_id == person.id), None)
    silent = mine is not None and bool(notice_ways.without(connection, [person.id]))
    return DutyLine(
        running=running,
        mine=mine,
        notes=handover.unread(connection, person, now=now) if mine else 0,
        overdue=len(reminders.mine(connection, person, now=now)),
        silent=silent,
    )
