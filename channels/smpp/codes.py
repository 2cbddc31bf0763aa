"""Says what a centre's statuses mean, when it answers a message of ours and in receipts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from channels.codes import load_codes
from channels.smpp import wire
from hotline.delivery import Delivery

codes = load_codes(Path(__file__).with_name("codes.yml"))
# What holds for every message of the account, not for this one alone.
_EVERYONE = frozenset({"not_bound"})
_PAUSE = 1.0  # a centre counts by the second


def status_name(status: int) -> str:
    """Write a status as operators' documents do."""
    return f"0x{status:02x}"


def ended(name: str) -> Delivery:
    """Give the delivery that a code of our own stands for."""
    everyone = name in _EVERYONE
    return codes[name].delivery(retry_after=_PAUSE if everyone else None, everyone=everyone)


def refused(status: int) -> Delivery:
    """Give the delivery that a centre's status stands for."""
    name = status_name(status)
    if status in (wire.THROTTLED, wire.QUEUE_FULL):
        return codes[name].delivery(retry_after=_PAUSE, everyone=True)
    return replace(codes[name].delivery(), code=name[:16])
