"""Starts the processes of an installation, keeps them running, and ends every one of them."""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx

from hotline.errors import SuarError
from hotline.settings import ROOT, Settings
from suar.environments import ACTIONS_PYTHON, BOT_PYTHON, child_environment, require
from suar.logs import last_line, pump
from suar.ports import refuse_taken_ports

_PR_SET_PDEATHSIG = 1
_GRACE = 8.0  # seconds between asking a process to end and ending it
_SHORT_LIFE = 30.0  # seconds; who ends sooner is started again more and more slowly
_BACK_OFF = (0.0, 0.5, 1.0, 2.0, 5.0)
_FIRST_FAILURES = 5  # so often a part may end while everything starts ...
_PATIENCE_AT_START = "60"  # seconds that a worker waits for Rasa to load before it answers
_NICENESS = 10  # about a ninth of what others get, and all that they leave
_LATER_FAILURES = 20  # ... and so often once all has worked: it may be the database that is away


def die_with_parent() -> None:
    """Ask the kernel to end this process when its parent ends (Linux)."""
    # Without this a killed supervisor would leave Rasa behind, holding ports and memory.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def patiently(command: Sequence[str]) -> list[str]:
    """Give a command that leaves the processors to others when there is not enough of them."""
    nice = shutil.which("nice")
    return [nice, "-n", str(_NICENESS), *command] if nice else list(command)


@dataclass
class Part:
    """One process of the installation."""

    name: str
    command: list[str]
    health: str | None  # an address that answers 200 once the part works
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    again_at: float | None = None  # set once its end was noticed
    failures: int = 0  # ends after a short life, one after the other
    log: threading.Thread | None = None
    patient: bool = False  # others come first when the processors are all busy


def parts_of(settings: Settings, model: Path) -> list[Part]:
    """List the processes in the order in which they start."""
    rasa = [
        str(require(BOT_PYTHON)), "-m", "rasa", "run",
        "--model", str(model),
        "--endpoints", str(ROOT / "endpoints.yml"),
        "--credentials", str(ROOT / "credentials.yml"),
        "-i", "127.0.0.1", "-p", str(settings.rasa_port),
    ]  # fmt: skip
    actions = [str(require(ACTIONS_PYTHON)), "-m", "actions.serve"]
    own = [sys.executable, "-m", "suar"]
    telegram = settings.channels.telegram
    polls = telegram is not None and telegram.polling
    return [
        # Providers and responders wait for the gateway and the console at this very moment.
        Part("rasa", rasa, f"{settings.rasa_url}/health", patient=True),
        Part("actions", actions, f"http://127.0.0.1:{settings.actions_port}/health", patient=True),
        Part("gateway", [*own, "gateway"], f"{settings.gateway_url}/healthz"),
        Part("worker", [*own, "worker", "--patience", _PATIENCE_AT_START], None, patient=True),
        Part("console", [*own, "console"], f"{settings.console.local_url}/healthz"),
        *([Part("poll", [*own, "poll"], None)] if polls else []),
        *([Part("smpp", [*own, "smpp"], None)] if settings.channels.smpp is not None else []),
    ]


@dataclass
class Supervisor:
    """Runs the parts; a part that ends is started again, with pauses that grow."""

    settings: Settings
    model: Path
    log_folder: Path
    tell: Callable[[str], None]
    parts: list[Part] = field(default_factory=list)
    _environment: Mapping[str, str] = field(default_factory=dict)
    _mending: threading.Lock = field(default_factory=threading.Lock)
    _patience: int = _FIRST_FAILURES

    def start(self) -> None:
        """Start every part; raises SuarError when an address is taken."""
        self.log_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        refuse_taken_ports(self.settings)
        token = self.settings.rasa_token or secrets.token_urlsafe(24)
        self._environment = child_environment(self.settings, token)
        self.parts = parts_of(self.settings, self.model)
        for part in self.parts:
            self._launch(part)

    def _launch(self, part: Part) -> None:
        part.process = subprocess.Popen(
            patiently(part.command) if part.patient else part.command,
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches us alone, and we end them in order
            # The kernel means the parent *thread*: from another one it would end too soon.
            preexec_fn=die_with_parent if _in_main_thread() else None,
        )
        assert part.process.stdout is not None
        part.log = pump(part.process.stdout, self._log(part))
        part.started_at = time.monotonic()
        part.again_at = None

    def wait_ready(self, seconds: float = 300, *, mend: bool = True) -> None:
        """Wait until every part answers; raises SuarError naming the one that does not.

        `mend` is for those who have no other thread that looks after the parts meanwhile.
        """
        deadline = time.monotonic() + seconds
        for part in self.parts:
            while part.health and not _healthy(part.health):
                if time.monotonic() > deadline:
                    raise SuarError(f"{part.name} does not start; see {self._log(part)}")
                if mend:
                    self.mend()
                time.sleep(0.2)
            self.tell(f"  {part.name} is ready")
        self._patience = _LATER_FAILURES

    def _log(self, part: Part) -> Path:
        return self.log_folder / f"{part.name}.log"

    def mend(self) -> None:
        """Start again what has ended; raises SuarError naming a part that keeps ending."""
        # Two threads look while the start is awaited; only one may start a part again.
        with self._mending:
            for part in self.parts:
                if part.process is not None and part.process.poll() is not None:
                    self._mend_part(part, part.process.returncode)

    def _mend_part(self, part: Part, code: int) -> None:
        now = time.monotonic()
        if part.again_at is None:
            part.failures = part.failures + 1 if now - part.started_at < _SHORT_LIFE else 0
            if part.failures > self._patience:
                said = f"{self._log(part)} ends with: {last_line(self._log(part))}"
                raise SuarError(f"{part.name} keeps ending ({code}); {said}")
            part.again_at = now + _BACK_OFF[min(part.failures, len(_BACK_OFF) - 1)]
        if now >= part.again_at:
            self.tell(f"  {part.name} ended ({code}); starting it again")
            self._launch(part)

    def stop(self) -> None:
        """End every part: the worker first, so that nobody asks what is no longer there."""
        for part in reversed(self.parts):
            _signal(part, signal.SIGTERM)
        deadline = time.monotonic() + _GRACE
        for part in self.parts:
            if part.process is not None:
                try:
                    part.process.wait(max(deadline - time.monotonic(), 0.1))
                except subprocess.TimeoutExpired:
                    _signal(part, signal.SIGKILL)
                    part.process.wait()
            if part.log is not None:
                part.log.join(1)


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _signal(part: Part, number: signal.Signals) -> None:
    if part.process is not None and part.process.poll() is None:
        # It may end between the look and the signal.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(part.process.pid, number)


def _healthy(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def free_port() -> int:
    """Find a port that nobody uses at this moment."""
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """Find as many different ports that nobody uses at this moment."""
    with contextlib.ExitStack() as held:
        # Asked one after the other the system may give one twice; held all at once it cannot.
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def on_free_ports(settings: Settings) -> Settings:
    """Give the same settings on ports nobody uses: for an installation beside another."""
    gateway, rasa, actions, console = free_ports(4)
    return replace(
        settings,
        port=gateway,
        rasa_port=rasa,
        actions_port=actions,
        console=replace(settings.console, port=console),
    )
