"""Tells open pages what has changed: one look at the database a second serves them all."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool

from hotline.staff import Staff, sees
from store import db, news
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
        while self._listeners:
            try:
                before, found = await run_in_threadpool(self._once, seen, before)
            except sa.exc.SQLAlchemyError as error:
                # The database may be away for a while; whoever listens hears on when it is back.
                logger.warning("cannot look for changes: %s", type(error).__name__)
                found = []
            if before is not None:
                self.ready.set()
            if found:
                self._publish(found)
            await asyncio.sleep(self.seconds)

    def _once(
        self, seen: Seen, before: tuple[object, ...] | None
    ) -> tuple[tuple[object, ...], list[News]]:
        with db.read(self.vault.engine) as connection:
            mark = news.fingerprint(connection)
            if mark == before:
                return mark, []
            return mark, news.tell(connection, seen.changed(connection))

    def _publish(self, found: list[News]) -> None:
        for one in list(self._listeners):
            mine = [each for each in found if sees(one.staff, each.place)]
            # A full queue means a page that does not read; it asks anew when it is back.
            with contextlib.suppress(asyncio.QueueFull):
                if mine:
                    one.waiting.put_nowait(mine)
