"""One installation on one database: Rasa keeps conversations in memory and shares them with nobody.

More `suar worker` and `suar gateway` processes belong to the installation whose Rasa they ask.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa

from hotline.errors import SuarError
from store import db, leases
from store.heartbeats import process_name

LEASE = 20.0  # seconds after which a killed installation no longer stands in the way
_RENEW = 4.0
_LAST_LOOK = 5.0  # seconds in which a look that has begun may end
_NAME = "installation"


class AlreadyRunningError(SuarError):
    """Another installation lives on this database."""


class Hold:
    """Our hold on the database, renewed in the background until it is given back."""

    def __init__(
        self,
        engine: sa.Engine,
        home: Path,
        tell: Callable[[str], None],
        *,
        lease: float = LEASE,
        renew: float = _RENEW,
    ) -> None:
        """Prepare to hold the database of `engine` for the installation in `home`."""
        self._engine = engine
        self._lease, self._renew = lease, renew
        self._holder = leases.Holder(process_name(), f"{socket.gethostname()}:{home}", 0)
        self._tell = tell
        self._ended = threading.Event()
        self._problem: str | None = None
        self._away = False
        self._keeping: threading.Thread | None = None

    def take(self) -> None:
        """Take the database; raises AlreadyRunningError when its holder gives a sign of life.

        A holder who was killed gives none: then this waits until its lease has run out.
        """
        first = self._try()
        if first is not None:
            self._tell(f"Suar ran on this database before ({first.place}): is it alive? ...")
        other = first
        while other is not None:
            if first is not None and (other.owner, other.until) != (first.owner, first.until):
                raise AlreadyRunningError(
                    f"Suar is running on this database already ({other.place}). End that one "
                    "first, or give this one a database of its own (SUAR_DATABASE_URL)"
                )
            time.sleep(0.5)
            other = self._try()
        self._keeping = threading.Thread(target=self._keep, name="hold", daemon=True)
        self._keeping.start()

    def check(self) -> None:
        """Raise SuarError when the database is ours no more."""
        if self._problem is not None:
            raise SuarError(self._problem)

    def give_back(self) -> None:
        """Let others have the database at once."""
        self._ended.set()
        if self._keeping is not None:
            # Else it might take the database again just after it was given back.
            self._keeping.join(_LAST_LOOK)
        with suppress(sa.exc.DBAPIError), db.write(self._engine) as connection:
            leases.give_back(connection, _NAME, self._holder.owner)

    def _try(self) -> leases.Holder | None:
        with db.write(self._engine) as connection:
            now = leases.clock(connection)
            return leases.take(connection, _NAME, self._holder, seconds=self._lease, now=now)

    def _keep(self) -> None:
        while not self._ended.wait(self._renew) and self._problem is None:
            try:
                other = self._try()
            except db.DatabaseGoneError as gone:
                self._problem = f"{gone.statement}; put it back from your backup and start again"
            except (sa.exc.DBAPIError, sa.exc.TimeoutError) as error:
                if not self._away:
                    kind = type(getattr(error, "orig", None) or error).__name__
                    self._tell(f"  the database cannot be written ({kind}): nothing is taken in")
                self._away = True
            else:
                if self._away:
                    self._tell("  the database can be written again")
                self._away = False
                if other is not None and not self._ended.is_set():
                    self._problem = f"another installation has taken the database ({other.place})"


@contextmanager
def sole_installation(engine: sa.Engine, home: Path, tell: Callable[[str], None]) -> Iterator[Hold]:
    """Hold the database against other installations."""
    hold = Hold(engine, home, tell)
    hold.take()
    try:
        yield hold
    finally:
        hold.give_back()
