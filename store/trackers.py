"""Rasa's own conversations, sealed in a table of Rasa's: the old and the cleared are dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import sqlalchemy as sa

from hotline.retention import DAY
from hotline.settings import Settings
from store import db
from store.tables import conversations
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
    old = _table.c.saved_at < now - KEPT_DAYS * DAY
    return _in_rasas(vault, settings, lambda connection: _forget(connection, [old]))


def forget_erased(vault: Vault, settings: Settings, *, now: float) -> int:
    """Drop what Rasa keeps of conversations that were cleared after its last word in them.

    Rasa may have a database of its own, so this is no part of the clearing: it is done right after
    it, and once a day again, should a process have ended in between.
    """
    c = conversations.c
    query = sa.select(c.id, c.erased_at).where(c.erased_at > now - (KEPT_DAYS + 1) * DAY)
    with db.read(vault.engine) as connection:
        gone = [
            sa.and_(_table.c.sender_id == row.id, _table.c.saved_at <= row.erased_at)
            for row in connection.execute(query)
        ]
    return _in_rasas(vault, settings, lambda connection: _forget(connection, gone)) if gone else 0


def _in_rasas(vault: Vault, settings: Settings, work: Callable[[sa.Connection], int]) -> int:
    """Do something where Rasa keeps its conversations, if it has begun to."""
    if vault.engine.dialect.name == "postgresql":
        return _where_kept(vault.engine, work)
    file = settings.home / "trackers.db"
    if not file.exists():
        return 0
    engine = db.connect(f"sqlite:///{file}")
    try:
        return _where_kept(engine, work)
    finally:
        engine.dispose()


def _where_kept(engine: sa.Engine, work: Callable[[sa.Connection], int]) -> int:
    with db.write(engine) as connection:
        if not sa.inspect(connection).has_table(_table.name):
            return 0  # Rasa has not run here yet
        return work(connection)


def _forget(connection: sa.Connection, which: Iterable[sa.ColumnElement[bool]]) -> int:
    return sum(connection.execute(sa.delete(_table).where(one)).rowcount for one in which)
