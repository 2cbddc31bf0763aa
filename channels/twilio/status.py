"""Reads what Twilio tells of our own messages: where each is on its way, and why it failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.messages import OutboxState

# Twilio's status -> ours. What Twilio holds is sent as far as we can do anything about it. Parts
# that arrived without the others are not a message: nothing is called delivered that is not whole.
_STATES = {
    "accepted": OutboxState.SENT,
    "scheduled": OutboxState.SENT,
    "queued": OutboxState.SENT,
    "sending": OutboxState.SENT,
    "sent": OutboxState.SENT,
    "partially_delivered": OutboxState.SENT,
    "delivered": OutboxState.DELIVERED,
    "read": OutboxState.READ,
    "undelivered": OutboxState.FAILED,
    "failed": OutboxState.FAILED,
    "canceled": OutboxState.FAILED,
}
_INBOUND = frozenset({"received", "receiving"})


@dataclass(frozen=True)
class Told:
    """One status of one of our messages."""

    provider_id: str
    status: str
    state: OutboxState
    code: str | None
    outbox_id: int | None


def is_status(form: Mapping[str, str]) -> bool:
    """Say whether a request is about a message of ours, at whichever address it arrives."""
    status = form.get("MessageStatus") or form.get("SmsStatus") or ""
    return bool(status) and status.lower() not in _INBOUND


def parse_status(form: Mapping[str, str], told_of: str) -> Told | None:
    """Read a status; None when it is one we have no use for.

    `told_of` is our own number of the message, from the address we gave with it: it tells that a
    message went out of which the answer was lost.
    """
    status = (form.get("MessageStatus") or form.get("SmsStatus") or "").lower()
    provider_id = form.get("MessageSid") or form.get("SmsSid") or ""
    state = _STATES.get(status)
    if state is None or not provider_id or len(provider_id) > 128:
        return None
    code = form.get("ErrorCode", "").strip()[:16]
    known = told_of.isascii() and told_of.isdigit() and len(told_of) < 19
    return Told(
        provider_id,
        status,
        state,
        code if code not in {"", "0"} else None,
        int(told_of) if known else None,
    )
