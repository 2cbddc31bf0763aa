"""One open installation: its engine and its keys, made from the settings."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from hotline.errors import KeyringError
from hotline.settings import Settings
from store import db
from store.crypto import Keyring, ensure_keyring
from store.tables import conversations


@dataclass(frozen=True)
class Vault:
    """What every use case needs: where data are, and the keys that open them."""

    engine: sa.Engine
    keyring: Keyring


def open_vault(settings: Settings) -> Vault:
    """Migrate the database, load or make the keyring, and hand both out.

    Raises KeyringError when there are data but no keys: making new keys then would hide the loss.
    """
    engine = db.connect(settings.database_url, pool_size=settings.workers + 4)
    db.migrate(engine)
    if not settings.keyring_file.exists() and _has_data(engine):
        raise KeyringError(
            f"the database has conversations but {settings.keyring_file} is missing; "
            "put the keyring file back (SUAR_HOME) before starting"
        )
    return Vault(engine, ensure_keyring(settings.keyring_file))


def _has_data(engine: sa.Engine) -> bool:
    with db.read(engine) as connection:
        return connection.execute(sa.select(conversations.c.id).limit(1)).first() is not None
