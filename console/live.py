"""Tells open pages what has changed: one look at the database a second serves them all."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field, replace

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool

from hotline.escalation import rings_for
from hotline.roster import Shift
from hotline.staff import Staff, sees
from store import db, news, roster
from store.news import News, Seen
from store.vault import Vault

logger = logging.getLogger(__name__)
_MOST_WAITING = 200  # a page that does not read loses single events, never the hint to look


@dataclass(eq=False)
class Listener:
    """One open page."""

    staff: Staff
    waiting: asyncio.Queue[list[News]] = field(default_factory=lambda: asyncio.Queue(_MOST_WAITING))


@dataclass
class Live:
    """Looks while somebody listens, and rests when nobody does."""

    vault: Vault
    seconds: float = 1.0
    now: Callable[[], float] = field(default=time.time)
    _listeners: set[Listener] = field(default_factory=set)
    _task: asyncio.Task[None] | None = None
    # Set once there is a look to compare with: what comes after it is not missed.
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    @contextlib.asynccontextmanager
    async def listen(self, staff: Staff) -> AsyncIterator[Listener]:
        """Hear of changes from now on."""
        one = Listener(staff)
        self._listeners.add(one)
        if self._task is None or self._task.done():
            self.ready.clear()
            self._task = asyncio.get_running_loop().create_task(self._look())
        try:
            yield one
        finally:
            self._listeners.discard(one)

    async def _look(self) -> None:
        seen, before = Seen(), None
        shifts: list[Shift] = []
        while self._listeners:
            try:
                before, found, shifts = await run_in_threadpool(self._once, seen, before)
            except sa.exc.SQLAlchemyError as error:
                # The database may be away for a while; whoever listens hears on when it is back.
                logger.warning("cannot look for changes: %s", type(error).__name__)
                found = []
            if before is not None:
                self.ready.set()
            if found:
                self._publish(found, shifts)
            await asyncio.sleep(self.seconds)

    def _once(
        self, seen: Seen, before: tuple[object, ...] | None
    ) -> tuple[tuple[object, ...], list[News], list[Shift]]:
        with db.read(self.vault.engine) as connection:
            mark = news.fingerprint(connection)
            if mark == before:
                return mark, [], []
            told = news.tell(connection, seen.changed(connection))
            return mark, told, roster.running(connection, now=self.now())

    def meant_for(self, staff: Staff, found: Iterable[News], shifts: list[Shift]) -> list[News]:
        """Give what somebody may hear of; the alarm is for those on duty who have a page open."""
        listening = {one.staff.id for one in self._listeners}
        return [
            each if rings_for(staff, each.place, _duty(each, shifts), listening)
            else replace(each, critical=False)
            for each in found
            if sees(staff, each.place)
        ]  # fmt: skip

    def _publish(self, found: list[News], shifts: list[Shift]) -> None:
        for one in list(self._listeners):
            mine = self.meant_for(one.staff, found, shifts)
            # A full queue means a page that does not read; it asks anew when it is back.
            with contextlib.suppress(asyncio.QueueFull):
                if mine:
                    one.waiting.put_nowait(mine)


def _duty(told: News, shifts: list[Shift]) -> list[int]:
    """Give whose page sounds first: who is on duty, and who holds the ticket."""
    holder = [] if told.place.staff_id is None else [told.place.staff_id]
    return [*holder, *(shift.staff_id for shift in shifts if shift.covers(told.place))]
