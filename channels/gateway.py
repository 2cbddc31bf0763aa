"""The web application that faces the outside: health, figures, and the try-out page."""

from __future__ import annotations

import time

import httpx
import sqlalchemy as sa
from fastapi import FastAPI, Response
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from channels.try_page import add_try_page
from hotline.settings import Settings
from store import db
from store.heartbeats import alive
from store.tables import inbox, outbox, tickets
from store.vault import Vault


def build_app(vault: Vault, settings: Settings) -> FastAPI:
    """Put the application together; nothing that is not listed here can be reached."""
    app = FastAPI(title="Suar gateway", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz")
    def readyz(response: Response) -> dict[str, bool]:
        state = _readiness(vault, settings)
        response.status_code = 200 if all(state.values()) else 503
        return state

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(_figures(vault), media_type="text/plain; version=0.0.4")

    if settings.try_page:
        add_try_page(app, vault, settings)
    return app


def _readiness(vault: Vault, settings: Settings) -> dict[str, bool]:
    """Ask every part whether a message would get its answer now."""
    others = {
        "rasa": _answers(f"{settings.rasa_url}/health"),
        "actions": _answers(f"http://127.0.0.1:{settings.actions_port}/health"),
    }
    try:
        with db.read(vault.engine) as connection:
            return {"database": True, "worker": alive(connection, "worker", time.time()), **others}
    except sa.exc.DBAPIError:
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
