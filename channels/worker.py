"""The worker: claims conversations that are due and answers their messages, in order, once each."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from channels.turns import Desk, LostLeaseError, answer
from hotline.faults import where
from store import db, inbox
from store.heartbeats import beat

logger = logging.getLogger(__name__)
_BEAT_SECONDS = 2.0
_FAILURE_PAUSE = 1.0


class Worker:
    """One process's worker; several may run on one database, each with its own name."""

    def __init__(self, desk: Desk, *, slots: int, poll: float) -> None:
        """Answer up to `slots` conversations at a time; look for work every `poll` seconds."""
        self._desk = desk
        self._slots = slots
        self._poll = poll
        # New at every start: a dead process's leases must never look like ours.
        self.name = f"{socket.gethostname()[:20]}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._busy: set[str] = set()
        self._lock = threading.Lock()
        self._beat_at = 0.0

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; finishes what has begun."""
        with ThreadPoolExecutor(self._slots, thread_name_prefix="turn") as pool:
            while not stop.is_set():
                try:
                    claimed = self._claim()
                except db.AWAY as error:
                    # The database may be away for a while; messages wait in it or at the provider.
                    logger.error("cannot look for work: %s", type(error).__name__)
                    stop.wait(_FAILURE_PAUSE)
                    continue
                for conversation in claimed:
                    pool.submit(self._work, conversation)
                if not claimed:
                    stop.wait(self._poll)

    def _claim(self) -> list[str]:
        now = self._desk.now()
        self._beat(now)
        with self._lock:
            busy = set(self._busy)
        free = self._slots - len(busy)
        if free <= 0 or not self._due(now):
            return []
        with db.write(self._desk.vault.engine) as connection:
            claimed = inbox.claim(
                connection,
                owner=self.name,
                limit=free,
                now=now,
                lease=self._desk.lease,
                busy=busy,
            )
        with self._lock:
            self._busy.update(claimed)
        return claimed

    def _due(self, now: float) -> bool:
        # A cheap look first: taking SQLite's write lock twenty times a second would slow writers.
        with db.read(self._desk.vault.engine) as connection:
            return inbox.anything_due(connection, now)

    def _beat(self, now: float) -> None:
        if time.monotonic() - self._beat_at < _BEAT_SECONDS:
            return
        self._beat_at = time.monotonic()
        with db.write(self._desk.vault.engine) as connection:
            beat(connection, self.name, "worker", now)

    def _work(self, conversation: str) -> None:
        """Answer everything that waits in a conversation, then give it back."""
        try:
            while True:
                with db.read(self._desk.vault.engine) as connection:
                    waiting = inbox.next_waiting(connection, self._desk.vault.keyring, conversation)
                if waiting is None:
                    break
                answer(self._desk, conversation, waiting, owner=self.name)
            self._give_back(conversation, None)
        except LostLeaseError:
            logger.warning("conversation %s was taken over", conversation)
        except Exception as error:  # noqa: BLE001 - one conversation must not stop the others
            logger.error("conversation %s: %s", conversation, where(error))
            self._give_back_later(conversation)
        finally:
            with self._lock:
                self._busy.discard(conversation)

    def _give_back(self, conversation: str, again_at: float | None) -> None:
        with db.write(self._desk.vault.engine) as connection:
            inbox.release(connection, conversation, owner=self.name, again_at=again_at)

    def _give_back_later(self, conversation: str) -> None:
        try:
            self._give_back(conversation, self._desk.now() + _FAILURE_PAUSE)
        except sa.exc.DBAPIError:
            # The lease will run out by itself, and then somebody takes over.
            logger.error("conversation %s stays leased until it runs out", conversation)
