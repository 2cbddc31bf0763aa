"""`suar keys`: a new key for everything that is sealed, wherever it lies."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest

from channels.smpp.joining import FILE, Parts
from channels.smpp.parse import Piece
from channels.smpp.text import Place
from hotline.errors import SuarError
from hotline.messages import Channel
from hotline.settings import Settings, load_settings
from store import db, inbox
from store.crypto import Keyring, load_keyring
from store.heartbeats import beat, process_name
from store.vault import open_vault
from suar.keys import rotate
from tests.fakes import message

BUDI = "+6281200000001"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"SUAR_HOME": str(tmp_path / "home")})


def keep(settings: Settings, keyring: Keyring, number: int, body: bytes) -> list[str | None]:
    """Let one part of a long SMS come in; gives what is whole then."""
    parts = Parts(settings.home / FILE, keyring)
    parts.keep(Piece(BUDI, "62800", body, 0, Place(7, 2, number)), Place(7, 2, number), 1000.0)
    texts = [one.text for one in parts.ready(1000.0)]
    parts.close()
    return texts


def test_half_an_sms_outlives_the_old_key(settings: Settings) -> None:
    """Its second part comes after the rotation, and after the old key is gone."""
    vault = open_vault(settings)
    with db.write(vault.engine) as connection:
        one = message("halo", channel=Channel.SMS)
        inbox.receive(connection, vault.keyring, one, transport="smpp")
    assert keep(settings, vault.keyring, 1, b"saya ") == []
    out = io.StringIO()
    assert rotate(settings, out) == 0
    assert "1 parts of long SMS are sealed with it too." in out.getvalue()
    fresh = load_keyring(settings.keyring_file)
    assert fresh.active != vault.keyring.active
    assert keep(settings, fresh, 2, b"dikunci") == ["saya dikunci"]
    out = io.StringIO()
    rotate(settings, out)
    vault.engine.dispose()


def test_without_a_line_to_a_centre_there_is_no_file_of_parts(settings: Settings) -> None:
    """None is made, and none is spoken of."""
    open_vault(settings).engine.dispose()
    out = io.StringIO()
    rotate(settings, out)
    assert "SMS" not in out.getvalue()
    assert not (settings.home / FILE).exists()


@pytest.mark.parametrize("kind", ["worker", "gateway", "console", "poller", "smpp"])
def test_keys_are_not_changed_under_a_process_that_runs(settings: Settings, kind: str) -> None:
    """It would meet values whose key it does not know, or seal on with the old one."""
    vault = open_vault(settings)
    with db.write(vault.engine) as connection:
        # A sign of life that does not grow old while a slow machine works.
        beat(connection, process_name(), kind, time.time() + 600)
    with pytest.raises(SuarError, match="end Suar first"):
        rotate(settings, io.StringIO())
    assert load_keyring(settings.keyring_file).active == vault.keyring.active
    vault.engine.dispose()
