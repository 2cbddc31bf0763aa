"""The two processes of ours that face messages: the gateway and the worker."""

from __future__ import annotations

import gc
import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from http import HTTPStatus

import httpx

from channels.escalation import Watch
from channels.figures import Counting
from channels.gateway import build_app
from channels.notices import NoticeSender, make_roads, put_in_force
from channels.places import country_namer
from channels.rasa import RasaBot
from channels.retention import Clearing
from channels.sender import Sender
from channels.sms_providers import give_sms_to_who_carries_it
from channels.transports import make_post, make_transports
from channels.turns import Desk
from channels.worker import Worker
from hotline.faults import where
from hotline.settings import ROOT, Settings
from store.danger import load_guard
from store.knowledge import load_knowledge
from store.texts import load_texts
from store.vault import open_vault
from suar.web import serve

logger = logging.getLogger(__name__)


def serve_gateway(settings: Settings) -> int:
    """Serve HTTP until ended."""
    vault = open_vault(settings)
    app = build_app(vault, settings)
    # What start-up made stays for good. Left in sight of the collector, a full collection goes
    # through all of it and holds every webhook up for 0.15 s (benchmarks/webhooks.py).
    gc.collect()
    gc.freeze()
    serve(app, vault, settings, "gateway", host=settings.host, port=settings.port)
    return 0


def serve_worker(settings: Settings, *, patience: float = 0.0) -> int:
    """Answer waiting messages and send what is written, until ended; what has begun is finished."""
    vault = open_vault(settings)
    desk = Desk(
        vault=vault,
        bot=RasaBot(settings.rasa_url, settings.rasa_token, settings.rasa_timeout),
        guard=load_guard(ROOT / "data" / "danger"),
        texts=load_texts(),
        max_text=settings.max_text,
        burst_limit=settings.burst_limit,
        lease=settings.lease_seconds,
        sms_segments=settings.channels.sms_segments,
        media_bytes=settings.channels.media_bytes,
        country_at=country_namer(load_knowledge(ROOT / "knowledge")),
    )
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    give_sms_to_who_carries_it(vault, settings.channels)
    transports = make_transports(settings)
    put_in_force(vault, settings)
    place = str(settings.home)
    beside: list[Callable[[threading.Event], None]] = [
        Watch(vault, place=place).run,
        Clearing(vault, settings).run,
        Counting(vault, place=place).run,
    ]
    if roads := make_roads(settings):
        beside.append(NoticeSender(vault, roads, place=place).run)
    if transports:
        # Only here: the gateway needs none of the libraries that look into files.
        from channels.media import Fetcher, MediaDesk, run_media

        post = make_post(vault, settings, transports)
        beside.append(Sender(post, slots=settings.workers, poll=settings.poll_seconds).run)
        fetchers = {name: one for name, one in transports.items() if isinstance(one, Fetcher)}
        media = MediaDesk(vault=vault, settings=settings, fetchers=fetchers, texts=desk.texts)
        beside.append(lambda stop: run_media(media, stop))
    worker = Worker(desk, slots=settings.workers, poll=settings.poll_seconds)

    def answering(stop: threading.Event) -> None:
        await_bot(f"{settings.rasa_url}/health", patience, stop)
        worker.run(stop)

    return 0 if run_together([answering, *beside], stop) else 1


def await_bot(url: str, patience: float, stop: threading.Event) -> None:
    """Wait until the bot is ready, for at most `patience` seconds.

    Rasa loads for longer than a caller is let wait: without this, whatever waited while everything
    was down would be answered with an apology at every start.
    """
    until = time.monotonic() + patience
    while time.monotonic() < until and not stop.is_set():
        try:
            if httpx.get(url, timeout=2, trust_env=False).status_code == HTTPStatus.OK:
                return
        except httpx.HTTPError:
            pass
        stop.wait(0.5)


def run_together(parts: Sequence[Callable[[threading.Event], None]], stop: threading.Event) -> bool:
    """Run parts beside each other until `stop`; one that fails ends them all, and gives False.

    A process that only half works would look healthy; one that ends is started again.
    """
    failed = threading.Event()

    def run(part: Callable[[threading.Event], None]) -> None:
        try:
            part(stop)
        except Exception as error:  # noqa: BLE001 - the failure is told by `failed`
            logger.error("a part of the worker ended: %s", where(error))
            failed.set()
        finally:
            stop.set()

    threads = [threading.Thread(target=run, args=(part,)) for part in parts[1:]]
    for thread in threads:
        thread.start()
    run(parts[0])  # in the main thread, which gets the signals
    for thread in threads:
        thread.join()
    return not failed.is_set()
