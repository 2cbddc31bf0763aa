"""The web application that faces the outside: health, figures, and the try-out page."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
import sqlalchemy as sa
from fastapi import FastAPI, HTTPException, Request, Response
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from starlette.concurrency import run_in_threadpool

from channels.doors import may_see_figures, may_see_health
from channels.internal import add_internal
from channels.try_page import add_try_page
from hotline.settings import Settings
from store import arrivals, db
from store.group_commit import GroupCommit
from store.heartbeats import alive, beat, process_name
from store.tables import inbox, outbox, tickets
from store.vault import Vault

AWAY = (sa.exc.DBAPIError, sa.exc.TimeoutError)
_NAME = process_name()


def build_app(vault: Vault, settings: Settings) -> FastAPI:
    """Put the application together; nothing that is not listed here can be reached."""
    group = arrivals.grouped(vault.engine, vault.keyring)
    app = FastAPI(
        title="Suar gateway",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_storing(group),
    )

    ready = _Recently(lambda: _readiness(vault, settings))

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz")
    def readyz(request: Request, response: Response) -> dict[str, bool]:
        if not may_see_health(request, settings.metrics_token):
            raise HTTPException(404)  # it writes, and tells how we are built
        state = ready.look()
        response.status_code = 200 if all(state.values()) else 503
        return state

    @app.get("/metrics")
    def metrics(request: Request) -> Response:
        if not may_see_figures(request, settings.metrics_token):
            raise HTTPException(404)  # as if there were none
        try:
            return Response(_figures(vault), media_type="text/plain; version=0.0.4")
        except AWAY:
            raise HTTPException(503) from None

    _add_webhooks(app, vault, settings, group)
    add_internal(app, vault, settings)
    if settings.try_page:
        add_try_page(app, vault, settings)
    return app


def _storing(group: GroupCommit) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Let webhooks store while the application serves; what they were told is on disk."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        group.start()
        yield
        # It finishes what waits, and whoever waits for it needs this loop.
        await run_in_threadpool(group.stop)
        if (line := getattr(app.state, "telegram_line", None)) is not None:
            await run_in_threadpool(line.close)

    return lifespan


def _add_webhooks(app: FastAPI, vault: Vault, settings: Settings, group: GroupCommit) -> None:
    # A provider's library is loaded only where its settings are.
    if settings.channels.telegram is not None:
        from channels.telegram.webhook import add_telegram

        add_telegram(app, vault, settings, group)
    if settings.channels.twilio is not None:
        from channels.twilio.webhook import add_twilio

        add_twilio(app, vault, settings, group)


class _Recently:
    """Looks at most once a second, however many ask: a look writes to the database."""

    def __init__(self, look: Callable[[], dict[str, bool]]) -> None:
        self._look, self._lock = look, threading.Lock()
        self._at, self._state = -math.inf, dict[str, bool]()

    def look(self) -> dict[str, bool]:
        """Give how it is, or was less than a second ago."""
        with self._lock:
            if time.monotonic() - self._at > 1:
                self._state, self._at = self._look(), time.monotonic()
            return self._state


def _readiness(vault: Vault, settings: Settings) -> dict[str, bool]:
    """Ask every part whether a message would get its answer now."""
    others = {
        "rasa": _answers(f"{settings.rasa_url}/health"),
        "actions": _answers(f"http://127.0.0.1:{settings.actions_port}/health"),
    }
    try:
        # Written, not only read: a full disk lets one read on.
        with db.write(vault.engine) as connection:
            beat(connection, _NAME, "gateway", time.time())
            return {"database": True, "worker": alive(connection, "worker", time.time()), **others}
    except AWAY:
        return {"database": False, "worker": False, **others}


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=1, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _figures(vault: Vault) -> bytes:
    """Count by state; counts only, never who or what."""
    registry = CollectorRegistry()
    with db.read(vault.engine) as connection:
        for name, table in (("inbox", inbox), ("outbox", outbox), ("tickets", tickets)):
            gauge = Gauge(f"suar_{name}", f"{name} rows by state", ["state"], registry=registry)
            count = sa.select(table.c.state, sa.func.count()).group_by(table.c.state)
            for state, number in connection.execute(count):
                gauge.labels(state).set(number)
        oldest = sa.select(sa.func.min(inbox.c.received_at)).where(inbox.c.state == "waiting")
        since = connection.execute(oldest).scalar()
    age = Gauge(
        "suar_oldest_waiting_seconds", "age of the oldest unanswered message", registry=registry
    )
    age.set(max(time.time() - since, 0) if since else 0)
    return generate_latest(registry)
