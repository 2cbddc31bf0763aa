"""What the sender asks of a transport, whichever provider stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from hotline.delivery import Delivery, End, Parcel

__all__ = ["Deleter", "Delivery", "End", "Parcel", "Transport"]


class Transport(Protocol):
    """One way to a provider: `channels/<name>/sending.py` makes it."""

    name: str  # as conversations.transport has it

    def send(self, parcel: Parcel) -> Delivery:
        """Give one message to the provider and say how it ended.

        Blocks, with time-outs of its own; called by several threads at once. Whatever a provider
        or the network does is a Delivery; an exception is a fault of ours and counts as UNCERTAIN.
        A parcel marked as `template` goes out as the provider's approved, content-free template.
        """
        ...


@runtime_checkable
class Deleter(Protocol):
    """A transport whose provider lets messages be taken back."""

    def delete(self, address: str, refs: Sequence[str]) -> list[str]:
        """Take messages back, ours and the caller's; returns the refs that stay.

        Raises OSError when the provider cannot be reached now; it is then asked again.
        """
        ...
