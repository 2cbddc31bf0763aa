"""Starts an SMS centre (npm's smpp) and steers it from the network's side."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import httpx
import pytest

from hotline.channel_settings import SmppSettings
from hotline.settings import ROOT, Settings, load_settings

BUDI = "+6281200000001"
OURS = "+6280000000001"


def do_without(what: str) -> NoReturn:
    """Skip, or fail where nothing may be skipped."""
    strict = os.environ.get("SUAR_TEST_STRICT")  # noqa: TID251
    (pytest.fail if strict else pytest.skip)(what)


@dataclass
class Centre:
    """A running centre."""

    steer: str
    port: int
    process: subprocess.Popen[str]

    def ask(self, door: str, /, **body: Any) -> Any:
        """Speak to one of the doors in centre.js."""
        with httpx.Client(trust_env=False, timeout=120) as client:
            answer = client.post(f"{self.steer}/{door}", json=body)
        answer.raise_for_status()
        return answer.json()["result"]

    @property
    def state(self) -> dict[str, Any]:
        """Tell what the centre knows."""
        told: dict[str, Any] = self.ask("_state")
        return told

    def texts(self) -> list[str]:
        """List the texts it has taken from us."""
        return [one["text"] for one in self.state["taken"]]

    def write(self, text: str, **more: Any) -> None:
        """Let Budi write to us."""
        self.ask("_deliver", short_message=text.encode("ascii").hex(), **more)

    def write_parts(self, *texts: str, reference: int = 7, only: tuple[int, ...] = ()) -> None:
        """Let Budi write a long message, or only some parts of it."""
        for number, text in enumerate(texts, 1):
            if only and number not in only:
                continue
            header = bytes([5, 0, 3, reference, len(texts), number])
            body = (header + text.encode("ascii")).hex()
            self.ask("_deliver", short_message=body, esm_class=0x40)

    def end(self) -> None:
        """End the centre."""
        self.process.terminate()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


def start(*files: Path) -> Centre:
    """Start a centre; with a key and a certificate its line is encrypted."""
    node = shutil.which("node")
    modules = Path(os.environ.get("SUAR_TEST_NODE_MODULES") or ROOT / "node_modules")  # noqa: TID251
    if node is None or not (modules / "smpp").is_dir():
        do_without("no smpp for node: run npm install")
    process = subprocess.Popen(
        [node, str(Path(__file__).with_name("centre.js")), *map(str, files)],
        env={"PATH": os.environ["PATH"], "NODE_PATH": str(modules)},  # noqa: TID251
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    up, steer, port = process.stdout.readline().split()
    assert up == "up"
    return Centre(f"http://127.0.0.1:{steer}", int(port), process)


def environment(port: int, home: Path, **changes: str) -> dict[str, str]:
    """Give the variables of an installation at a centre."""
    return {
        "SUAR_HOME": str(home),
        "SUAR_SMPP_HOST": "127.0.0.1",
        "SUAR_SMPP_PORT": str(port),
        "SUAR_SMPP_SYSTEM_ID": "suar",
        "SUAR_SMPP_PASSWORD": "rahasia",
        "SUAR_SMPP_SENDER": OURS,
        "SUAR_SMPP_TLS": "off",
        **changes,
    }


def settings_of(port: int, home: Path, **changes: str) -> Settings:
    """Give the settings of an installation at a centre."""
    return load_settings(environment(port, home, **changes))


def smpp_of(settings: Settings) -> SmppSettings:
    """Give the part about SMPP."""
    assert settings.channels.smpp is not None
    return settings.channels.smpp


def wait_until(true: Callable[[], Any], seconds: float = 120) -> None:
    """Wait until something holds; fails when it does not."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.05)
