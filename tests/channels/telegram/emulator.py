"""Starts the emulator of the Bot API and speaks to it from the caller's side."""

import itertools
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import httpx
import pytest

from hotline.channel_settings import TelegramSettings
from hotline.settings import ROOT, Settings, load_settings

SECRET = "rahasia-untuk-uji-0123456789"
_NUMBERS = itertools.count(100000)


def do_without(what: str) -> NoReturn:
    """Skip, or fail where nothing may be skipped."""
    strict = os.environ.get("SUAR_TEST_STRICT")  # noqa: TID251
    (pytest.fail if strict else pytest.skip)(what)


@dataclass
class Emulator:
    """A running emulator; each bot (token) has its own callers."""

    address: str
    process: subprocess.Popen[str]

    def ask(self, path: str, /, **body: Any) -> Any:
        """Post to one of the emulator's own doors, or read where there is nothing to say."""
        with httpx.Client(trust_env=False, timeout=120) as client:
            url = f"{self.address}/{path}"
            answer = client.post(url, json=body) if body else client.get(url)
        answer.raise_for_status()
        return answer.json()["result"]

    def calls(self, method: str) -> list[dict[str, Any]]:
        """List what the bot has asked by one method."""
        return [call for call in self.ask("_calls") if call["method"] == method]

    def fail(self, method: str, times: int = 1, /, **how: Any) -> None:
        """Let a method fail: status, description, retry_after; or hang for milliseconds; or cut."""
        self.ask("_fail", method=method, times=times, **how)

    def put(self, token: str, update: dict[str, Any]) -> int:
        """Let something happen; returns its number."""
        return int(self.ask("_update", token=token, update=update))

    def waiting(self, token: str) -> int:
        """Count the updates of a bot that nobody has confirmed."""
        return int(self.ask("_waiting", token=token))


def start() -> Emulator:
    """Start the emulator of the Bot API."""
    node = shutil.which("node")
    modules = Path(os.environ.get("SUAR_TEST_NODE_MODULES") or ROOT / "node_modules")  # noqa: TID251
    if node is None or not (modules / "telegram-test-api").is_dir():
        do_without("no telegram-test-api: run npm install")
    process = subprocess.Popen(
        [node, str(Path(__file__).with_name("emulator.js"))],
        env={"PATH": os.environ["PATH"], "NODE_PATH": str(modules)},  # noqa: TID251
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    up, port = process.stdout.readline().split()
    assert up == "up"
    return Emulator(f"http://127.0.0.1:{port}", process)


def make_token() -> str:
    """Make the token of a new bot."""
    return f"{next(_NUMBERS)}:AAinvented-token-of-a-test-bot"


def settings_of(api: str, home: Path, token: str = "", **changes: str) -> Settings:
    """Make the settings of an installation with a bot at the emulator."""
    return load_settings(
        {
            "SUAR_HOME": str(home),
            "SUAR_PUBLIC_URL": "https://hotline.example.org",
            "SUAR_TELEGRAM_TOKEN": token or make_token(),
            "SUAR_TELEGRAM_SECRET": SECRET,
            "SUAR_TELEGRAM_API": api,
            **changes,
        }
    )


def telegram_of(settings: Settings) -> TelegramSettings:
    """Give the part about Telegram."""
    assert settings.channels.telegram is not None
    return settings.channels.telegram


def wait_until(true: Any, seconds: float = 120) -> None:
    """Wait until something holds; fails when it does not."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)
