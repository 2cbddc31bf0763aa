"""The console put together: every page but the log-in is closed without a session."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from console import (
    bulk,
    conflicts,
    corrections,
    elements,
    endings,
    erasure_requests,
    events,
    files,
    follow_ups,
    handover,
    inbox,
    intake,
    links,
    login,
    macro_work,
    oidc_login,
    own_secrets,
    profile_notices,
    referrals,
    roster,
    saved_filters,
    seeing,
    summary,
    talk,
    ticket_changes,
    tickets,
    verification,
    victims,
    watch,
)
from console.desk import Desk, NotSignedIn, language_of, signed_in, streams
from console.guard import Headers, Small
from console.live import Live
from console.macros import load_macros
from console.pages import Pages
from hotline.settings import Settings
from replies.takeover import Counter
from store.texts import load_texts
from store.texts_back import reader
from store.vault import Vault

_STATIC = Path(__file__).parent / "static"
_PRIVATE = (
    login.private, own_secrets.router, inbox.home, inbox.router,
    tickets.reading, ticket_changes.writing, macro_work.router, talk.router,
    intake.router, conflicts.router, endings.router,
    erasure_requests.router,
    victims.reading, victims.writing, elements.reading, elements.writing,
    files.router, bulk.router, events.router,
    referrals.router, summary.router, links.router, follow_ups.router, verification.router,
    seeing.router, corrections.router, saved_filters.router,
    roster.router, handover.router, profile_notices.own, profile_notices.operating,
)  # fmt: skip


def build_app(vault: Vault, settings: Settings, **changes: Any) -> FastAPI:
    """Put the application together; `changes` replace parts of the desk in tests."""
    app = FastAPI(title="Suar console", docs_url=None, redoc_url=None, openapi_url=None)
    texts = load_texts()
    load_macros()  # a slip in these files stops the start, not a responder's page
    counter = Counter(
        vault=vault,
        texts=texts,
        claim_seconds=settings.channels.claim_seconds,
        sms_segments=settings.channels.sms_segments,
        quiet=settings.channels.sms_quiet,
        **{name: changes[name] for name in ("now",) if name in changes},
    )
    desk = Desk(
        vault,
        settings,
        **{"pages": Pages(), "counter": counter, "back": reader(texts.catalogues), **changes},
    )
    app.state.desk, app.state.live = desk, Live(vault, now=desk.now)
    # Pages are not packed: they hold a secret beside what callers wrote, and sizes tell tales.
    files_of_ours = GZipMiddleware(StaticFiles(directory=_STATIC), minimum_size=500)
    app.mount("/static", files_of_ours, name="static")
    app.include_router(login.public)
    app.include_router(watch.public)
    app.include_router(oidc_login.public)
    for router in _PRIVATE:
        app.include_router(router, dependencies=[Depends(signed_in)])

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    app.add_middleware(Small)
    app.add_middleware(Headers, secure=settings.console.secure)
    _add_refusals(app, desk)
    return app


def _add_refusals(app: FastAPI, desk: Desk) -> None:
    @app.exception_handler(NotSignedIn)
    async def send_to_login(request: Request, _error: Exception) -> Response:
        if streams(request):
            # A browser hides the status of a refused stream from its page, so it is told in words.
            return Response("event: ended\ndata: {}\n\n", media_type="text/event-stream")
        if "hx-request" in request.headers:
            # htmx would swap the log-in page into a part of this one. An open page of somebody on
            # duty goes on ringing; /watch sends everybody else to the log-in.
            where = "/watch" if "x-by-itself" in request.headers else "/login"
            return Response(status_code=401, headers={"HX-Redirect": where})
        if request.method != "GET":
            return desk.show("error.html", None, 401, language=language_of(request), code=401)
        return RedirectResponse("/login", 303)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        status = error.status_code
        if status == 404 and "hx-request" in request.headers:
            # The ticket of an open page is hidden from its reader now: what is shown goes as well.
            return Response(status_code=404, headers={"HX-Redirect": "/tickets"})
        return desk.show("error.html", None, status, language=language_of(request), code=status)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, _error: Exception) -> Response:
        # FastAPI's own answer would repeat what was sent.
        return desk.show("error.html", None, 422, language=language_of(request), code=422)

    # PostgreSQL takes no text with a zero byte in it, wherever that came from.
    app.add_exception_handler(sa.exc.DataError, malformed)
    # Nor does SQLite take a number of more than 64 bits.
    app.add_exception_handler(OverflowError, malformed)
