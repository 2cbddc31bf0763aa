"""How an outbound message ends at a provider, how long it is tried, and which status stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from hotline.messages import OutboxState, Purpose, Reply


class End(StrEnum):
    """What one try at a provider came to; every provider code is one of these."""

    SENT = "sent"  # the provider has it
    RETRY = "retry"  # it did not go out; later it may
    REFUSED = "refused"  # never this message
    UNREACHABLE = "unreachable"  # never anything to this address, until the caller writes again
    OPTED_OUT = "opted_out"  # the caller wrote STOP, and the provider knows
    WINDOW_SHUT = "window_shut"  # WhatsApp: she must write first; only a template may go out
    MISCONFIGURED = "misconfigured"  # our account or settings; no message will go out like this
    UNCERTAIN = "uncertain"  # it may have gone out


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One outbound message on its way to a provider."""

    id: int
    conversation: str
    channel: str
    transport: str
    address: str
    language: str
    reply: Reply
    purpose: Purpose
    attempts: int
    # WhatsApp's window is shut: the approved, content-free template goes out, not `reply`.
    template: bool = False


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What a provider made of a parcel; `words` are the provider's, without address or text."""

    end: End
    provider_id: str | None = None
    code: str | None = None
    words: str = ""
    retry_after: float | None = None  # seconds, where the provider says
    everyone: bool = False  # the pause holds for all messages of this transport


# A status never moves back: receipts come unordered. FAILED is last because a network may report
# "sent" first; READ proves more than a late failure, which is then ignored.
_RANK = {
    OutboxState.HELD: 0,
    OutboxState.QUEUED: 0,
    OutboxState.SENDING: 1,
    OutboxState.UNCERTAIN: 2,
    OutboxState.SENT: 3,
    OutboxState.FAILED: 4,
    OutboxState.DELIVERED: 5,
    OutboxState.READ: 6,
}


def later(current: OutboxState, told: OutboxState) -> OutboxState:
    """Give the status that stands when a receipt says `told` about a message in `current`."""
    return told if _RANK[told] > _RANK[current] else current


_GIVE_UP = {"critical": 24 * 3600.0, "high": 12 * 3600.0, "normal": 4 * 3600.0}
_FIRST_PAUSE = 2.0
_LONGEST_PAUSE = {"critical": 60.0, "high": 300.0, "normal": 900.0}


def give_up_after(urgency: str) -> float:
    """Give the seconds during which a message is tried: the more urgent, the longer."""
    return _GIVE_UP.get(urgency, _GIVE_UP["normal"])


def pause(attempts: int, urgency: str, chance: Callable[[], float]) -> float:
    """Give the seconds before the next try: doubling, up to a ceiling by urgency, with jitter.

    `chance` gives numbers from 0 to 1; the jitter takes away up to half, so that messages that
    failed together do not come back together.
    """
    ceiling = _LONGEST_PAUSE.get(urgency, _LONGEST_PAUSE["normal"])
    whole: float = min(_FIRST_PAUSE * 2.0 ** min(attempts, 20), ceiling)
    return whole * (1 - chance() / 2)
