"""What every page works with, and who is asking: closed unless a session opens it."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import urlsplit

import httpx
import sqlalchemy as sa
from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from console.once import Once
from console.pages import LANGUAGES, Pages
from hotline.networks import network_of
from hotline.settings import Settings
from hotline.staff import May
from replies.takeover import Counter
from store import audit, db
from store import staff as accounts
from store.staff import Session
from store.texts_back import Backwards
from store.vault import Vault

_TOUCH_SECONDS = 60.0


@dataclass(frozen=True)
class Desk:
    """The console's own tools; one for an application."""

    vault: Vault
    settings: Settings
    pages: Pages
    counter: Counter
    once: Once = field(default_factory=Once)
    now: Callable[[], float] = field(default=time.time)
    oidc_transport: httpx.BaseTransport | None = None
    # Reads what the bot said in another language backwards, by language.
    back: Callable[[str], Backwards | None] = lambda _language: None

    @property
    def cookie(self) -> str:
        """Name the session cookie; the prefix makes browsers refuse it without TLS."""
        return "__Host-suar" if self.settings.console.secure else "suar_console"

    def show(
        self,
        name: str,
        session: Session | None,
        status: int = 200,
        *,
        language: str = "id",
        **values: Any,
    ) -> HTMLResponse:
        """Render a page."""
        spoken = session.staff.language if session else language
        values["made_at"] = self.now()
        return HTMLResponse(self.pages.render(name, session, spoken, **values), status)

    def log(
        self,
        connection: sa.Connection,
        session: Session | None,
        action: str,
        object: str,
        **details: object,
    ) -> int:
        """Write a line of the audit log for whoever is asking; returns its number."""
        actor = session.staff.login if session else "-"
        return audit.add(
            connection,
            self.vault.keyring,
            actor=actor,
            action=action,
            object=object,
            now=self.now(),
            **details,
        )


def desk_of(request: Request) -> Desk:
    """Give the application's desk."""
    desk: Desk = request.app.state.desk
    return desk


def language_of(request: Request) -> str:
    """Guess the language of somebody who has not logged in yet."""
    wanted = request.headers.get("accept-language", "")[:2].lower()
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


def same_site(request: Request) -> bool:
    """Say whether the request comes from one of our own pages."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def address_of(request: Request) -> str:
    """Say from which address or IPv6 line a request comes; empty when nobody knows."""
    return network_of(request.client.host) if request.client else ""


def streams(request: Request) -> bool:
    """Say whether a page's own stream asks; an EventSource can carry no header of ours."""
    return request.headers.get("accept") == "text/event-stream"


async def signed_in(request: Request) -> Session:
    """Give the session, or refuse; every request that changes something must carry its token."""
    desk = desk_of(request)
    token = request.cookies.get(desk.cookie, "")
    # What a page asks for by itself is no sign of life: an empty chair must not stay logged in.
    alone = "x-by-itself" in request.headers or streams(request)
    session = await run_in_threadpool(_session, desk, token, touch=not alone) if token else None
    if session is None:
        raise NotSignedIn
    if request.method not in {"GET", "HEAD"}:
        given = request.headers.get("x-csrf-token") or (await request.form()).get("csrf", "")
        if not same_site(request) or not hmac.compare_digest(
            str(given).encode(), session.csrf.encode()
        ):
            await run_in_threadpool(_log_forged, desk, session, request.url.path)
            raise HTTPException(403)
    return session


def _session(desk: Desk, token: str, *, touch: bool) -> Session | None:
    now = desk.now()
    with db.read(desk.vault.engine) as connection:
        session = accounts.session(connection, token, now=now)
    if touch and session is not None and now - session.seen_at > _TOUCH_SECONDS:
        with db.write(desk.vault.engine) as connection:
            accounts.touch(connection, session.id, now=now)
    return session


def _log_forged(desk: Desk, session: Session, path: str) -> None:
    with db.write(desk.vault.engine) as connection:
        desk.log(connection, session, "forged_request", path[:64])


class NotSignedIn(Exception):  # noqa: N818 - what it is, not an error
    """Nobody is logged in: the browser is sent to the log-in page."""


SignedIn = Annotated[Session, Depends(signed_in)]
AtDesk = Annotated[Desk, Depends(desk_of)]


def needs(what: May) -> Callable[[Session], Session]:
    """Make a dependency that lets only roles with a permission pass."""

    def check(session: SignedIn) -> Session:
        if not session.staff.may(what):
            raise HTTPException(403)
        return session

    return check
