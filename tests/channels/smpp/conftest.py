"""A centre on this machine, and what speaks with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.vault import Vault
from tests.channels.smpp.centre import Centre, start
from tests.channels.smpp.station import Station, running


@pytest.fixture(scope="session")
def _centre() -> Iterator[Centre]:
    made = start()
    yield made
    made.end()


@pytest.fixture
def centre(_centre: Centre) -> Centre:
    """Give a centre that knows nothing yet."""
    _centre.ask("_reset")
    return _centre


@pytest.fixture
def station(centre: Centre, vault: Vault, tmp_path: Path) -> Iterator[Station]:
    """Give a bound line to the centre, without a sender."""
    with running(centre, vault, tmp_path) as made:
        yield made
