"""The headers of every answer: no foreign script, no framing, nothing left in a cache."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The longest form is a report of 8,000 characters, nine bytes each in the farthest script.
MOST_BYTES = 256 * 1024
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; media-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}


class Small:
    """Reads no more of a request than a form of ours can hold: no page takes files."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and stop its reader where it grows too large."""
        told = dict(scope.get("headers", ())).get(b"content-length", b"0")
        seen = 0
        # What is not a number the server itself has refused.
        size = int(told[:19]) if told.isdigit() else 0

        async def measured() -> Message:
            nonlocal seen
            # Said to be too large, nothing of it is read; said nothing, it is counted.
            message = await receive() if size <= MOST_BYTES else {}
            seen += len(message.get("body", b""))
            if max(size, seen) > MOST_BYTES:
                raise HTTPException(413)
            return message

        await self._app(scope, measured, send)


class Headers:
    """Adds them, without holding back what is streamed."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        """Stand before an application; `secure` when browsers come over TLS."""
        self._app, self._secure = app, secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and complete its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self._app(scope, receive, complete)

    def _add(self, headers: MutableHeaders, path: str) -> None:
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        if not path.startswith("/static/"):
            headers["Cache-Control"] = "no-store"
        if self._secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"
