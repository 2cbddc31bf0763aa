"""A Twilio of our own on this machine: it refuses what Twilio refuses, and a little more.

Written after Twilio's published rules and error codes. Where Twilio would silently drop one of two
parameters that exclude each other, this one refuses, so that we never send both.
"""

from __future__ import annotations

import base64
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
TOKEN = "0123456789abcdef0123456789abcdef"
TEMPLATE = "HX" + "f" * 32
SERVICE = "MG" + "0" * 32
_MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
PARAMETERS = frozenset(
    "To From MessagingServiceSid Body ContentSid ContentVariables StatusCallback".split()
)
_TO = re.compile(r"(whatsapp:)?\+[1-9]\d{6,14}|whatsapp:[A-Z]{2}\.\w{1,128}")
_CALLBACK = re.compile(r"https?://[^\s#]+")
_PLACE = re.compile(r"\{\{(\w+)\}\}")
_SAYS = {
    20003: "Authenticate",
    20404: "The requested resource was not found",
    21211: "Invalid 'To' Phone Number: {to}",
    21602: "Message body is required.",
    21603: "A 'From' or 'MessagingServiceSid' parameter is required to send a message",
    21604: "A 'To' phone number is required.",
    21609: "Invalid 'StatusCallback' URL",
    21610: "Attempt to send to unsubscribed recipient {to}",
    21619: "A text message body or media urls must be specified.",
    21617: "The concatenated message body exceeds the 1600 character limit",
    21654: "ContentSid Required",
    21655: "The ContentSid is Invalid",
    21656: "The ContentVariables Parameter is invalid",
    21910: "Invalid From and To pair. From and To should be of the same channel",
    63016: "Failed to send freeform message because you are outside the allowed window.",
    63018: "Rate limit exceeded for Channel",
    20429: "Too Many Requests",
    20500: "Internal Server Error",
    20503: "Service Unavailable",
}


class RefusalError(Exception):
    """What Twilio answers instead of taking a message."""

    def __init__(self, code: int, status: int = 400, **headers: str) -> None:
        """Refuse with one of Twilio's codes."""
        self.code = code
        self.status = status
        self.headers = headers


@dataclass
class Provider:
    """What it knows and what it took."""

    accepted: list[dict[str, str]] = field(default_factory=list)
    contents: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    # By recipient: what she or he is refused with.
    refuse: dict[str, RefusalError] = field(default_factory=dict)
    # Looks at a request that was taken; True when it has answered in its own way.
    after: Callable[[Any], bool] | None = None
    no_contents: bool = False
    address: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, sent: dict[str, str]) -> dict[str, Any]:
        """Take a message or raise RefusalError."""
        self._check(sent)
        text = sent.get("Body", "")
        if "ContentSid" in sent:
            text = self._fill(sent)
        with self.lock:
            taken = {**sent, "sid": f"SM{len(self.accepted) + 1:032x}", "text": text}
            self.accepted.append(taken)
        return self.resource(taken)

    def resource(self, taken: dict[str, str]) -> dict[str, Any]:
        """Show a message as Twilio does."""
        return {
            "account_sid": ACCOUNT,
            "api_version": "2010-04-01",
            "body": taken["text"],
            "date_created": "Sun, 22 Nov 2026 01:02:03 +0000",
            "date_sent": None,
            "date_updated": "Sun, 22 Nov 2026 01:02:03 +0000",
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": taken.get("From"),
            "messaging_service_sid": taken.get("MessagingServiceSid"),
            "num_media": "0",
            "num_segments": "1",
            "price": None,
            "price_unit": "USD",
            "sid": taken["sid"],
            "status": "queued",
            "subresource_uris": {"media": f"/2010-04-01/Accounts/{ACCOUNT}/Media.json"},
            "to": taken["To"],
            "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{taken['sid']}.json",
        }

    def make_content(self, content: dict[str, Any]) -> dict[str, Any]:
        """Keep a content, if every place in it has a sample and the limits are kept."""
        if self.no_contents:
            raise RefusalError(20500, 500)
        kind, parts = next(iter(content["types"].items()))
        places = set(_PLACE.findall(json.dumps(content["types"])))
        lines = parts.get("actions") or parts.get("items") or []
        fits = 1 <= len(lines) <= (10 if kind == "twilio/list-picker" else 3)
        if not fits or not places <= set(content["variables"]) or "language" not in content:
            raise RefusalError(20001)
        sid = f"HX{len(self.contents) + 1:032x}"
        self.contents[sid] = content
        return {"sid": sid, **content}

    def _check(self, sent: dict[str, str]) -> None:
        to, sender = sent.get("To", ""), sent.get("From", "")
        has = sent.keys() & PARAMETERS
        wrong = {
            21604: not to,
            20001: has != sent.keys() or {"From", "MessagingServiceSid"} <= has,
            21603: not has & {"From", "MessagingServiceSid"},
            21211: not _TO.fullmatch(to),
            21910: bool(sender) and sender.startswith("whatsapp:") != to.startswith("whatsapp:"),
            21609: not _CALLBACK.fullmatch(sent.get("StatusCallback", "https://x/")),
            21654: "ContentVariables" in has and "ContentSid" not in has,
            # Stricter than Twilio, which takes the content and drops the body.
            21619: {"Body", "ContentSid"} <= has,
            21602: not sent.get("Body") and "ContentSid" not in has,
            21617: len(sent.get("Body", "")) > 1600,
        }
        for code, is_so in wrong.items():
            if is_so:
                raise RefusalError(code)
        refusal = self.refuse.get(to)
        if refusal and not (refusal.code == 63016 and sent.get("ContentSid") == TEMPLATE):
            raise refusal

    def _fill(self, sent: dict[str, str]) -> str:
        """Put the variables in and look at the result as a phone would show it."""
        sid = sent["ContentSid"]
        if sid == TEMPLATE:
            if "ContentVariables" in sent:
                raise RefusalError(21656)
            return "template"
        if sid not in self.contents:
            raise RefusalError(21655)
        values = json.loads(sent.get("ContentVariables", "{}"))
        if not all(isinstance(v, str) and v and len(v) <= 1600 for v in values.values()):
            raise RefusalError(21656)
        whole = json.dumps(self.contents[sid]["types"])
        shown = json.loads(_PLACE.sub(lambda m: json.dumps(values.get(m[1], ""))[1:-1], whole))
        kind, parts = next(iter(shown.items()))
        sent["shown"] = json.dumps(parts)
        lines = parts.get("actions") or parts.get("items") or []
        titles = [line.get("title") or line.get("item") for line in lines]
        longest = 24 if kind == "twilio/list-picker" else 20
        sound = (
            lines
            and 1 <= len(parts["body"]) <= 1024
            and len(set(titles)) == len(titles)
            and all(1 <= len(title) <= longest for title in titles)
            and all(1 <= len(line["id"]) <= 200 for line in lines)
            and len(parts.get("button", "x")) in range(1, 21)
        )
        if not sound:
            raise RefusalError(21656)
        return str(parts["body"])


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    provider: Provider


