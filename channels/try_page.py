"""The try-out page: a small conversation in the browser, on the same road as every channel."""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated

import anyio
from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool

from channels.limits import Limit
from channels.try_requests import RefusedError, is_form, read_message, refuse_foreign
from channels.try_sessions import COOKIE, keep_session, new_session, session_of
from channels.try_talks import Talks, View
from hotline.messages import Channel
from hotline.networks import network_of
from hotline.settings import Settings
from store import db
from store.texts import Texts, load_texts
from store.vault import Vault

_HERE = Path(__file__).parent
_PAUSE = 0.15  # seconds between looks for new messages
_LONGEST_WAIT = 20.0  # seconds; below the time after which proxies give up
_PREFIX = "utter_try_"
_PAGES = ("/try", "/try/clear")  # the others are looks of our script
_STATIC = {"try.js": "text/javascript", "try.css": "text/css", "icon.svg": "image/svg+xml"}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class _TryPage:
    """The page's answers; one for an application."""

    def __init__(self, vault: Vault, texts: Texts, clock: Callable[[], float]) -> None:
        self._vault = vault
        self._clock = clock
        self._talks = Talks(vault)
        self._texts = texts
        # A quick typist stays far below these; a family behind one address too.
        self._by_session = Limit(burst=20, per_second=0.5)
        self._by_address = Limit(burst=60, per_second=1)
        self._looks = Limit(burst=240, per_second=4)
        pages = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._template = pages.get_template("try.html")

    async def page(self, request: Request) -> Response:
        """Show the conversation so far."""
        try:
            view = await run_in_threadpool(self._talks.view, self._session(request))
        except db.AWAY:
            return self._html(View([], waiting=False), 503, note="unavailable")
        note = "cleared" if "cleared" in request.query_params else None
        return self._html(view, note=note)

    async def send(self, request: Request) -> Response:
        """Store one message; answers only after the commit."""
        token = self._session(request) or new_session()
        draft = ""
        try:
            refuse_foreign(request)
            flood = self._floods(request, token)
            written = await read_message(request)
            draft = written.text
            if flood:
                return await self._refuse(request, RefusedError(429, f"{_PREFIX}too_fast"), draft)
            await run_in_threadpool(self._talks.receive, token, written)
        except RefusedError as refused:
            return await self._refuse(request, refused, draft)
        except db.AWAY:
            return await self._refuse(request, RefusedError(503, f"{_PREFIX}unavailable"), draft)
        response: Response = (
            RedirectResponse("/try", 303) if is_form(request) else JSONResponse({"stored": True})
        )
        keep_session(request, response, self._vault.keyring, token)
        return response

    async def messages(self, request: Request, after: int, wait: float, typing: bool) -> Response:
        """Hand out what is new, waiting up to `wait` seconds for it.

        With `typing` the browser says that it shows us as typing: it is also told when that ends.
        """
        token = self._session(request)
        deadline = time.monotonic() + (wait if token else 0)
        try:
            # A browser that has gone must not count as having got anything.
            while not await request.is_disconnected():
                view = await run_in_threadpool(self._talks.new, token, after)
                changed = view.messages or (typing and not view.waiting)
                if changed or time.monotonic() >= deadline:
                    return self._json(view, known=token is not None)
                await anyio.sleep(_PAUSE)
            return Response(status_code=204)
        except db.AWAY:
            return JSONResponse({"error": self._say("unavailable", "id")}, 503)

    async def everything(self, request: Request) -> Response:
        """Hand out the whole conversation, to a page that was opened from another site.

        The browser did not show us its cookie then, so the page came without messages.
        """
        token = self._session(request)
        try:
            return self._json(
                await run_in_threadpool(self._talks.view, token), known=token is not None
            )
        except db.AWAY:
            return JSONResponse({"error": self._say("unavailable", "id")}, 503)

    async def clear(self, request: Request) -> Response:
        """Let the browser forget its conversation; what was sent stays stored."""
        try:
            refuse_foreign(request)
        except RefusedError as refused:
            return await self._refuse(request, refused)
        response = RedirectResponse("/try?cleared", 303)
        response.delete_cookie(COOKIE, path="/try")
        return response

    def _session(self, request: Request) -> str | None:
        return session_of(request, self._vault.keyring)

    def _floods(self, request: Request, token: str) -> bool:
        """Say whether a session or an address writes more than a person can."""
        now = self._clock()
        by_address = self._by_address.allows(_from(request), now)
        return not (by_address and self._by_session.allows(token, now))

    def too_fast(self, *, page: bool) -> Response:
        """Refuse somebody who looks too often, without looking anything up."""
        if page:
            response: Response = self._html(View([], waiting=False), 429, note="too_fast")
        else:
            response = JSONResponse({"error": self._say("too_fast", "id")}, 429)
        response.headers["Retry-After"] = "5"
        return response

    def may_look(self, request: Request) -> bool:
        """Say whether an address may read once more."""
        return self._looks.allows(_from(request), self._clock())

    async def _refuse(self, request: Request, refused: RefusedError, draft: str = "") -> Response:
        name = refused.text.removeprefix(_PREFIX)
        if not is_form(request):
            return JSONResponse({"error": self._say(name, "id")}, refused.status)
        try:
            view = await run_in_threadpool(self._talks.view, self._session(request))
        except db.AWAY:
            view = View([], waiting=False)
        return self._html(view, refused.status, note=name, draft=draft)

    def _say(self, name: str, language: str) -> str:
        return self._texts.get(_PREFIX + name, language, Channel.LOCAL)

    def _json(self, view: View, *, known: bool) -> Response:
        return JSONResponse({"messages": view.messages, "waiting": view.waiting, "known": known})

    def _html(
        self, view: View, status: int = 200, *, note: str | None = None, draft: str = ""
    ) -> Response:
        names = (n.removeprefix(_PREFIX) for n in self._texts.responses if n.startswith(_PREFIX))
        # Not a plain dictionary: in a template its own methods would hide texts such as `clear`.
        said = SimpleNamespace(**{name: self._say(name, view.language) for name in names})
        last = max((m["id"] for m in view.messages if not m["inbound"]), default=0)
        page = self._template.render(
            say=said,
            language=view.language if view.language in self._texts.catalogues else "id",
            view=view,
            last=last,
            note=self._say(note, view.language) if note else "",
            draft=draft,
            message_id=secrets.token_hex(16),
        )
        return HTMLResponse(page, status)


