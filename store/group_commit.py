"""Commits many small units of work together: a burst of webhooks costs one disk flush, not many."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from store import db

_MOST = 200  # jobs in one transaction
_LONGEST_QUEUE = 5000  # beyond it we are drowning; the provider shall repeat later

Job = Callable[[sa.Connection], Any]
# Does many jobs in one transaction; gives what each comes to, in their order.
Together = Callable[[sa.Connection, Sequence[Any]], Sequence[Any]]


def one_by_one(connection: sa.Connection, jobs: Sequence[Job]) -> list[Any]:
    """Do jobs that are functions of the connection."""
    return [job(connection) for job in jobs]


class DrowningError(Exception):
    """More work waits than can be stored in time; nothing of this job was stored."""


class _Waiting:
    def __init__(self, job: Any, loop: asyncio.AbstractEventLoop) -> None:
        self.job = job
        self.loop = loop
        self.done: asyncio.Future[Any] = loop.create_future()

    def settle(self, outcome: Any) -> None:
        def tell() -> None:
            if self.done.done():
                return  # whoever asked has gone; the work is stored all the same
            if isinstance(outcome, BaseException):
                self.done.set_exception(outcome)
            else:
                self.done.set_result(outcome)

        # A loop that has ended raises; then nobody waits any more.
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(tell)


class GroupCommit:
    """One writing thread; a job is done when `do` returns, and then it is on disk."""

    def __init__(self, engine: sa.Engine, together: Together = one_by_one) -> None:
        """Write to `engine` by `together`; `start` begins."""
        self._engine = engine
        self._together = together
        self._waiting: queue.Queue[_Waiting | None] = queue.Queue(_LONGEST_QUEUE)
        self._thread = threading.Thread(target=self._run, name="group-commit", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what waits and end."""
        self._waiting.put(None)
        self._thread.join()

    async def do(self, job: Any) -> Any:
        """Run `job` in a transaction shared with others; returns what it gives after the commit.

        Raises what the job or the commit raised, and DrowningError when too much is waiting. A job
        may run twice: when another of its transaction fails, all are done again one by one.
        """
        waiting = _Waiting(job, asyncio.get_running_loop())
        try:
            self._waiting.put_nowait(waiting)
        except queue.Full:
            raise DrowningError from None
        return await waiting.done

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch = [first]
            ending = False
            while len(batch) < _MOST:
                try:
                    more = self._waiting.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    ending = True
                    break
                batch.append(more)
            self._store(batch)
            if ending:
                return

    def _store(self, batch: Sequence[_Waiting]) -> None:
        try:
            with db.write(self._engine) as connection:
                results = self._together(connection, [one.job for one in batch])
        except Exception as error:  # noqa: BLE001 - it goes to those who asked
            # A database that is away is away for all of them.
            if len(batch) == 1 or _away(error):
                for one in batch:
                    one.settle(error)
                return
            # One bad job must not take the others with it.
            for one in batch:
                self._store([one])
            return
        for one, result in zip(batch, results, strict=True):
            one.settle(result)


def _away(error: Exception) -> bool:
    """Say whether a failure will meet every other job too; a deadlock (class 40) will not."""
    if not isinstance(error, sa.exc.OperationalError):
        return False
    return not str(getattr(error.orig, "sqlstate", "") or "").startswith("40")
