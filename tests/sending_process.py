"""A worker process with a bot that only repeats: real turns, real sending, no Rasa.

Run: `python -m tests.sending_process [clock=FILE]`, with the settings in the environment. FILE
holds the seconds by which the process's clock is wrong; a test writes another number to set it.
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from channels.sender import Sender
from channels.transports import make_post, make_transports
from channels.worker import Worker
from hotline.settings import load_settings
from store.vault import open_vault
from suar.processes import die_with_parent
from tests.fakes import FakeBot, make_desk, reply

CLOCK = "clock="


def clock_of(file: Path | None) -> Callable[[], float]:
    """Give the machine's clock, moved by what stands in a file."""
    if file is None:
        return time.time
    return lambda: time.time() + float(file.read_text() or 0)


def main() -> None:
    """Answer and send until ended."""
    told = sys.argv[1] if len(sys.argv) > 1 else ""
    clock = clock_of(Path(told.removeprefix(CLOCK)) if told.startswith(CLOCK) else None)
    die_with_parent()
    logging.basicConfig(format="%(asctime)s %(process)d %(levelname)s %(message)s")
    settings = load_settings()
    vault = open_vault(settings)
    bot = FakeBot(lambda question: reply(f"{question.text}/1", f"{question.text}/2"))
    desk = make_desk(vault, bot, clock, lease=settings.lease_seconds, burst_limit=10_000)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    post = replace(make_post(vault, settings, make_transports(settings)), now=clock)
    sender = Sender(post, slots=settings.workers, poll=settings.poll_seconds)
    sending = threading.Thread(target=sender.run, args=(stop,))
    sending.start()
    Worker(desk, slots=settings.workers, poll=settings.poll_seconds).run(stop)
    sending.join()


if __name__ == "__main__":
    main()
