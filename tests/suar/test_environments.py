"""What the processes of the other environments are given."""

from pathlib import Path

import pytest

from hotline.errors import SuarError
from hotline.settings import load_settings
from suar.environments import child_environment, require, tracker_url


def test_a_missing_environment_says_how_to_make_it(tmp_path: Path) -> None:
    """A fresh clone without `make setup` ends in that sentence."""
    with pytest.raises(SuarError, match="make setup"):
        require(tmp_path / "bin" / "python")


def test_an_environment_that_is_there_is_used(tmp_path: Path) -> None:
    """Nothing but its existence is asked."""
    python = tmp_path / "python"
    python.touch()
    assert require(python) == python


def test_rasa_keeps_its_conversations_beside_ours(tmp_path: Path) -> None:
    """Beside the SQLite file, or in the same PostgreSQL under Rasa's own driver."""
    beside = load_settings({"SUAR_HOME": str(tmp_path)})
    assert tracker_url(beside) == f"sqlite:///{tmp_path / 'trackers.db'}"
    same = load_settings({"SUAR_DATABASE_URL": "postgresql://suar@db/suar"})
    assert tracker_url(same) == "postgresql+psycopg2://suar@db/suar"


def test_children_get_what_the_settings_decided(tmp_path: Path) -> None:
    """Ports, folder and token as decided, whatever else stands in the environment."""
    settings = load_settings({"SUAR_HOME": str(tmp_path), "SUAR_RASA_PORT": "9001"})
    given = child_environment(settings, "rahasia")
    assert given["SUAR_RASA_PORT"] == "9001"
    assert given["SUAR_RASA_TOKEN"] == "rahasia"
    assert given["SUAR_KEYRING"] == str(settings.keyring_file)
    assert given["RASA_TELEMETRY_ENABLED"] == "false"
    assert "VIRTUAL_ENV" not in given


def test_a_child_reads_the_same_settings(tmp_path: Path) -> None:
    """What gateway and worker read from their environment is what the parent has."""
    settings = load_settings({"SUAR_HOME": str(tmp_path), "SUAR_PORT": "9000"})
    read = load_settings(child_environment(settings, "rahasia"))
    assert (read.home, read.port, read.database_url) == (
        settings.home, settings.port, settings.database_url,
    )  # fmt: skip
