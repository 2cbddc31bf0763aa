"""Opening an installation: migrated, with its keys, or refused with a sentence."""

import json
import shutil
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa

from hotline.errors import KeyringError, SuarError
from hotline.settings import Settings, load_settings
from store import canary, db, inbox
from store.crypto import Keyring
from store.rotation import reseal
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


@pytest.fixture
def other(tmp_path: Path) -> Settings:
    """Give an installation of its own, beside the first."""
    return load_settings({"SUAR_HOME": str(tmp_path / "other")})


@pytest.mark.parametrize("used", [True, False], ids=["with data", "empty"])
def test_the_keys_of_another_database_refuse_to_start(
    settings: Settings, other: Settings, *, used: bool
) -> None:
    """A mixed-up backup is noticed before anything is sealed with the wrong keys."""
    vault = open_vault(settings)
    if used:
        receive(vault, message("halo"))
    vault.engine.dispose()
    open_vault(other).engine.dispose()
    shutil.copy(other.keyring_file, settings.keyring_file)
    with pytest.raises(KeyringError, match="does not belong to this database"):
        open_vault(settings)


def test_a_keyring_with_another_index_key_refuses_to_start(settings: Settings) -> None:
    """Its data key fits, but no caller would be found again by it."""
    open_vault(settings).engine.dispose()
    plain = json.loads(settings.keyring_file.read_text())
    other = json.loads(settings.keyring_file.read_text())
    Keyring.new().save(settings.keyring_file)
    plain["index"] = json.loads(settings.keyring_file.read_text())["index"]
    settings.keyring_file.write_text(json.dumps(plain))
    with pytest.raises(KeyringError, match="does not belong"):
        open_vault(settings)
    settings.keyring_file.write_text(json.dumps(other))
    open_vault(settings).engine.dispose()


def test_data_of_before_the_canary_are_tried_instead(settings: Settings, other: Settings) -> None:
    """An installation that is upgraded gets its canary only when its keys open what is there."""
    vault = open_vault(settings)
    receive(vault, message("halo"))
    canary.forget(vault.engine)
    vault.engine.dispose()
    right = settings.keyring_file.read_bytes()
    open_vault(other).engine.dispose()
    shutil.copy(other.keyring_file, settings.keyring_file)
    with pytest.raises(KeyringError, match="does not belong"):
        open_vault(settings)
    settings.keyring_file.write_bytes(right)
    open_vault(settings).engine.dispose()


def test_after_new_keys_the_canary_still_knows_them(settings: Settings) -> None:
    """Rotation seals the word anew, and the old key alone is then a stranger's."""
    vault = open_vault(settings)
    fresh = vault.keyring.with_new_key()
    old = settings.keyring_file.read_bytes()
    fresh.save(settings.keyring_file)
    reseal(Vault(vault.engine, fresh), fresh)
    open_vault(settings).engine.dispose()
    settings.keyring_file.write_bytes(old)
    with pytest.raises(KeyringError, match="does not belong"):
        open_vault(settings)
    vault.engine.dispose()


def test_a_database_file_that_was_there_before_is_missed(settings: Settings) -> None:
    """A new, empty one would be filled from then on, and nobody would see what is lost."""
    open_vault(settings).engine.dispose()
    file = settings.home / "suar.db"
    file.rename(settings.home / "elsewhere.db")
    with pytest.raises(SuarError, match=r"suar\.db is missing"):
        open_vault(settings)
    assert not file.exists()
    (settings.home / "elsewhere.db").rename(file)
    open_vault(settings).engine.dispose()


def test_what_is_kept_is_readable_by_its_owner_alone(settings: Settings) -> None:
    """Another account of the machine sees neither folder nor files."""
    vault = open_vault(settings)
    receive(vault, message("halo"))
    modes = {f.name: stat.S_IMODE(f.stat().st_mode) for f in settings.home.iterdir()}
    assert stat.S_IMODE(settings.home.stat().st_mode) == 0o700
    for name in ("suar.db", "suar.db-wal", "suar.db-shm"):
        assert modes[name] == 0o600
    assert modes["keys.json"] == 0o600
    vault.engine.dispose()


def test_keys_of_another_installation_open_no_message(vault: Vault) -> None:
    """Should they get past the start all the same, a message is marked and not shown as empty."""
    receive(vault, message("halo"))
    [conversation] = claim(vault, "a", 4e9)
    with db.read(vault.engine) as connection:
        waiting = inbox.next_waiting(connection, Keyring.new(), conversation)
    assert waiting is not None
    assert (waiting.text, waiting.unreadable) == ("", True)
