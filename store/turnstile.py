"""Lets processes that write to one SQLite file take turns, in the order in which they ask.

SQLite has one writer, and who finds it busy sleeps ever longer: a webhook could wait for seconds
while a worker wrote again and again. Nothing depends on this for being right; SQLite's own lock
stays, and is all that is left where the patience here has run out.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PATIENCE = 10.0  # seconds
_LOOK = 0.0005  # seconds between looks: far less than a commit takes


class Turnstile:
    """Two locks: who holds `next` waits for `turn`, so that who has just had it cannot overtake."""

    def __init__(self, database: Path) -> None:
        """Use two empty files beside the database; the kernel lets go of them with the process."""
        self._files = [database.with_name(f"{database.name}-{name}") for name in ("next", "turn")]
        self._handles: list[int] = []
        # Queueing our own threads here is fairer than letting them race for the files.
        self._thread = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for this process's and this thread's turn to write."""
        with self._thread:
            now = self._enter()
            try:
                yield
            finally:
                if now is not None:
                    fcntl.flock(now, fcntl.LOCK_UN)

    def _enter(self) -> int | None:
        try:
            following, now = self._open()
        except OSError:
            return None  # a folder that is gone or a full disk: SQLite itself will say so
        until = time.monotonic() + _PATIENCE
        _take(following, until)
        _take(now, until)
        fcntl.flock(following, fcntl.LOCK_UN)
        return now

    def _open(self) -> list[int]:
        for file in self._files[len(self._handles) :]:
            handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._handles.append(handle)
            weakref.finalize(self, os.close, handle)
        return self._handles


def _take(handle: int, until: float) -> bool:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(_LOOK)
        else:
            return True
