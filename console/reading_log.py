"""Reading a ticket leaves a line in the audit log, once for each person and ticket in ten minutes.

An open page asks again by itself whenever something changes: a line each would bury the rest.
"""

from __future__ import annotations

from console.desk import Desk
from store import audit, db
from store.staff import Session

AGAIN = 600.0  # seconds


def note(desk: Desk, session: Session, code: str, action: str = "ticket_read") -> None:
    """Write down that somebody reads a ticket, unless that was written a moment ago."""
    with db.read(desk.vault.engine) as connection:
        if audit.noted(
            connection,
            actor=session.staff.login,
            action=action,
            object=code,
            since=desk.now() - AGAIN,
        ):
            return
    with db.write(desk.vault.engine) as connection:
        desk.log(connection, session, action, code)
