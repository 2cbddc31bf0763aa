"""`suar smpp`: holds the session with the SMS centre, takes in what comes, and sends."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Callable

from channels.sender import Sender
from channels.smpp.ids import Ids
from channels.smpp.joining import FILE, Parts
from channels.smpp.line import Line
from channels.smpp.sending import SmppTransport
from channels.smpp.storing import Stores
from channels.transports import make_post
from hotline.environment import SettingsError
from hotline.settings import Settings
from store.vault import open_vault


def serve_smpp(settings: Settings, now: Callable[[], float] = time.time) -> int:
    """Hold the session until ended; what has begun is finished and written down.

    `now` is the clock by which what comes in is stored.
    """
    smpp = settings.channels.smpp
    if smpp is None:
        raise SettingsError("SUAR_SMPP_HOST is not set; see docs/connect-sms.md")
    vault = open_vault(settings)
    parts, ids = Parts(settings.home / FILE, vault.keyring), Ids()
    line = Line(smpp, vault, Stores(vault, parts, ids, now), ids)
    transport = SmppTransport(smpp, line, ids)
    post = make_post(vault, settings, {transport.name: transport}, alone=transport.name)

    def send(ended: threading.Event) -> None:
        Sender(post, slots=settings.workers, poll=settings.poll_seconds).run(ended)

    async def serve() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await line.run(stop, send)

    try:
        asyncio.run(serve())
    finally:
        parts.close()
    return 0
