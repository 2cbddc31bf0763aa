"""Asks the Bot API over HTTP and says plainly what came back: a result, a refusal, or nothing."""

from __future__ import annotations

import json
from typing import Any

import httpx
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

# With these nothing of the request has left this machine.
_BEFORE = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


class NotSentError(TelegramError):
    """The Bot API could not be reached; it knows nothing of the request."""


class NoReplyError(TelegramError):
    """The request left, and no answer came: it may have been carried out."""


class RefusedError(TelegramError):
    """The Bot API answered with an error."""

    def __init__(self, status: int, says: str, retry_after: float | None) -> None:
        super().__init__(says)
        self.status = status
        self.says = says
        self.retry_after = retry_after


class Wire(HTTPXRequest):
    """The library's own HTTP, with errors that tell what was sent and what was answered.

    The library folds a lost status into one "network error", and its errors quote addresses, which
    hold the bot's token: ours hold neither cause nor address.
    """

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Ask once; raises NotSentError, NoReplyError or RefusedError."""
        try:
            status, payload = await super().do_request(*args, **kwargs)
        except TelegramError as error:
            kind = type(error.__cause__).__name__
            if isinstance(error.__cause__, _BEFORE):
                raise NotSentError(kind) from None
            raise NoReplyError(kind) from None
        if not 200 <= status <= 299:
            raise _refusal(status, payload)
        return status, payload


def _refusal(status: int, payload: bytes) -> RefusedError:
    try:
        told = json.loads(payload)
        says = str(told.get("description") or "")
        after = (told.get("parameters") or {}).get("retry_after")
        return RefusedError(status, says, float(after) if after else None)
    except (ValueError, TypeError, AttributeError):
        # Something between us and Telegram answered, in its own form.
        return RefusedError(status, "", None)
