"""Starts what a benchmark talks to, in a folder of its own, and says what it needs (Linux)."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from hotline.errors import SuarError
from hotline.settings import ROOT, Settings, load_settings
from store.vault import Vault
from suar.environments import child_environment
from suar.processes import Part, Supervisor, die_with_parent, on_free_ports, parts_of
from suar.run import prepare

_PATIENCE = 300.0  # seconds for a server to be ready


def private_settings(home: Path) -> Settings:
    """Give an installation in a folder of its own, on free ports."""
    settings = load_settings({"SUAR_HOME": str(home)})
    return replace(
        on_free_ports(settings),
        rasa_token=secrets.token_urlsafe(24),
    )


@dataclass(frozen=True)
class RasaAlone:
    """Rasa with its actions server; no gateway, no worker."""

    settings: Settings
    process: subprocess.Popen[bytes]
    ready_seconds: float  # from starting the process until it answers

    def memory_mb(self, field: str = "VmRSS") -> float:
        """Read the process's memory: VmRSS is now, VmHWM the most so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith(field))
        return int(line.split()[1]) / 1024

    def processor_seconds(self) -> float:
        """Read how long the process has kept processors busy since it began."""
        # The name in brackets may hold blanks; what follows it is in a fixed order.
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").split(")")[-1]
        user, system = fields.split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def rasa_alone(model: Path, home: Path) -> Iterator[RasaAlone]:
    """Start Rasa with a model, then the actions server; end both."""
    settings = private_settings(home)
    prepare(settings).engine.dispose()
    rasa, actions = parts_of(settings, model)[:2]
    started: list[subprocess.Popen[bytes]] = []
    try:
        began = time.monotonic()
        started.append(_launch(rasa, settings))
        _wait(rasa, started[0])
        ready = time.monotonic() - began
        started.append(_launch(actions, settings))
        _wait(actions, started[1])
        yield RasaAlone(settings, started[0], ready)
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(30)


def _launch(part: Part, settings: Settings) -> subprocess.Popen[bytes]:
    with (settings.home / f"{part.name}.log").open("ab") as log:
        return subprocess.Popen(
            part.command,
            cwd=ROOT,
            env=child_environment(settings, settings.rasa_token),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=die_with_parent,
        )


def _wait(part: Part, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not _answers(str(part.health)):
        if process.poll() is not None or time.monotonic() > deadline:
            raise SuarError(f"{part.name} does not start")
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


@contextmanager
def everything(model: Path, home: Path) -> Iterator[Vault]:
    """Start all processes as `suar run` does, and end them; gives the database they share."""
    settings = private_settings(home)
    vault = prepare(settings)
    supervisor = Supervisor(
        settings, model, home / "logs", lambda line: print(line, file=sys.stderr)
    )
    try:
        supervisor.start()
        supervisor.wait_ready()
        yield vault
    finally:
        supervisor.stop()
        vault.engine.dispose()
