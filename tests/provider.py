"""A Bot API that takes messages, remembers what it took, and fails in every way a provider can."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

TOKEN = "1234567:" + "x" * 30
USERNAME = "SuarTestBot"
# How often, of a thousand messages, what goes wrong.
FAULTS: Mapping[str, int] = {
    "crowded": 30,
    "error before taking": 20,
    "error after taking": 20,
    "cut off before taking": 20,
    "cut off after taking": 20,
}
_TAKING = frozenset({"fine", "error after taking", "cut off after taking", "hang after taking"})


@dataclass(frozen=True)
class Taken:
    """One message as it was taken."""

    chat: str
    text: str
    at: float


@dataclass
class Provider:
    """What the server remembers and how it behaves."""

    faults: Mapping[str, int] = field(default_factory=dict)
    hangs: list[str] = field(default_factory=list)  # each is used up by one message
    delay: float = 0.0  # seconds that every answer takes
    seed: int = 1
    taken: list[Taken] = field(default_factory=list)
    url: str = ""

    def __post_init__(self) -> None:
        """Make ready."""
        self._chance = random.Random(self.seed)
        self._lock = threading.Lock()
        self._next = 0

    def fate(self) -> str:
        """Choose what happens to a message."""
        with self._lock:
            if self.hangs and len(self.taken) > 5:
                return self.hangs.pop()
            number = self._chance.randrange(1000)
        for name, share in self.faults.items():
            if number < share:
                return name
            number -= share
        return "fine"

    def take(self, chat: str, text: str) -> int:
        """Remember a message and number it."""
        with self._lock:
            self._next += 1
            self.taken.append(Taken(chat, text, time.time()))
            return self._next


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    provider: Provider

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        if self.path.endswith("/getMe"):
            me = {"id": 1234567, "is_bot": True, "first_name": "Suar", "username": USERNAME}
            self._answer(200, {"ok": True, "result": me})
            return
        if not self.path.endswith("/sendMessage"):
            self._answer(200, {"ok": True, "result": True})
            return
        sent = json.loads(body) if body.startswith("{") else _form(body)
        provider, number, fate = self.provider, 0, self.provider.fate()
        time.sleep(provider.delay)
        if fate in _TAKING:
            number = provider.take(str(sent["chat_id"]), str(sent["text"]))
        if fate.startswith("hang"):
            time.sleep(24)
        if fate.startswith(("cut off", "hang")):
            self.close_connection = True
            return
        if fate == "crowded":
            error = {"ok": False, "error_code": 429, "description": "Too Many Requests"}
            self._answer(429, {**error, "parameters": {"retry_after": 1}})
        elif fate.startswith("error"):
            self._answer(502, {"ok": False, "error_code": 502, "description": "Bad Gateway"})
        else:
            chat = {"id": int(sent["chat_id"]), "type": "private", "first_name": "x"}
            message = {"message_id": number, "date": 1, "chat": chat, "text": "x"}
            self._answer(200, {"ok": True, "result": message})

    def _answer(self, status: int, plain: dict[str, Any]) -> None:
        body = json.dumps(plain).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _form(body: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(body).items()}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """Whoever was killed hangs up in the middle."""


@contextmanager
def serving(provider: Provider) -> Iterator[Provider]:
    """Let a provider listen on a free port."""
    handler = type("Handler", (_Handler,), {"provider": provider})
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        provider.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield provider
        server.shutdown()
