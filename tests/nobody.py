"""Ports at which nobody listens, for as long as a test needs that."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def nobody_at(port: int = 0) -> Iterator[int]:
    """Keep a port free: whoever asks there is refused, and no other test can listen meanwhile."""
    with socket.socket() as kept:
        if port:
            # Somebody listened there a moment ago.
            kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        kept.bind(("127.0.0.1", port))
        yield int(kept.getsockname()[1])
