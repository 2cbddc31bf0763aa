"""What the gateway says about itself: health, readiness, figures."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from channels.gateway import build_app
from hotline.settings import load_settings
from store import db
from store.crypto import Keyring
from store.heartbeats import beat
from store.vault import Vault
from tests.fakes import SITI, message, receive
from tests.nobody import nobody_at


@pytest.fixture
def client(vault: Vault, tmp_path: Path) -> Iterator[TestClient]:
    """A gateway whose Rasa and actions server are not there, asked from the same machine."""
    with nobody_at() as rasa, nobody_at() as actions:
        ports = {"SUAR_RASA_PORT": str(rasa), "SUAR_ACTIONS_PORT": str(actions)}
        yield gateway(vault, tmp_path, **ports)


def gateway(vault: Vault, home: Path, *, host: str = "127.0.0.1", **more: str) -> TestClient:
    settings = load_settings({"SUAR_HOME": str(home), **more})
    return TestClient(build_app(vault, settings), client=(host, 50000))


def test_the_gateway_is_not_ready_while_a_part_is_missing(client: TestClient, vault: Vault) -> None:
    """An operator's monitor must see a dead Rasa before the callers do."""
    with db.write(vault.engine) as connection:
        # Given ahead of time: a slow machine must not make a sign of life an old one.
        beat(connection, "w", "worker", time.time() + 3600)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": True, "worker": True, "rasa": False, "actions": False}
    assert client.get("/healthz").status_code == 200


def test_the_figures_hold_counts_and_nobody(client: TestClient, vault: Vault) -> None:
    """Neither number nor words of a caller stand in /metrics."""
    receive(vault, message("gaji saya ditahan"))
    figures = client.get("/metrics").text
    assert 'suar_inbox{state="waiting"} 1.0' in figures
    assert "gaji" not in figures
    assert SITI not in figures


@pytest.mark.parametrize("host", ["192.0.2.7", "2001:db8::7", "testclient"])
def test_the_figures_are_not_for_strangers(vault: Vault, tmp_path: Path, host: str) -> None:
    """Who may reach the webhooks does not learn how many people write."""
    assert gateway(vault, tmp_path, host=host).get("/metrics").status_code == 404


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_a_proxy_on_this_machine_does_not_make_a_stranger_a_neighbour(
    client: TestClient, name: str
) -> None:
    """A reverse proxy asks from 127.0.0.1 for the whole world."""
    assert client.get("/metrics", headers={name: "192.0.2.7"}).status_code == 404


def test_with_a_token_only_the_token_opens_the_figures(vault: Vault, tmp_path: Path) -> None:
    """A Prometheus on another machine has it; this machine needs it too."""
    away = gateway(vault, tmp_path, host="192.0.2.7", SUAR_METRICS_TOKEN="rahasia-panjang")
    told = {"Authorization": "Bearer rahasia-panjang"}
    assert away.get("/metrics", headers=told).status_code == 200
    assert away.get("/metrics", headers={"Authorization": b"Bearer r\xe9"}).status_code == 404
    here = gateway(vault, tmp_path, SUAR_METRICS_TOKEN="rahasia-panjang")
    assert here.get("/metrics").status_code == 404


def test_a_database_that_cannot_be_written_is_not_ready(client: TestClient, vault: Vault) -> None:
    """A full disk lets one read on; only writing shows it."""

    def full(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.lower().startswith(("select", "begin", "pragma")):
            raise sa.exc.OperationalError(statement, {}, OSError("database or disk is full"))

    sa.event.listen(vault.engine, "before_cursor_execute", full)
    try:
        answer = client.get("/readyz")
    finally:
        sa.event.remove(vault.engine, "before_cursor_execute", full)
    assert (answer.status_code, answer.json()["database"]) == (503, False)


def test_figures_of_a_database_that_is_away_are_an_error(tmp_path: Path) -> None:
    """A monitor must not take silence for zero messages."""
    engine = sa.create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    away = gateway(Vault(engine, Keyring.new()), tmp_path)
    assert away.get("/metrics").status_code == 503
    assert away.get("/readyz").status_code == 503


@pytest.mark.parametrize("token", ["", "rahasia-panjang"])
def test_readiness_is_not_for_strangers(vault: Vault, tmp_path: Path, token: str) -> None:
    """It writes, and tells how we are built; this machine may ask also where a token is set."""
    env = {"SUAR_METRICS_TOKEN": token}
    away = gateway(vault, tmp_path, host="192.0.2.7", **env)
    assert away.get("/readyz").status_code == 404
    told = {"Authorization": f"Bearer {token}"}
    assert away.get("/readyz", headers=told).status_code == (503 if token else 404)
    here = gateway(vault, tmp_path, **env)
    assert here.get("/readyz").status_code == 503
    assert here.get("/readyz", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404
    assert away.get("/healthz").status_code == 200


def test_readiness_is_looked_at_once_a_second(client: TestClient, vault: Vault) -> None:
    """However many ask, messages are stored as quickly as ever."""
    writes = 0

    def count(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        nonlocal writes
        writes += statement.lower().startswith(("insert", "update"))

    sa.event.listen(vault.engine, "before_cursor_execute", count)
    try:
        began = time.monotonic()
        for _ in range(20):
            client.get("/readyz")
        looks = 1 + int(time.monotonic() - began)
    finally:
        sa.event.remove(vault.engine, "before_cursor_execute", count)
    assert 1 <= writes <= 2 * looks, "a look is an update, and an insert at the first"