def _from(request: Request) -> str:
    return network_of(request.client.host if request.client else "")


def _guarded(response: Response) -> Response:
    response.headers.update(_HEADERS)
    return response


def add_try_page(
    app: FastAPI,
    vault: Vault,
    settings: Settings,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Add the try-out page under /try; reads its texts, template and files once.

    The clock, in seconds, says how fast visitors ask.
    """
    shown = _TryPage(vault, load_texts(), clock)
    files = {name: (_HERE / "static" / name).read_bytes() for name in _STATIC}

    async def looked(request: Request, answer: Callable[[], Awaitable[Response]]) -> Response:
        if shown.may_look(request):
            return _guarded(await answer())
        return _guarded(shown.too_fast(page=request.url.path in _PAGES))

    @app.get("/try")
    async def page(request: Request) -> Response:
        return await looked(request, lambda: shown.page(request))

    @app.post("/try/messages")
    async def send(request: Request) -> Response:
        return _guarded(await shown.send(request))

    @app.get("/try/messages")
    async def messages(
        request: Request,
        after: Annotated[int, Query(ge=0, lt=2**63)] = 0,
        wait: Annotated[float, Query(ge=0, le=_LONGEST_WAIT)] = _LONGEST_WAIT,
        typing: bool = False,
    ) -> Response:
        return await looked(request, lambda: shown.messages(request, after, wait, typing))

    @app.get("/try/transcript")
    async def everything(request: Request) -> Response:
        return await looked(request, lambda: shown.everything(request))

    @app.post("/try/clear")
    async def clear(request: Request) -> Response:
        return await looked(request, lambda: shown.clear(request))

    def static(name: str) -> Callable[[], Response]:
        return lambda: _guarded(Response(files[name], media_type=_STATIC[name]))

    for name in _STATIC:
        app.get(f"/try/{name}")(static(name))
