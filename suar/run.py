"""`suar run`: everything up on one machine, until Ctrl-C."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime

from hotline.errors import SuarError
from hotline.settings import Settings
from store.register.importing import import_demo
from store.vault import Vault, open_vault
from suar.ports import refuse_taken_ports
from suar.processes import Supervisor
from suar.sole import Hold, sole_installation
from suar.training import ensure_model


def prepare(settings: Settings) -> Vault:
    """Bring database, keys and demo register to where the processes can start."""
    vault = open_vault(settings)
    import_demo(vault.engine, now=datetime.now(UTC))
    _tighten(settings)
    return vault


def _tighten(settings: Settings) -> None:
    """Take from others the right to read what an earlier version left readable."""
    found = [f for name in ("suar.db*", "trackers.db*", "logs/*") for f in settings.home.glob(name)]
    for file in found:
        with suppress(OSError):
            file.chmod(0o600)
    with suppress(OSError):
        (settings.home / "logs").chmod(0o700)


def run(settings: Settings) -> int:
    """Start all processes, print the addresses, and end them on Ctrl-C or SIGTERM.

    Raises SuarError when the start fails, a part keeps ending, or the database is lost.
    """
    _tell("preparing database and keys ...")
    vault = prepare(settings)
    with sole_installation(vault.engine, settings.home, _tell) as hold:
        refuse_taken_ports(settings)
        supervisor = Supervisor(settings, ensure_model(settings), settings.home / "logs", _tell)
        # Only from here on: until now Ctrl-C must break off whatever is being made.
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        try:
            _watch(supervisor, settings, hold, stop)
        finally:
            _tell("ending all processes ...")
            supervisor.stop()
    vault.engine.dispose()
    return 0


def _watch(supervisor: Supervisor, settings: Settings, hold: Hold, stop: threading.Event) -> None:
    _tell("starting Rasa, actions, gateway, worker and console ...")
    supervisor.start()
    failed: list[SuarError] = []

    def announce() -> None:
        try:
            supervisor.wait_ready(mend=False)
            _announce(settings)
        except SuarError as error:
            failed.append(error)

    # A daemon: Ctrl-C while something does not start must not wait for it.
    threading.Thread(target=announce, daemon=True).start()
    while not stop.wait(0.5):
        supervisor.mend()
        hold.check()
        if failed:
            raise failed[0]


def _announce(settings: Settings) -> None:
    _tell("")
    _tell("Suar is running. Ctrl-C ends it.")
    if settings.try_page:
        _tell(f"  try it:   {settings.gateway_url}/try")
    _tell(f"  console:  {settings.console.url} (.venv/bin/suar staff invite NAME)")
    _tell(f"  health:   {settings.gateway_url}/readyz")
    _tell("  tickets:  .venv/bin/suar tickets")
    _tell(f"  logs:     {settings.home / 'logs'}")


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
