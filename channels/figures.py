"""Counts ahead the figures that are slow to count, in one process at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from channels.alone import Alone, repeat
from store import db, figures_kept
from store.vault import Vault

LEASE = "figures"
_LEASE_SECONDS = 600.0
_LOOK_SECONDS = 120.0
_FAILURE_PAUSE = 900.0


class Counting:
    """One process's counting; of several on one database one works."""

    def __init__(
        self, vault: Vault, *, place: str = "", now: Callable[[], float] = time.time
    ) -> None:
        """Look every few minutes which figures have grown old."""
        self._vault = vault
        self._now = now
        self._claim = Alone(vault, LEASE, place=place, seconds=_LEASE_SECONDS)

    def run(self, stop: threading.Event) -> None:
        """Count until `stop` is set; a fault is noted, and tried again later."""
        repeat(
            lambda: self.count(stop), stop,
            what=LEASE, seconds=_LOOK_SECONDS, failed=_FAILURE_PAUSE,
        )  # fmt: skip

    def count(self, stop: threading.Event | None = None) -> int:
        """Count what has grown old; returns how many pages. 0 also when another one counts."""
        counted, now = 0, self._now()
        with db.read(self._vault.engine) as connection:
            due = figures_kept.due(connection, now=now)
        if not due or not self._claim.holds():
            return 0
        with db.write(self._vault.engine) as connection:
            figures_kept.forget(connection, now=now)
        for one in due:
            if (stop and stop.is_set()) or not self._claim.holds():
                break
            figures_kept.count(
                self._vault, one.audience, one.period, now=self._now(), looked_at=one.looked_at,
                always=True,
            )  # fmt: skip
            counted += 1
        self._claim.give_back()
        return counted
