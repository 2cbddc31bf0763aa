"""One open installation: its engine and its keys, made from the settings."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from hotline.errors import KeyringError, SuarError
from hotline.settings import Settings
from store import canary, db, next_owner
from store.crypto import Keyring, ensure_keyring
from store.heartbeats import alive
from store.staff_codes import key_old_codes


@dataclass(frozen=True)
class Vault:
    """What every use case needs: where data are, and the keys that open them."""

    engine: sa.Engine
    keyring: Keyring


def open_vault(settings: Settings) -> Vault:
    """Migrate the database, load or make the keyring, and hand both out.

    Raises KeyringError when keys are missing or belong to another database, and SuarError when a
    database file is missing that was there before: a new one would hide the loss.
    """
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    _refuse_lost_file(settings)
    engine = db.connect(settings.database_url, pool_size=2 * settings.workers + 4)
    try:
        db.migrate(engine)
        if not settings.keyring_file.exists():
            _refuse_lost_keys(engine, settings.keyring_file)
        keyring = ensure_keyring(settings.keyring_file)
        canary.check(engine, keyring)
        key_old_codes(engine, keyring)
        next_owner.seal_old(engine, keyring)
    except BaseException:
        engine.dispose()
        raise
    return Vault(engine, keyring)


def _refuse_lost_keys(engine: sa.Engine, file: Path) -> None:
    with db.read(engine) as connection:
        working = alive(connection, "worker", time.time())
    if working or canary.has_data(engine):
        raise KeyringError(
            f"the database has conversations but {file} is missing; "
            "put the keyring file back (SUAR_HOME) before starting"
        )
    canary.forget(engine)


def _refuse_lost_file(settings: Settings) -> None:
    """Note which SQLite file is in use, and miss it when it is not there at a later start."""
    file = db.sqlite_file(settings.database_url)
    if file is None:
        return
    note = settings.home / "database.path"
    if note.exists() and note.read_text(encoding="utf-8") == str(file):
        if not file.exists():
            raise SuarError(
                f"the database file {file} is missing, and this installation has used it: put it "
                f"back from your backup. Only to begin anew without its reports, delete {note}"
            )
        return
    note.write_text(str(file), encoding="utf-8")
