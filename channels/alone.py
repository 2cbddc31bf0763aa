"""Work that one process of several does, again and again, beside answering callers."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import sqlalchemy as sa

from hotline.faults import where
from store import db, leases
from store.heartbeats import process_name
from store.leases import Holder
from store.vault import Vault

logger = logging.getLogger(__name__)


class Alone:
    """This process's claim to a piece of work; a dead holder's runs out by itself."""

    def __init__(self, vault: Vault, work: str, *, place: str, seconds: float) -> None:
        """Claim `work` for so many seconds each time it is asked for."""
        self._vault, self._work, self._seconds = vault, work, seconds
        self._holder = Holder(process_name(), place, 0.0)

    def holds(self) -> bool:
        """Take or prolong the claim; False while another process has it."""
        with db.write(self._vault.engine) as connection:
            now = leases.clock(connection)
            other = leases.take(
                connection, self._work, self._holder, seconds=self._seconds, now=now
            )
        return other is None

    def give_back(self) -> None:
        """Let another process have it at once."""
        try:
            with db.write(self._vault.engine) as connection:
                leases.give_back(connection, self._work, self._holder.owner)
        except (sa.exc.DBAPIError, sa.exc.TimeoutError):
            logger.info("the lease on %s runs out by itself", self._work)


def repeat(
    work: Callable[[], object], stop: threading.Event, *, what: str, seconds: float, failed: float
) -> None:
    """Do `work` until `stop` is set; a fault is logged as of `what`, and never ends the process.

    Between two times it waits `seconds`, and after a fault of the work itself `failed`: callers
    are answered by the same process, whatever else cannot be done.
    """
    while not stop.is_set():
        pause = seconds
        try:
            work()
        except (sa.exc.DBAPIError, sa.exc.TimeoutError) as error:
            kind = type(getattr(error, "orig", None) or error).__name__
            logger.error("%s: no database: %s", what, kind)
        except Exception as error:  # noqa: BLE001 - it never ends the process
            logger.error("%s: %s", what, where(error))
            pause = failed
        stop.wait(pause)
