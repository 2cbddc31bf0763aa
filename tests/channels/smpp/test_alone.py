"""Only the process that holds the session sends there; `suar run` starts it where one is set."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.settings import load_settings
from store import db, dispatch
from store.dispatch import Holder
from store.vault import Vault
from suar.processes import parts_of
from tests.channels.smpp.centre import settings_of
from tests.channels.smpp.station import conversation
from tests.fakes import LEASE, NOON
from tests.posting import open_conversation, queue


@pytest.mark.parametrize(("alone", "transports"), [("", ["telegram"]), ("smpp", ["smpp"])])
def test_each_sender_takes_its_own(vault: Vault, alone: str, transports: list[str]) -> None:
    """The worker has no session; the other process has nothing else."""
    queue(vault, conversation(vault), "lewat SMS")
    queue(vault, open_conversation(vault), "lewat Telegram")
    holder = Holder(owner="a", lease=LEASE, alone=alone)
    with db.write(vault.engine) as connection:
        assert dispatch.anything_due(connection, holder, NOON)
        taken = dispatch.claim(connection, holder, limit=8, now=NOON)
        assert not dispatch.anything_due(connection, holder, NOON)
    assert [one.transport for one in taken] == transports


def test_the_process_is_one_of_an_installation(tmp_path: Path) -> None:
    """With its settings, and not without."""
    model = tmp_path / "model.tar.gz"
    with_it = {part.name for part in parts_of(settings_of(2775, tmp_path), model)}
    without = {part.name for part in parts_of(load_settings({}), model)}
    assert with_it - without == {"smpp"}
