"""All settings of an installation, read once from the environment; no other file reads it."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hotline.channel_settings import ChannelSettings, load_channels
from hotline.console_settings import ConsoleSettings, load_console
from hotline.duty_settings import DutySettings, load_duty
from hotline.environment import SettingsError, number, switch, text
from hotline.retention import Retention
from hotline.retention_settings import load_retention

__all__ = ["ROOT", "Settings", "SettingsError", "load_settings", "read_env_file"]

ROOT = Path(__file__).resolve().parent.parent
_HERE = "127.0.0.1,::1"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an operator can choose; every field is one SUAR_ variable, described in .env.example."""

    home: Path
    model: Path | None  # a model trained elsewhere, used as it is
    database_url: str = field(repr=False)  # may hold a password
    host: str
    port: int
    rasa_port: int
    actions_port: int
    rasa_token: str = field(repr=False)
    rasa_timeout: float
    workers: int
    lease_seconds: float
    poll_seconds: float
    try_page: bool
    max_text: int
    burst_limit: int
    register_max_age_days: int
    log_level: str
    metrics_token: str = field(repr=False)
    trusted_proxies: tuple[str, ...]  # whose word on a caller's address is believed
    channels: ChannelSettings
    console: ConsoleSettings
    duty: DutySettings
    retention: Retention

    @property
    def rasa_url(self) -> str:
        """Where the worker finds our connector inside Rasa."""
        return f"http://127.0.0.1:{self.rasa_port}/webhooks/suar"

    @property
    def actions_url(self) -> str:
        """Where Rasa finds the actions server."""
        return f"http://127.0.0.1:{self.actions_port}/webhook"

    @property
    def gateway_url(self) -> str:
        """Where the gateway answers, as seen from this machine."""
        everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not listened on
        host = everywhere.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def model_folder(self) -> Path:
        """Where trained models are kept, one file per content."""
        return self.home / "models"

    @property
    def keyring_file(self) -> Path:
        """The keys that open the sealed columns; without it the database cannot be read."""
        return self.home / "keys.json"


def _database_url(env: Mapping[str, str], home: Path) -> str:
    raw = env.get("SUAR_DATABASE_URL", "").strip()
    if not raw:
        return f"sqlite:///{home / 'suar.db'}"
    if raw.startswith(("postgres://", "postgresql://")):
        return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", raw)
    if not raw.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsError(
            "SUAR_DATABASE_URL must begin with sqlite:/// or postgresql:// (SQLAlchemy's form)"
        )
    return raw


def _log_level(env: Mapping[str, str]) -> str:
    raw = env.get("SUAR_LOG_LEVEL", "INFO").strip().upper() or "INFO"
    # DEBUG is refused: Rasa prints what callers wrote at that level.
    if raw not in {"INFO", "WARNING", "ERROR"}:
        raise SettingsError("SUAR_LOG_LEVEL must be INFO, WARNING or ERROR")
    return raw


def _trusted_proxies(env: Mapping[str, str]) -> tuple[str, ...]:
    named = [one.strip() for one in text(env, "SUAR_TRUSTED_PROXIES", _HERE).split(",")]
    for one in named:
        try:
            network = ipaddress.ip_network(one)
        except ValueError:
            network = None
        # Of everybody, whoever calls could choose an address, and no try would be counted.
        if network is None or network.prefixlen == 0:
            raise SettingsError(
                "SUAR_TRUSTED_PROXIES must be addresses or networks such as 10.0.0.5,10.1.0.0/24"
            )
    return tuple(named)


def read_env_file(file: Path) -> dict[str, str]:
    """Read NAME=value lines; comments and blank lines are passed over."""
    if not file.is_file():
        return {}
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def load_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Build the settings from `env` (default: the process's own, over an .env file beside it).

    Raises SettingsError naming the variable that is wrong.
    """
    env = {**read_env_file(ROOT / ".env"), **os.environ} if env is None else env
    ports = {
        name: int(number(env, name, usual, 1, 65535))
        for name, usual in (
            ("SUAR_PORT", 8080),
            ("SUAR_RASA_PORT", 5005),
            ("SUAR_ACTIONS_PORT", 5055),
        )
    }
    console = load_console(env)
    if len({console.port, *ports.values()}) <= len(ports):
        named = ", ".join([*ports, "SUAR_CONSOLE_PORT"])
        raise SettingsError(f"{named} must be different ports")
    home = Path(env.get("SUAR_HOME", "").strip() or ROOT / ".suar").expanduser().resolve()
    return Settings(
        home=home,
        model=Path(env["SUAR_MODEL"]).resolve() if env.get("SUAR_MODEL", "").strip() else None,
        database_url=_database_url(env, home),
        host=env.get("SUAR_HOST", "").strip() or "127.0.0.1",
        port=ports["SUAR_PORT"],
        rasa_port=ports["SUAR_RASA_PORT"],
        actions_port=ports["SUAR_ACTIONS_PORT"],
        rasa_token=env.get("SUAR_RASA_TOKEN", "").strip(),
        rasa_timeout=number(env, "SUAR_RASA_TIMEOUT", 7, 0.5, 60),
        workers=int(number(env, "SUAR_WORKERS", 8, 1, 64)),
        lease_seconds=number(env, "SUAR_LEASE_SECONDS", 20, 2, 600),
        poll_seconds=number(env, "SUAR_POLL_SECONDS", 0.05, 0.01, 10),
        try_page=switch(env, "SUAR_TRY_PAGE", default=True),
        max_text=int(number(env, "SUAR_MAX_TEXT", 2000, 200, 4096)),
        burst_limit=int(number(env, "SUAR_BURST_LIMIT", 20, 1, 1000)),
        register_max_age_days=int(number(env, "SUAR_REGISTER_MAX_AGE_DAYS", 30, 1, 3650)),
        log_level=_log_level(env),
        metrics_token=env.get("SUAR_METRICS_TOKEN", "").strip(),
        trusted_proxies=_trusted_proxies(env),
        channels=load_channels(env),
        console=console,
        duty=load_duty(env),
        retention=load_retention(env),
    )
