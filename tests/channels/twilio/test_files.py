"""Files from Twilio: ours with our name and password, nobody else's, never more than allowed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from channels.fetching import FetchLater, FetchRefused
from channels.twilio.sending import make_transport
from hotline.attachments import Reason
from tests.channels.twilio.provider import ACCOUNT, TOKEN, basic
from tests.channels.twilio.stand import settings_of

PHOTO = b"\xff\xd8\xff" + b"paspor" * 100
PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/ME1"


@contextmanager
def store(elsewhere: str = "") -> Iterator[tuple[str, list[str]]]:
    """Let a store of files listen: its address, and the credentials it was shown."""
    shown: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            shown.append(self.headers.get("Authorization", ""))
            known = self.headers.get("Authorization") == basic()
            status = 401 if not known else 307 if elsewhere else 200
            self.send_response(status)
            if elsewhere:
                self.send_header("Location", elsewhere)
            body = PHOTO if status == 200 else b""
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", shown
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def fetch(home: Path, api: str, source: str, limit: int = 10_000, **more: str) -> bytes:
    """Fetch as the media loop does."""
    transport = make_transport(settings_of(home, api, **more))
    return b"".join(transport.fetch(source, limit))  # type: ignore[attr-defined]


def test_a_file_is_fetched_with_our_credentials(tmp_path: Path) -> None:
    """Twilio's media are not public when the account asks for that."""
    with store() as (address, shown):
        assert fetch(tmp_path, address, address + PATH) == PHOTO
    assert shown == [basic()]


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    """Without reading it to its end."""
    with store() as (address, _), pytest.raises(FetchRefused) as refused:
        fetch(tmp_path, address, address + PATH, limit=100)
    assert refused.value.reason is Reason.TOO_BIG


def test_a_wrong_token_is_shown_and_tried_again(tmp_path: Path) -> None:
    """An operator may mend it within the day."""
    with store() as (address, _), pytest.raises(FetchLater) as later:
        fetch(tmp_path, address, address + PATH, SUAR_TWILIO_AUTH_TOKEN="x")
    assert later.value.reason is Reason.DENIED


@pytest.mark.parametrize(
    "source",
    [
        "https://evil.example/ME1",
        "https://api.twilio.com.evil.example/ME1",
        "https://eviltwilio.com/ME1",
        "http://api.twilio.com/ME1",
        "http://127.0.0.1:1/ME1",
        "file:///etc/passwd",
        "https://api.twilio.com@evil.example/ME1",
        "",
    ],
)
def test_nobody_else_is_asked_or_shown_the_token(tmp_path: Path, source: str) -> None:
    """Whatever a message names as its file."""
    with store() as (address, shown), pytest.raises(FetchRefused):
        fetch(tmp_path, address, source)
    assert shown == []


def test_twilio_sending_on_into_a_private_network_is_refused(tmp_path: Path) -> None:
    """And the distributor gets no credentials."""
    with (
        store() as (private, shown),
        store(private.replace("127.0.0.1", "localhost") + "/secret") as (address, _),
        pytest.raises(FetchRefused),
    ):
        fetch(tmp_path, address, address + PATH)
    assert shown == []
    assert TOKEN not in repr(shown)
