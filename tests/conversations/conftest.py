"""The whole installation, started once for all scripts: real Rasa, actions, gateway and worker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installation import Installation, installation


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation of its own, with the demo register, on free ports."""
    home: Path = tmp_path_factory.mktemp("suar")
    # What the bot says is asked here, not how fast: a slow machine gets no safe text instead.
    patient = {"SUAR_RASA_TIMEOUT": "60", "SUAR_LEASE_SECONDS": "120"}
    with installation(home, **patient) as started:
        yield started
