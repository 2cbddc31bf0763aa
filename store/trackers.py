"""Rasa's own conversations, sealed in a table of Rasa's: old ones are dropped while it runs."""

from __future__ import annotations

import sqlalchemy as sa

from hotline.retention import DAY
from hotline.settings import Settings
from store import db
from store.vault import Vault

KEPT_DAYS = 30  # as bot/tracker_store.py, which looks at each start only
_table = sa.Table(
    "rasa_trackers",
    sa.MetaData(),
    sa.Column("sender_id", sa.String(64), primary_key=True),
    sa.Column("saved_at", sa.Float),
)


def forget_old(vault: Vault, settings: Settings, *, now: float) -> int:
    """Drop what was not touched for a month; returns how many conversations."""
    if vault.engine.dialect.name == "postgresql":
        return _forget(vault.engine, now)
    file = settings.home / "trackers.db"
    if not file.exists():
        return 0
    engine = db.connect(f"sqlite:///{file}")
    try:
        return _forget(engine, now)
    finally:
        engine.dispose()


def _forget(engine: sa.Engine, now: float) -> int:
    with db.write(engine) as connection:
        if not sa.inspect(connection).has_table(_table.name):
            return 0  # Rasa has not run here yet
        old = _table.c.saved_at < now - KEPT_DAYS * DAY
        return connection.execute(sa.delete(_table).where(old)).rowcount
