"""How our two web applications are served: whose word they take, what they log, signs of life."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
import uvicorn
from fastapi import FastAPI

from hotline.settings import Settings
from store import db
from store.heartbeats import FRESH, beat, process_name
from store.vault import Vault

logger = logging.getLogger(__name__)
_BEAT_SECONDS = FRESH / 3


def serve(
    app: FastAPI, vault: Vault, settings: Settings, kind: str, *, host: str, port: int
) -> None:
    """Serve an application until ended."""
    with signs_of_life(vault, kind):
        uvicorn.run(
            app,
            host=host,
            port=port,
            # Its own way of logging would print what an error says.
            log_config=None,
            log_level="warning",
            access_log=False,
            forwarded_allow_ips=list(settings.trusted_proxies),
            timeout_graceful_shutdown=1,  # open consoles hold a stream each
        )


@contextmanager
def signs_of_life(vault: Vault, kind: str, *, seconds: float = _BEAT_SECONDS) -> Iterator[None]:
    """Let others know that this process works, for as long as it does."""
    name, stop = process_name(), threading.Event()

    def once() -> None:
        try:
            with db.write(vault.engine) as connection:
                beat(connection, name, kind, time.time())
        except (sa.exc.DBAPIError, sa.exc.TimeoutError) as error:
            found = type(getattr(error, "orig", None) or error).__name__
            logger.warning("no sign of life can be given: %s", found)

    def again() -> None:
        while not stop.wait(seconds):
            once()

    once()
    # A daemon: whatever ends the process must not wait for it.
    threading.Thread(target=again, name="signs-of-life", daemon=True).start()
    try:
        yield
    finally:
        stop.set()
