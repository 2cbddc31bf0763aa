"""The client of Rasa: a whole answer, or NoAnswer within the time it was given."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import parse_headers
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from channels.rasa import Question, RasaBot
from hotline.errors import NoAnswer
from hotline.messages import Choice, Reply
from tests.fakes import Clock
from tests.nobody import nobody_at

QUESTION = Question(7, "abc123", "sms", "tolong 😭", choice="/deny", danger=("beaten",))
GOOD = {
    "language": "jv",
    "replies": [
        {"text": "Nggih."},
        {"text": "Pilih:", "buttons": [{"title": "Ya", "payload": "/affirm"}]},
    ],
}
Serve = Callable[[BaseHTTPRequestHandler], None]


class Peer:
    """A little HTTP server on this machine that does what the test says."""

    def __init__(self, serve: Serve) -> None:
        self.bodies: list[dict[str, object]] = []
        self.headers: list[dict[str, str]] = []
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                peer.bodies.append(json.loads(self.rfile.read(length)))
                peer.headers.append({"path": self.path, **dict(self.headers.items())})
                # A client that has given up hangs up on us, as it should.
                with suppress(BrokenPipeError, ConnectionResetError):
                    serve(self)

            def log_message(self, format: str, *args: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhooks/suar"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()


@pytest.fixture
def peer() -> Iterator[Callable[[Serve], Peer]]:
    """Start servers that end with the test."""
    started: list[Peer] = []

    def start(serve: Serve) -> Peer:
        started.append(Peer(serve))
        return started[-1]

    yield start
    for one in started:
        one.close()


def answering(body: object, status: int = 200) -> Serve:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    def serve(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return serve


def ask(url: str, timeout: float = 60) -> object:
    return RasaBot(url, "rahasia", timeout).ask(QUESTION)


def test_a_whole_answer_is_read(peer: Callable[[Serve], Peer]) -> None:
    """Replies in order, with their choices, and the language they are in."""
    answer = RasaBot(peer(answering(GOOD)).url, "rahasia", 60).ask(QUESTION)
    assert answer.language == "jv"
    assert answer.replies == (Reply("Nggih."), Reply("Pilih:", (Choice("Ya", "/affirm"),)))


def test_the_question_carries_all_that_the_connector_needs(peer: Callable[[Serve], Peer]) -> None:
    """Our message id makes a repeat harmless; the token keeps strangers out."""
    rasa = peer(answering(GOOD))
    ask(rasa.url)
    assert rasa.bodies == [
        {
            "message_id": "7", "conversation": "abc123", "channel": "sms", "text": "tolong 😭",
            "choice": "/deny", "danger": ["beaten"], "doubtful": False, "shared": "",
        }
    ]  # fmt: skip
    assert rasa.headers[0]["Authorization"] == "Bearer rahasia"
    assert rasa.headers[0]["path"] == "/webhooks/suar/turn"


@pytest.mark.parametrize("status", [500, 401, 403, 404, 409, 429, 503, 204, 302])
def test_any_other_status_is_no_answer(peer: Callable[[Serve], Peer], status: int) -> None:
    """Even with a good body: what is not 200 is not an answer."""
    with pytest.raises(NoAnswer, match=str(status)):
        ask(peer(answering(GOOD, status)).url)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"<html>", b"\xff\xfe", b"null", b"[]", b"7",
        {}, {"replies": [{"text": "halo"}]}, {"language": "id"},
        {"language": "id", "replies": None},
        {"language": "id", "replies": ["halo"]},
        {"language": "id", "replies": {"text": "halo"}},
        {"language": "id", "replies": [None]},
        {"language": "id", "replies": [{"text": "halo", "buttons": [{"title": "Ya"}]}]},
        {"language": "id", "replies": [{"text": "halo", "buttons": ["Ya"]}]},
        {"language": None, "replies": [{"text": "halo"}]},
    ],
    ids=lambda body: str(body)[:48],
)  # fmt: skip
def test_an_answer_of_another_form_is_no_answer(
    peer: Callable[[Serve], Peer], body: object
) -> None:
    """A proxy's page or an older connector never breaks the worker."""
    with pytest.raises(NoAnswer):
        ask(peer(answering(body)).url)


@pytest.mark.parametrize("replies", [[], [{}], [{"text": ""}], [{"text": " \n"}], [{"text": None}]])
def test_silence_is_no_answer(peer: Callable[[Serve], Peer], replies: list[object]) -> None:
    """Rasa hides a failed action behind an empty answer."""
    with pytest.raises(NoAnswer, match="nothing"):
        ask(peer(answering({"language": "id", "replies": replies})).url)


def test_nobody_listening_is_no_answer_in_time() -> None:
    """A Rasa that is down costs the caller no more than the time-out."""
    clock = Clock(0.0)  # only what is waited counts, not how slow the machine is
    with nobody_at() as port:
        url = f"http://127.0.0.1:{port}"
        bot = RasaBot(url, "rahasia", 0.7, now=clock, sleep=clock.advance)
        with pytest.raises(NoAnswer, match="nothing listens"):
            bot.ask(QUESTION)
    assert 0.3 < clock() <= 0.7


def test_a_rasa_that_is_just_starting_is_waited_for() -> None:
    """A restart of Rasa of a second's length costs nobody an answer."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))  # bound, but not listening yet: connections are refused
    port = listener.getsockname()[1]

    def serve_one() -> None:
        time.sleep(0.5)
        listener.listen()
        connection, _ = listener.accept()
        with connection:
            # The whole question: who closes with some of it unread breaks the line.
            asked = connection.makefile("rb")
            asked.readline()
            asked.read(int(parse_headers(asked)["Content-Length"]))
            body = json.dumps(GOOD).encode()
            head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            connection.sendall(head.encode() + body)

    thread = threading.Thread(target=serve_one)
    thread.start()
    assert ask(f"http://127.0.0.1:{port}") is not None
    thread.join()
    listener.close()


@pytest.mark.parametrize("slow", ["silent", "half an answer", "drop by drop", "hangs up"])
def test_a_slow_rasa_is_no_answer_in_time(peer: Callable[[Serve], Peer], slow: str) -> None:
    """However it dawdles, the whole turn ends with the time-out."""
    ended = threading.Event()

    def serve(handler: BaseHTTPRequestHandler) -> None:
        if slow == "silent":
            ended.wait(100)
            return
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"{")
        if slow == "half an answer":
            ended.wait(100)
        while slow == "drop by drop" and not ended.wait(0.1):
            handler.wfile.write(b" ")
            handler.wfile.flush()

    began = time.monotonic()
    url = peer(serve).url
    try:
        with pytest.raises(NoAnswer):
            ask(url, timeout=0.5)
        # Without the time-out it would be a hundred seconds; a slow machine adds less.
        assert time.monotonic() - began < 40
    finally:
        ended.set()
