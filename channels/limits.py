"""How much one visitor may ask for: a bucket of turns for each, refilled steadily, in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

_MOST_KEPT = 20_000  # visitors remembered; the one who has been quiet longest is forgotten first


@dataclass
class Limit:
    """Allows `burst` requests at once to each visitor, and `per_second` more as time passes.

    It counts in this process alone: several gateways allow several times as much.
    """

    burst: float
    per_second: float
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def allows(self, visitor: str, now: float) -> bool:
        """Say whether a visitor may ask once more, and count it if so."""
        with self._lock:
            left, at = self._left.pop(visitor, (self.burst, now))
            left = min(self.burst, left + (now - at) * self.per_second)
            may = left >= 1
            self._left[visitor] = (left - 1 if may else left, now)
            while len(self._left) > _MOST_KEPT:
                self._left.popitem(last=False)
        return may
