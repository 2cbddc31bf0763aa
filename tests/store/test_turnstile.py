"""Turns to write: nobody overtakes twice, the dead hold nothing, files go with the engine."""

import gc
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from store import db
from store.turnstile import Turnstile

# Takes turn after turn without a pause between them, as a busy worker does; counts them, one byte
# a turn, and says when it has its first.
GREEDY = """
import sys, time
from pathlib import Path
from store.turnstile import Turnstile
stile, had = Turnstile(Path(sys.argv[1])), 0
with Path(sys.argv[1] + "-had").open("ab", buffering=0) as turns:
    while True:
        with stile.turn():
            turns.write(b".")
            if not had:
                print("ready", flush=True)
            had += 1
            time.sleep(0.02)
"""
HOLDER = GREEDY.replace("0.02", "600")


@pytest.fixture
def other(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[bytes]]:
    """Run another process that takes turns at the same file."""
    process = subprocess.Popen(
        [sys.executable, "-c", request.param, str(tmp_path / "suar.db")], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("other", [GREEDY], indirect=True)
def test_a_process_that_writes_all_the_time_leaves_turns_to_others(
    tmp_path: Path, other: subprocess.Popen[bytes]
) -> None:
    """Each wait is about one turn of the other, never ten: counted, for turns may be slow."""
    stile, waits, had = Turnstile(tmp_path / "suar.db"), [], tmp_path / "suar.db-had"
    for _ in range(20):
        before = had.stat().st_size
        with stile.turn():
            waits.append(had.stat().st_size - before)
    assert sorted(waits)[10] < 10
    ours_over, deadline = had.stat().st_size, time.monotonic() + 60
    while had.stat().st_size == ours_over:
        assert time.monotonic() < deadline, "the other takes no turns"
        time.sleep(0.02)
    assert other.poll() is None


@pytest.mark.parametrize("other", [HOLDER], indirect=True)
def test_a_killed_process_leaves_its_turn(tmp_path: Path, other: subprocess.Popen[bytes]) -> None:
    """The kernel lets go of what a dead process held."""
    stile, got = Turnstile(tmp_path / "suar.db"), threading.Event()

    def take() -> None:
        with stile.turn():
            got.set()

    thread = threading.Thread(target=take)
    thread.start()
    assert not got.wait(0.3)
    other.kill()
    assert got.wait(60)
    thread.join()


def test_two_threads_never_have_the_turn_together(tmp_path: Path) -> None:
    """One handle serves all threads of a process, so the threads queue among themselves."""
    stile = Turnstile(tmp_path / "suar.db")
    inside: list[int] = []
    most: list[int] = []

    def take() -> None:
        for _ in range(20):
            with stile.turn():
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.001)
                inside.pop()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(most) == {1}
    assert len(most) == 80


def test_an_engine_takes_its_open_files_along(tmp_path: Path) -> None:
    """A process that opens many databases one after the other does not run out of files."""

    def use() -> None:
        engine = db.connect(f"sqlite:///{tmp_path / 'suar.db'}")
        with db.write(engine) as connection:
            connection.execute(sa.text("select 1"))
        engine.dispose()

    use()
    gc.collect()
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        use()
    gc.collect()
    assert len(list(Path("/proc/self/fd").iterdir())) <= before
