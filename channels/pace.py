"""How fast messages may go to a provider: to all callers together, and to one."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

_MOST_KEPT = 20_000


@dataclass(frozen=True)
class Pace:
    """What a provider allows; 0 means no limit."""

    per_second: float = 0.0  # to all together
    chat_seconds: float = 0.0  # between two messages to one caller
    chat_burst: int = 1  # so many to one caller may follow each other at once


# Telegram: 30 a second, one a second to a chat, short bursts allowed (core.telegram.org/bots/faq).
# WhatsApp by Twilio: 80 a second from one sender. SMS: by setting, the line decides.
TELEGRAM = Pace(per_second=30, chat_seconds=1, chat_burst=3)
WHATSAPP = Pace(per_second=80)


@dataclass
class Paces:
    """Keeps the pace of every transport and channel of this process.

    It counts here alone: several workers allow several times as much, and the provider's own
    limit (a 429) then slows them down.
    """

    known: dict[tuple[str, str], Pace] = field(default_factory=dict)
    _next: dict[tuple[str, ...], float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def reserve(self, transport: str, channel: str, chat: str, now: float) -> float:
        """Take the next free place; returns the seconds to wait for it."""
        pace = self.known.get((transport, channel))
        if pace is None:
            return 0.0
        with self._lock:
            if len(self._next) > _MOST_KEPT:
                self._next = {key: at for key, at in self._next.items() if at > now}
            every = 1 / pace.per_second if pace.per_second else 0.0
            # Many wait in line for the transport's places, so no burst there.
            place = self._take((transport, channel), every, 1, now)
            mine = self._take((transport, channel, chat), pace.chat_seconds, pace.chat_burst, now)
        return max(place, mine)

    def _take(self, key: tuple[str, ...], every: float, burst: int, now: float) -> float:
        if not every:
            return 0.0
        free = max(self._next.get(key, now), now)
        self._next[key] = free + every
        return max(0.0, free - now - (burst - 1) * every)
