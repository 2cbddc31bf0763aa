"""The line to Twilio's interface: its own library, with time-outs, and silent in the log."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from hotline.channel_settings import TwilioSettings

_CONNECT = 5.0  # seconds
_READ = 15.0
# Twilio's library writes each request with its address to the log at INFO: the address of a
# search holds a caller's number.
_log = logging.getLogger("channels.twilio.requests")
_log.setLevel(logging.WARNING)


class Line(TwilioHttpClient):  # type: ignore[misc]  # the library ships no types
    """Twilio's way to speak HTTP with our time-outs; for one thread at a time."""

    def __init__(self, api: str) -> None:
        """Speak to Twilio, or to `api` instead."""
        super().__init__(logger=_log)
        # Given here because the constructor compares it with a number.
        self.timeout = (_CONNECT, _READ)
        self._api = urlsplit(api)
        if api:
            self.session.trust_env = False  # no proxy stands before an address of our own

    def request(self, method: str, url: str, *rest: Any, **named: Any) -> Any:
        """Send one request; nothing is repeated and no redirect is followed."""
        self.retry_after: float | None = None
        if self._api.netloc:
            parts = urlsplit(url)
            url = urlunsplit((*self._api[:2], self._api.path + parts.path, parts.query, ""))
        response = super().request(method, url, *rest, **named)
        self.retry_after = _seconds((response.headers or {}).get("Retry-After"))
        return response


def make_client(settings: TwilioSettings) -> Client:
    """Make Twilio's client for our account; the environment has no say in it."""
    return Client(
        settings.account_sid,
        settings.auth_token,
        http_client=Line(settings.api),
        environment={},
    )


def _seconds(header: str | None) -> float | None:
    try:
        seconds = float(header or "")
    except ValueError:
        return None  # a date, which Twilio does not send
    return seconds if 0 <= seconds <= 86_400 else None
