"""The two processes of ours that face messages: the gateway and the worker."""

from __future__ import annotations

import signal
import threading

import uvicorn

from channels.gateway import build_app
from channels.rasa import RasaBot
from channels.turns import Desk
from channels.worker import Worker
from hotline.settings import ROOT, Settings
from store.danger import load_guard
from store.texts import load_texts
from store.vault import open_vault


def serve_gateway(settings: Settings) -> int:
    """Serve HTTP until ended."""
    app = build_app(open_vault(settings), settings)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    return 0


def serve_worker(settings: Settings) -> int:
    """Answer waiting messages until ended; the message in hand is finished first."""
    desk = Desk(
        vault=open_vault(settings),
        bot=RasaBot(settings.rasa_url, settings.rasa_token, settings.rasa_timeout),
        guard=load_guard(ROOT / "data" / "danger"),
        texts=load_texts(),
        max_text=settings.max_text,
        burst_limit=settings.burst_limit,
        lease=settings.lease_seconds,
    )
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    Worker(desk, slots=settings.workers, poll=settings.poll_seconds).run(stop)
    return 0
