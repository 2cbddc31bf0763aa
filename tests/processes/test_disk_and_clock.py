"""The disk is full, the clock is set: what is to be sent waits, and goes out once."""

from __future__ import annotations

import json
import resource
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from hotline.settings import load_settings
from store import db
from store.tables import outbox as table
from store.vault import Vault, open_vault
from tests.processes.test_kill_sending import environment_of, say, unfinished, workers
from tests.provider import Provider, serving
from tests.sending_process import CLOCK

CALLERS = 12
DAYS = 3 * 86_400.0
PATIENCE = 600.0  # seconds
FULL = 3.0  # seconds for which the disk takes nothing, after what had been begun went out
NOTICED = "the clock was moved"
SLOTS = 8  # conversations in which a worker sends at a time, by default


def until(true: Callable[[], bool], log: Path) -> None:
    """Wait for something, but not for ever."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, log.read_text()[-3000:]
        time.sleep(0.05)


def begun(vault: Vault) -> int:
    """Count the messages of which it is written down that they were begun."""
    with db.read(vault.engine) as connection:
        query = sa.select(sa.func.count()).where(table.c.state.not_in(("queued", "held")))
        return int(connection.execute(query).scalar_one())


def verify(vault: Vault, provider: Provider) -> None:
    """Everything was taken once, and everything is known to be sent."""
    with db.read(vault.engine) as connection:
        rows = connection.execute(sa.select(table).order_by(table.c.id)).all()
    texts = [json.loads(vault.keyring.open(row.body_sealed, "outbox.body"))["text"] for row in rows]
    assert len(texts) == CALLERS * 4
    assert Counter(one.text for one in provider.taken) == Counter(texts)
    assert {row.state for row in rows} == {"sent"}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_full_disk_stops_the_sending_and_loses_nothing(engine: sa.Engine, tmp_path: Path) -> None:
    """No message is begun that could not be written down; what was begun is written down later.

    The system lets the process write nothing more, which to SQLite is a disk that takes nothing.
    """
    log = tmp_path / "log"
    # So slow that there is much left when the disk is full, however late this test sees that.
    with serving(Provider(delay=1.0)) as provider:
        environment = environment_of(tmp_path, engine, provider)
        vault = open_vault(load_settings(environment))
        with workers(environment, 1, log) as running:
            for turn in range(2):
                for caller in range(CALLERS):
                    say(vault, caller, f"{caller}-{turn}")
            until(lambda: len(provider.taken) >= 5, log)
            number = running.processes[0].pid
            limits = resource.prlimit(number, resource.RLIMIT_FSIZE)
            resource.prlimit(number, resource.RLIMIT_FSIZE, (0, limits[1]))
            before = len(provider.taken)
            until(lambda: len(provider.taken) == begun(vault), log)
            during = len(provider.taken)
            time.sleep(FULL)
            assert during - before <= SLOTS, "only what had been begun may still go out"
            assert len(provider.taken) == begun(vault) == during < CALLERS * 4
            provider.delay = 0.0
            assert running.processes[0].poll() is None, log.read_text()[-3000:]
            resource.prlimit(number, resource.RLIMIT_FSIZE, limits)
            until(lambda: not unfinished(vault), log)
        verify(vault, provider)
        vault.engine.dispose()


@pytest.mark.parametrize(
    ("engine", "count"), [("sqlite", 1), ("postgresql", 2)], indirect=["engine"]
)
def test_a_clock_that_jumps_days_there_and_back_loses_and_doubles_nothing(
    engine: sa.Engine, count: int, tmp_path: Path
) -> None:
    """Leases seem to have run out, and times to be over, while a provider puts many off."""
    log, clock = tmp_path / "log", tmp_path / "clock"
    clock.write_text("0")
    with serving(Provider(faults={"crowded": 150}, delay=0.1)) as provider:
        environment = environment_of(tmp_path, engine, provider)
        vault = open_vault(load_settings(environment))
        with workers(environment, count, log, f"{CLOCK}{clock}"):
            for turn, moved in enumerate((DAYS, -DAYS)):
                for caller in range(CALLERS):
                    say(vault, caller, f"{caller}-{turn}")
                until(lambda least=turn * 24 + 5: len(provider.taken) >= least, log)
                _set(clock, moved, log)
            _set(clock, 0.0, log)
            until(lambda: not unfinished(vault), log)
        verify(vault, provider)
        vault.engine.dispose()


def _set(clock: Path, moved: float, log: Path) -> None:
    """Set the clock whole, for nobody shall read half a number, and see that it is noticed."""
    seen = log.read_text().count(NOTICED)
    fresh = clock.with_suffix(".new")
    fresh.write_text(str(moved))
    fresh.replace(clock)
    # By one at least: another process may not have looked at any clock yet.
    until(lambda: log.read_text().count(NOTICED) > seen, log)
    time.sleep(2)
