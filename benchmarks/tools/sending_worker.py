"""A worker process that repeats what callers say and sends it as fast as the provider takes it.

Run by benchmarks/sending.py, with the settings in the environment: turns and sending are real, the
bot is not, and the paces that providers ask for are left out.
"""

from __future__ import annotations

import signal
import threading

from channels.rasa import Answer, Question
from channels.sender import Post, Sender
from channels.transports import make_transports
from channels.turns import Desk
from channels.worker import Worker
from hotline.danger import Guard
from hotline.messages import Reply
from hotline.settings import load_settings
from store.texts import load_texts
from store.vault import open_vault
from suar.processes import die_with_parent


class Echo:
    """A bot that takes no time."""

    def ask(self, question: Question) -> Answer:
        """Repeat the question."""
        return Answer((Reply(question.text),), "id")


def main() -> None:
    """Answer and send until ended."""
    die_with_parent()
    settings = load_settings()
    vault = open_vault(settings)
    desk = Desk(
        vault=vault,
        bot=Echo(),
        guard=Guard([]),
        texts=load_texts(),
        max_text=settings.max_text,
        burst_limit=1000,
        lease=settings.lease_seconds,
    )
    post = Post(vault=vault, transports=make_transports(settings), lease=settings.lease_seconds)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    sender = Sender(post, slots=settings.workers, poll=settings.poll_seconds)
    sending = threading.Thread(target=sender.run, args=(stop,))
    sending.start()
    Worker(desk, slots=settings.workers, poll=settings.poll_seconds).run(stop)
    sending.join()


if __name__ == "__main__":
    main()
