"""`suar poll` as its own process, killed at the two moments that matter."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hotline.settings import ROOT
from store import db
from store.vault import Vault, open_vault
from tests.channels.telegram.emulator import (
    Emulator,
    make_token,
    settings_of,
    wait_until,
)
from tests.channels.telegram.gateway import stored
from tests.channels.telegram.updates import text

Start = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def token() -> str:
    """Give the token of this test's bot."""
    return make_token()


@pytest.fixture
def vault(api: Emulator, tmp_path: Path, token: str) -> Iterator[Vault]:
    """Give the installation that the process works on."""
    made = open_vault(settings_of(api.address, tmp_path, token, SUAR_TELEGRAM_MODE="polling"))
    yield made
    made.engine.dispose()


@pytest.fixture
def start(api: Emulator, vault: Vault, tmp_path: Path, token: str) -> Iterator[Start]:
    """Give what starts the process; all are ended."""
    started = []

    def run() -> subprocess.Popen[bytes]:
        env = {
            "PATH": os.environ["PATH"],  # noqa: TID251
            "SUAR_HOME": str(tmp_path),
            "SUAR_TELEGRAM_TOKEN": token,
            "SUAR_TELEGRAM_MODE": "polling",
            "SUAR_TELEGRAM_API": api.address,
        }
        command = [sys.executable, "-m", "suar", "poll"]
        started.append(subprocess.Popen(command, cwd=ROOT, env=env))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.wait()


def test_killed_between_storing_and_confirming_nothing_is_twice(
    api: Emulator, vault: Vault, token: str, start: Start
) -> None:
    """Telegram gives it all again; the second time changes nothing."""
    for one in ("satu", "dua", "tiga"):
        api.put(token, {"message": text(one)["message"]})
    # The question that would confirm never gets through.
    api.fail("getUpdates", 1000, confirming=True, hang=60_000)
    process = start()
    wait_until(lambda: len(stored(vault)) == 3)
    process.kill()
    process.wait()
    assert api.waiting(token) == 3
    api.ask("_heal", now=True)
    api.put(token, {"message": text("empat")["message"]})
    start()
    wait_until(lambda: len(stored(vault)) == 4)
    wait_until(lambda: api.waiting(token) == 0)
    assert [words for _, words in stored(vault)] == ["satu", "dua", "tiga", "empat"]


def test_killed_before_storing_nothing_is_lost(
    api: Emulator, vault: Vault, token: str, start: Start
) -> None:
    """What was fetched and not stored was not confirmed either."""
    asked = len(api.calls("getUpdates"))
    process = start()
    wait_until(lambda: len(api.calls("getUpdates")) > asked)
    with db.write(vault.engine):  # nobody else can write
        api.put(token, {"message": text("tolong")["message"]})
        time.sleep(1)
        process.kill()
        process.wait()
    assert stored(vault) == []
    start()
    wait_until(lambda: stored(vault) == [("text", "tolong")])
    wait_until(lambda: api.waiting(token) == 0)


def test_asked_to_end_it_ends_at_once(api: Emulator, start: Start) -> None:
    """Although Telegram keeps the question open."""
    api.fail("getUpdates", 1000, hang=600_000)
    asked = len(api.calls("getUpdates"))
    process = start()
    wait_until(lambda: len(api.calls("getUpdates")) > asked)
    process.send_signal(signal.SIGTERM)
    # An end that waited for Telegram would take 35 seconds.
    assert process.wait(25) == 0
