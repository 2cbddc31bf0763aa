"""A worker that starts waits for the bot, so that nobody is answered with an apology meanwhile."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from suar.serving import await_bot, run_together


class _Loading(BaseHTTPRequestHandler):
    """Not ready for the first two questions."""

    asked = 0

    def do_GET(self) -> None:
        """Answer as Rasa does while it loads, and after."""
        type(self).asked += 1
        self.send_response(200 if type(self).asked > 2 else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def loading() -> Iterator[str]:
    """Run a bot that is ready after a while; gives its address."""
    _Loading.asked = 0
    server = HTTPServer(("127.0.0.1", 0), _Loading)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/health"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_wait_ends_when_the_bot_is_ready(loading: str) -> None:
    """Not before, and not long after."""
    await_bot(loading, 240, threading.Event())
    assert _Loading.asked == 3


def test_the_wait_ends_with_the_patience() -> None:
    """A bot that never comes must not keep callers waiting for good: then the safe text goes."""
    began = time.monotonic()
    await_bot("http://127.0.0.1:9/health", 1, threading.Event())
    assert time.monotonic() - began >= 1


def test_a_worker_that_is_ended_does_not_wait(loading: str) -> None:
    """Ctrl-C ends it while the bot still loads."""
    stop = threading.Event()
    stop.set()
    await_bot(loading, 60, stop)
    assert _Loading.asked == 0


def test_a_part_that_fails_ends_all_and_is_logged_without_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What an error says may be what a caller wrote."""

    def fails(_: threading.Event) -> None:
        int("ruko nomor lima")

    assert not run_together([lambda stop: stop.wait(60) and None, fails], threading.Event())
    assert "ended: ValueError at " in caplog.text
    assert "ruko" not in caplog.text
