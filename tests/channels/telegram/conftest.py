"""The Bot API on this machine, and a line to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from channels.telegram.line import Line
from hotline.settings import Settings
from tests.channels.telegram.emulator import Emulator, settings_of, start, telegram_of


@pytest.fixture(scope="session")
def _emulator() -> Iterator[Emulator]:
    made = start()
    yield made
    made.process.terminate()
    made.process.wait()
    assert made.process.stdout is not None
    made.process.stdout.close()


@pytest.fixture
def api(_emulator: Emulator) -> Iterator[Emulator]:
    """Give the emulator, in good health and with nothing that waits."""
    yield _emulator
    _emulator.ask("_forget", now=True)


@pytest.fixture
def settings(api: Emulator, tmp_path: Path) -> Settings:
    """Give the settings of a bot of this test's own, with a webhook."""
    return settings_of(api.address, tmp_path)


@pytest.fixture
def line(settings: Settings) -> Iterator[Line]:
    """Give an open line to the emulator."""
    made = Line(telegram_of(settings))
    yield made
    made.close()