class _Handler(BaseHTTPRequestHandler):
    """One line to Twilio."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: object) -> None:
        """Keep silent."""

    def do_GET(self) -> None:
        """List messages."""
        self._work(self._list)

    def do_POST(self) -> None:
        """Take a message or a content."""
        self._work(self._post)

    def _work(self, what: Callable[[Provider], Any]) -> None:
        provider = self.server.provider
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        provider.asked[urlsplit(self.path).path] += 1
        try:
            self._check_account()
            answer = what(provider)
        except RefusalError as refusal:
            self._refuse(refusal)
            return
        taken = self.command == "POST"
        if not (taken and provider.after and provider.after(self)):
            self.answer(201 if taken else 200, answer)

    def _check_account(self) -> None:
        if self.headers.get("Authorization") != basic():
            raise RefusalError(20003, 401)

    def _post(self, provider: Provider) -> Any:
        path = urlsplit(self.path).path
        if path == "/v1/Content":
            return provider.make_content(json.loads(self.body))
        if path != _MESSAGES:
            raise RefusalError(20404, 404)
        pairs = parse_qsl(self.body.decode(), keep_blank_values=True)
        if len(dict(pairs)) != len(pairs):
            raise RefusalError(20001)
        return provider.take(dict(pairs))

    def _list(self, provider: Provider) -> Any:
        if urlsplit(self.path).path != _MESSAGES:
            raise RefusalError(20404, 404)
        wanted = parse_qs(urlsplit(self.path).query).get("To", [""])[0]
        mine = [one for one in provider.accepted if one["To"] == wanted]
        return {
            "messages": [provider.resource(one) for one in mine],
            "next_page_uri": None,
            "page": 0,
            "page_size": 50,
        }

    def _refuse(self, refusal: RefusalError) -> None:
        to = dict(parse_qsl(self.body.decode(errors="replace"))).get("To", "")
        body = {
            "code": refusal.code,
            "message": _SAYS.get(refusal.code, "Bad Request").format(to=to),
            "more_info": f"https://www.twilio.com/docs/errors/{refusal.code}",
            "status": refusal.status,
        }
        self.answer(refusal.status, body, **refusal.headers)

    def answer(self, status: int, body: Any, **headers: str) -> None:
        """Answer in JSON."""
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(raw)


@contextmanager
def running(provider: Provider) -> Iterator[Provider]:
    """Let it listen on a free port of this machine."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.provider = provider
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    provider.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def basic() -> str:
    """Give the name and password of the account as a header has them."""
    return "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
