"""A worker process with a bot that only repeats: real turns, real sending, no Rasa.

Run: `python -m tests.sending_process`, with the settings in the environment.
"""

from __future__ import annotations

import logging
import signal
import threading
import time

from channels.sender import Sender
from channels.transports import make_post, make_transports
from channels.worker import Worker
from hotline.settings import load_settings
from store.vault import open_vault
from suar.processes import die_with_parent
from tests.fakes import FakeBot, make_desk, reply


def main() -> None:
    """Answer and send until ended."""
    die_with_parent()
    logging.basicConfig(format="%(asctime)s %(process)d %(levelname)s %(message)s")
    settings = load_settings()
    vault = open_vault(settings)
    bot = FakeBot(lambda question: reply(f"{question.text}/1", f"{question.text}/2"))
    desk = make_desk(vault, bot, time.time, lease=settings.lease_seconds, burst_limit=10_000)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    post = make_post(vault, settings, make_transports(settings))
    sender = Sender(post, slots=settings.workers, poll=settings.poll_seconds)
    sending = threading.Thread(target=sender.run, args=(stop,))
    sending.start()
    Worker(desk, slots=settings.workers, poll=settings.poll_seconds).run(stop)
    sending.join()


if __name__ == "__main__":
    main()
