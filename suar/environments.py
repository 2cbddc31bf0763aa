"""Where the two other environments are, and what a process in them is given."""

from __future__ import annotations

import os
from pathlib import Path

from hotline.errors import SuarError
from hotline.settings import ROOT, Settings

BOT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
ACTIONS_PYTHON = ROOT / ".venv-actions" / "bin" / "python"


def require(python: Path) -> Path:
    """Make sure an environment is there; raises SuarError that says how to make it."""
    if not python.exists():
        raise SuarError(f"{python.parent.parent} is missing: run `make setup` first")
    return python


def tracker_url(settings: Settings) -> str:
    """Say where Rasa keeps its conversations: beside the SQLite file, or in the same PostgreSQL."""
    if settings.database_url.startswith("sqlite"):
        return f"sqlite:///{settings.home / 'trackers.db'}"
    return settings.database_url.replace("postgresql+psycopg://", "postgresql+psycopg2://", 1)


def child_environment(settings: Settings, token: str) -> dict[str, str]:
    """Build the environment of every child: the parent's, with what the settings decided."""
    inherited = dict(os.environ)  # noqa: TID251 - children need PATH, HOME and locale
    inherited.pop("VIRTUAL_ENV", None)
    return {
        **inherited,
        "SUAR_HOME": str(settings.home),
        "SUAR_DATABASE_URL": settings.database_url,
        "SUAR_HOST": settings.host,
        "SUAR_PORT": str(settings.port),
        "SUAR_CONSOLE_PORT": str(settings.console.port),
        "SUAR_RASA_PORT": str(settings.rasa_port),
        "SUAR_ACTIONS_PORT": str(settings.actions_port),
        "SUAR_RASA_TOKEN": token,
        "SUAR_ACTIONS_URL": settings.actions_url,
        "SUAR_TRACKER_URL": tracker_url(settings),
        "SUAR_KEYRING": str(settings.keyring_file),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "RASA_TELEMETRY_ENABLED": "false",
        "SANIC_HOST": "127.0.0.1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
        "OMP_NUM_THREADS": "1",
    }
