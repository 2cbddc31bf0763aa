"""Watches the deadlines: late tickets go up and staff are told, by one process at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from channels.alone import Alone, repeat
from hotline.deadlines import Deadlines
from hotline.escalation import Crew
from store import db, deadline_rules, escalation, reminders
from store.vault import Vault

LEASE = "deadlines"
_LEASE_SECONDS = 60.0
_REMIND_SECONDS = 600.0
_FAILURE_PAUSE = 30.0


class Watch:
    """One process's watch; of several on one database one works, the others stand by."""

    def __init__(
        self,
        vault: Vault,
        *,
        place: str = "",
        seconds: float = 10.0,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Look every so many `seconds`."""
        self._vault = vault
        self._seconds = seconds
        self._now = now
        self.claim = Alone(vault, LEASE, place=place, seconds=_LEASE_SECONDS)
        self._remind_at = 0.0

    def run(self, stop: threading.Event) -> None:
        """Watch until `stop` is set; a fault is noted and looked past, for the next look."""
        repeat(self.look, stop, what=LEASE, seconds=self._seconds, failed=_FAILURE_PAUSE)
        self.claim.give_back()

    def look(self) -> int:
        """Do what is due now; returns how many tickets went up. 0 also when another one watches."""
        engine, now = self._vault.engine, self._now()
        if not self.claim.holds():
            return 0
        with db.read(engine) as connection:
            rules = deadline_rules.in_force(connection)
            crew = escalation.crew(connection, now=now)
            late = escalation.due(connection, rules, now=now)
            # Where nobody can be told, nothing has to be written down.
            untold = escalation.untold(connection, now=now) if crew.reachable else []
        raised = 0
        # One transaction each: callers' messages get in between, and locks are held one at a time.
        for one in late:
            with db.write(engine) as connection:
                raised += bool(escalation.escalate(connection, one, crew, rules, now=now))
        for ticket_id, place in untold:
            with db.write(engine) as connection:
                escalation.alarm(connection, ticket_id, place, crew, now=now)
        self._remind(crew, rules, now)
        return raised

    def _remind(self, crew: Crew, rules: Deadlines, now: float) -> None:
        if now < self._remind_at or not crew.reachable:
            return
        self._remind_at = now + _REMIND_SECONDS
        with db.write(self._vault.engine) as connection:
            reminders.remind(connection, crew, rules, now=now)
