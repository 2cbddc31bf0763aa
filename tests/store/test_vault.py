"""Opening an installation: migrated, with its keys, or refused with a sentence."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from hotline.errors import KeyringError
from hotline.settings import Settings, load_settings
from store import db, inbox
from store.crypto import Keyring
from store.vault import Vault, open_vault
from tests.fakes import claim, message, receive


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give an installation in a folder of its own."""
    return load_settings({"SUAR_HOME": str(tmp_path / "suar")})


def test_a_new_installation_gets_tables_and_keys(settings: Settings) -> None:
    """Nothing has to be prepared by hand."""
    vault = open_vault(settings)
    assert sa.inspect(vault.engine).has_table("inbox")
    assert settings.keyring_file.exists()
    vault.engine.dispose()


def test_opening_again_finds_the_same_keys(settings: Settings) -> None:
    """A restart reads what was sealed before."""
    first = open_vault(settings)
    sealed = first.keyring.seal("tolong", "t.c")
    again = open_vault(settings)
    assert again.keyring.open(sealed, "t.c") == "tolong"
    first.engine.dispose()
    again.engine.dispose()


def test_data_without_keys_refuse_to_start(settings: Settings) -> None:
    """New keys would hide that the old ones are lost; and none are made."""
    vault = open_vault(settings)
    receive(vault, message("halo"))
    vault.engine.dispose()
    settings.keyring_file.unlink()
    with pytest.raises(KeyringError, match="put the keyring file back"):
        open_vault(settings)
    assert not settings.keyring_file.exists()


def test_an_empty_database_without_keys_may_start(settings: Settings) -> None:
    """Nothing was sealed yet, so nothing is lost."""
    open_vault(settings).engine.dispose()
    settings.keyring_file.unlink()
    open_vault(settings).engine.dispose()
    assert settings.keyring_file.exists()


def test_keys_of_another_installation_open_no_message(vault: Vault) -> None:
    """A mixed-up backup is noticed at the first reading."""
    receive(vault, message("halo"))
    [conversation] = claim(vault, "a", 4e9)
    with db.read(vault.engine) as connection, pytest.raises(KeyringError):
        inbox.next_waiting(connection, Keyring.new(), conversation)
