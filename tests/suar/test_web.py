"""The gateway and the console as processes: others know that they are there."""

import time

import sqlalchemy as sa

from store import db
from store.crypto import Keyring
from store.heartbeats import beats
from store.vault import Vault
from suar.web import signs_of_life


def _beats(vault: Vault) -> dict[str, float]:
    with db.read(vault.engine) as connection:
        return beats(connection, "console", time.time())


def test_a_process_gives_signs_of_life_from_the_beginning(vault: Vault) -> None:
    """And goes on with it for as long as it serves."""
    with signs_of_life(vault, "console", seconds=0.05):
        [(name, first)] = _beats(vault).items()
        until = time.monotonic() + 60
        while _beats(vault)[name] == first and time.monotonic() < until:
            time.sleep(0.05)
        assert _beats(vault)[name] > first


def test_a_database_that_is_away_does_not_end_the_process() -> None:
    """It serves what it can, and is seen again once the database is back."""
    engine = sa.create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with signs_of_life(Vault(engine, Keyring.new()), "console"):
        pass
    engine.dispose()
