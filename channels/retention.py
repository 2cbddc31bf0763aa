"""Clears once a day what the rules of retention say, in one process at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from channels.alone import Alone, repeat
from hotline.retention import DAY
from hotline.settings import Settings
from store import db, retention
from store.retention import Counts
from store.vault import Vault

_LEASE_SECONDS = 600.0
_LOOK_SECONDS = 600.0
_FAILURE_PAUSE = 900.0


class Clearing:
    """One process's retention; of several on one database one works."""

    def __init__(
        self, vault: Vault, settings: Settings, *, now: Callable[[], float] = time.time
    ) -> None:
        """Look every few minutes whether a day has passed since the last time."""
        self._vault = vault
        self._settings = settings
        self._now = now
        place = str(settings.home)
        self._claim = Alone(vault, retention.LEASE, place=place, seconds=_LEASE_SECONDS)

    def run(self, stop: threading.Event) -> None:
        """Clear once a day until `stop` is set; a fault is noted, and tried again later."""
        repeat(
            lambda: self.clear(stop=stop), stop,
            what=retention.LEASE, seconds=_LOOK_SECONDS, failed=_FAILURE_PAUSE,
        )  # fmt: skip

    def clear(
        self,
        *,
        at_once: bool = False,
        actor: str = retention.ACTOR,
        stop: threading.Event | None = None,
    ) -> Counts | None:
        """Clear what is due; None when that was done today, or another process is at it."""
        now = self._now()
        with db.read(self._vault.engine) as connection:
            ran = retention.ran_at(connection)
        # A clock that was set back must not put it off for as long as it was ahead.
        if not at_once and ran is not None and 0 <= now - ran < DAY:
            return None
        if not self._claim.holds():
            return None

        def go_on() -> bool:
            return not (stop and stop.is_set()) and self._claim.holds()

        try:
            return retention.clear(self._vault, self._settings, now=now, actor=actor, go_on=go_on)
        finally:
            self._claim.give_back()
