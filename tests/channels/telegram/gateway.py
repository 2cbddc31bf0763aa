"""A running gateway with Telegram's webhook alone, and what it has stored."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
import uvicorn
from fastapi import FastAPI

from channels.telegram.webhook import PATH, add_telegram
from hotline.settings import Settings
from store import arrivals, db
from store.tables import conversation_events, conversations, inbox
from store.vault import Vault
from tests.channels.telegram.emulator import wait_until


@contextmanager
def serving(vault: Vault, settings: Settings, engine: sa.Engine | None = None) -> Iterator[str]:
    """Serve the webhook; gives its address."""
    group = arrivals.grouped(engine or vault.engine, vault.keyring)
    group.start()
    app = FastAPI()
    add_telegram(app, vault, settings, group)
    # Ours from here on: a port found first and taken later may be another test's.
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    port = listener.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        wait_until(lambda: server.started)
        yield f"http://127.0.0.1:{port}{PATH}"
    finally:
        server.should_exit = True
        thread.join(120)
        listener.close()
        group.stop()
        if hasattr(app.state, "telegram_line"):
            app.state.telegram_line.close()


def stored(vault: Vault) -> list[tuple[str, str]]:
    """List the kind and text of every stored message, in order."""
    with db.read(vault.engine) as connection:
        rows = connection.execute(sa.select(inbox).order_by(inbox.c.id)).all()
    return [(row.kind, vault.keyring.open(row.text_sealed, "inbox.text")) for row in rows]


def details(vault: Vault) -> dict[str, Any]:
    """Give what the newest message holds besides its text."""
    with db.read(vault.engine) as connection:
        row = connection.execute(sa.select(inbox).order_by(inbox.c.id.desc()).limit(1)).one()
    held: dict[str, Any] = json.loads(vault.keyring.open(row.details_sealed, "inbox.details"))
    return held


def unreachable(vault: Vault) -> list[str | None]:
    """Say of every conversation why its caller cannot be reached."""
    with db.read(vault.engine) as connection:
        return list(connection.execute(sa.select(conversations.c.unreachable)).scalars())


def events(vault: Vault) -> list[str]:
    """List what was written into the log of conversations."""
    with db.read(vault.engine) as connection:
        query = sa.select(conversation_events.c.kind).order_by(conversation_events.c.id)
        return list(connection.execute(query).scalars())
