"""What the gateway says about itself: health, readiness, figures."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from channels.gateway import build_app
from hotline.settings import load_settings
from store import db
from store.heartbeats import beat
from store.vault import Vault
from suar.processes import free_port
from tests.fakes import SITI, message, receive


@pytest.fixture
def client(vault: Vault, tmp_path: Path) -> TestClient:
    """A gateway whose Rasa and actions server are not there."""
    ports = {"SUAR_RASA_PORT": str(free_port()), "SUAR_ACTIONS_PORT": str(free_port())}
    return TestClient(build_app(vault, load_settings({"SUAR_HOME": str(tmp_path), **ports})))


def test_the_gateway_is_not_ready_while_a_part_is_missing(client: TestClient, vault: Vault) -> None:
    """An operator's monitor must see a dead Rasa before the callers do."""
    with db.write(vault.engine) as connection:
        beat(connection, "w", "worker", time.time())
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
