"""A gateway with nothing but Twilio's webhooks, and what it has stored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient

from channels.twilio.webhook import add_twilio
from store import arrivals, db
from store.tables import inbox
from store.vault import Vault
from tests.channels.twilio.stand import (
    settings_of,
)

PATH = "/webhooks/twilio"
STATUS = "/webhooks/twilio/status"


def gateway(vault: Vault, home: Path, **more: str) -> Iterator[TestClient]:
    app, group = FastAPI(), arrivals.grouped(vault.engine, vault.keyring)
    add_twilio(app, vault, settings_of(home, **more), group)
    group.start()
    yield TestClient(app, base_url="http://gateway:8080")
    group.stop()


def stored(vault: Vault) -> list[str]:
    """Read the texts of the stored messages."""
    with db.read(vault.engine) as connection:
        rows = connection.execute(sa.select(inbox.c.text_sealed).order_by(inbox.c.id)).scalars()
        return [vault.keyring.open(row, "inbox.text") for row in rows]
