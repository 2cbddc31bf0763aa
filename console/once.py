"""Forms that must act once: a second click, or a page sent again, must not write twice."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict

_MOST = 10_000


class Once:
    """Remembers which forms were used; the console is one process."""

    def __init__(self) -> None:
        """Begin with none used."""
        self._used: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    @staticmethod
    def new() -> str:
        """Draw a mark for a form."""
        return secrets.token_urlsafe(12)

    def use(self, mark: str) -> bool:
        """Use a form's mark; False when it was used before."""
        with self._lock:
            if mark in self._used:
                return False
            self._used[mark] = None
            if len(self._used) > _MOST:
                self._used.popitem(last=False)
            return True

    def free(self, mark: str) -> None:
        """Let a form be used again, because nothing came of it."""
        with self._lock:
            self._used.pop(mark, None)
