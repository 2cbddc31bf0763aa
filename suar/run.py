"""`suar run`: everything up on one machine, until Ctrl-C."""

from __future__ import annotations

import signal
import sys
import threading
from datetime import UTC, datetime

from hotline.settings import Settings
from store.register.importing import import_demo
from store.vault import Vault, open_vault
from suar.processes import Supervisor
from suar.training import ensure_model


def prepare(settings: Settings) -> Vault:
    """Bring database, keys and demo register to where the processes can start."""
    vault = open_vault(settings)
    import_demo(vault.engine, now=datetime.now(UTC))
    return vault


def run(settings: Settings) -> int:
    """Start all processes, print the addresses, and end them on Ctrl-C or SIGTERM."""
    _tell("preparing database and keys ...")
    prepare(settings).engine.dispose()
    model = ensure_model(settings)
    # Only from here on: until now Ctrl-C must break off whatever is being made.
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    supervisor = Supervisor(settings, model, settings.home / "logs", _tell)
    try:
        _tell("starting Rasa, actions, gateway and worker ...")
        supervisor.start()
        # A daemon: Ctrl-C while something does not start must not wait for it.
        threading.Thread(target=_announce, args=(supervisor, settings, stop), daemon=True).start()
        while not stop.wait(0.5):
            supervisor.mend()
    finally:
        _tell("ending all processes ...")
        supervisor.stop()
    return 0


def _announce(supervisor: Supervisor, settings: Settings, stop: threading.Event) -> None:
    try:
        supervisor.wait_ready(mend=False)
    except Exception as error:  # noqa: BLE001 - it must reach the main thread, which ends all
        _tell(str(error))
        stop.set()
        return
    _tell("")
    _tell("Suar is running. Ctrl-C ends it.")
    if settings.try_page:
        _tell(f"  try it:   {settings.gateway_url}/try")
    _tell(f"  health:   {settings.gateway_url}/readyz")
    _tell("  tickets:  .venv/bin/suar tickets")
    _tell(f"  logs:     {settings.home / 'logs'}")


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
