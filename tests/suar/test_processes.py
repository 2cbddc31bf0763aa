"""The supervisor: what ends is started again, and nothing is left behind."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hotline.errors import SuarError
from hotline.settings import Settings, load_settings
from suar.processes import Part, Supervisor, free_port
from tests.nobody import nobody_at
from tests.suar.free_ports import free_ports

SLEEP = "import time; time.sleep(600)"  # far longer than any wait below
DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(1, flush=True)
time.sleep(600)
"""
# Ends at its first start, and serves health at every later one.
SECOND_TIME_LUCKY = """
import http.server, pathlib, sys
mark = pathlib.Path(sys.argv[1])
if not mark.exists():
    mark.touch()
    sys.exit(1)
class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[2])), Health).serve_forever()
"""
# Writes its own number into a folder, then sleeps.
SIGNS_IN = """
import os, pathlib, sys, time
(pathlib.Path(sys.argv[1]) / str(os.getpid())).touch()
time.sleep(600)
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give an installation on free ports."""
    ports = ("SUAR_PORT", "SUAR_CONSOLE_PORT", "SUAR_RASA_PORT", "SUAR_ACTIONS_PORT")
    return load_settings({"SUAR_HOME": str(tmp_path), **free_ports(*ports)})


@pytest.fixture
def supervise(settings: Settings, tmp_path: Path) -> Iterator[Callable[..., Supervisor]]:
    """Make supervisors over given parts and end all their processes with the test."""
    made: list[Supervisor] = []

    def make(*parts: Part, tell: Callable[[str], None] = lambda _: None) -> Supervisor:
        (tmp_path / "logs").mkdir(exist_ok=True)
        environment = {"PATH": os.defpath}
        supervisor = Supervisor(settings, Path("model"), tmp_path / "logs", tell, list(parts))
        supervisor._environment = environment
        made.append(supervisor)
        return supervisor

    yield make
    for supervisor in made:
        supervisor.stop()


def dead(code: str, *arguments: str, lived: float = 31) -> Part:
    """Give a part whose process has just ended after some time of work."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    command = [sys.executable, "-c", code, *arguments]
    return Part("part", command, None, ended, time.monotonic() - lived)


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def runs(number: int) -> bool:
    """Say whether a process of ours exists and is no zombie."""
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_a_part_that_ended_is_started_again(supervise: Callable[..., Supervisor]) -> None:
    """After a crash the part lives again, and the operator is told."""
    told: list[str] = []
    part = dead(SLEEP)
    supervisor = supervise(part, tell=told.append)
    supervisor.mend()
    assert part.process is not None
    assert part.process.poll() is None
    assert len(told) == 1
    supervisor.mend()
    assert len(told) == 1


def test_a_part_that_runs_is_left_alone(supervise: Callable[..., Supervisor]) -> None:
    """Looking after it does not restart it."""
    part = dead(SLEEP)
    supervisor = supervise(part)
    supervisor.mend()
    first = part.process
    supervisor.mend()
    assert part.process is first


def test_a_part_that_ends_at_once_is_not_started_in_a_rush(
    supervise: Callable[..., Supervisor],
) -> None:
    """Between two starts of a part that cannot live there is a pause."""
    part = dead("", lived=0)
    supervisor = supervise(part)
    first = part.process
    supervisor.mend()
    assert part.process is first

    def started() -> bool:
        supervisor.mend()
        return part.process is not first

    until(started)


def test_one_crash_at_the_start_is_forgiven(
    supervise: Callable[..., Supervisor], tmp_path: Path
) -> None:
    """A part that ends once and works the second time is waited for."""
    port = free_port()
    part = dead(SECOND_TIME_LUCKY, str(tmp_path / "mark"), str(port))
    part.health = f"http://127.0.0.1:{port}/"
    supervise(part).wait_ready(120)
    assert part.process is not None
    assert part.process.poll() is None


def test_a_part_that_cannot_live_is_named(
    supervise: Callable[..., Supervisor], tmp_path: Path
) -> None:
    """In the end the operator reads which part it is and where its log lies."""
    part = dead("raise SystemExit(3)")
    with nobody_at() as port:
        part.health = f"http://127.0.0.1:{port}/"
        with pytest.raises(SuarError, match=r"part .*part\.log"):
            supervise(part).wait_ready(2)


def test_a_part_that_keeps_ending_ends_the_installation(
    supervise: Callable[..., Supervisor],
) -> None:
    """The operator reads which one, its code, and the last thing it said; nothing is hidden."""
    part = dead("print('suar: the keyring is damaged'); raise SystemExit(2)", lived=0)
    supervisor = supervise(part)

    def mend() -> bool:
        supervisor.mend()
        return False

    with pytest.raises(SuarError, match=r"part keeps ending \(2\).*the keyring is damaged"):
        until(mend, 240)


def test_once_all_has_worked_a_part_has_more_patience(
    supervise: Callable[..., Supervisor], tmp_path: Path
) -> None:
    """A database that is away for a minute must not end what would recover by itself."""
    supervisor = supervise(dead(SLEEP))
    supervisor.wait_ready()
    failing = dead("raise SystemExit(2)", lived=0)
    failing.failures = 10
    supervisor.parts.append(failing)
    supervisor.mend()
    assert failing.failures == 11


def test_two_who_look_after_a_dead_part_start_it_once(
    supervise: Callable[..., Supervisor], tmp_path: Path
) -> None:
    """While the start is still waited for, two threads mend: no second process may be forgotten."""
    signed = tmp_path / "signed"
    signed.mkdir()
    together = threading.Barrier(2)

    def tell(_: str) -> None:
        try:
            together.wait(1)
        except threading.BrokenBarrierError:
            return  # the other one is held off, as it should be

    supervisor = supervise(dead(SIGNS_IN, str(signed)), tell=tell)
    over = threading.Event()

    def look_after() -> None:
        supervisor.mend()
        over.wait(120)

    threads = [threading.Thread(target=look_after) for _ in range(2)]
    for thread in threads:
        thread.start()
    until(lambda: bool(list(signed.iterdir())))
    time.sleep(1.5)
    numbers = [int(file.name) for file in signed.iterdir()]
    supervisor.stop()
    left = [number for number in numbers if runs(number)]
    for number in left:
        os.kill(number, signal.SIGKILL)
    over.set()
    for thread in threads:
        thread.join()
    assert (len(numbers), left) == (1, [])


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's signal is Linux's")
def test_a_part_outlives_the_thread_that_started_it(supervise: Callable[..., Supervisor]) -> None:
    """The thread that waits for the start ends; what it has started goes on."""
    part = dead(SLEEP)
    supervisor = supervise(part)
    thread = threading.Thread(target=supervisor.mend)
    thread.start()
    thread.join()
    time.sleep(0.5)
    assert part.process is not None
    assert part.process.poll() is None


def test_stopping_ends_every_process_and_its_children(
    supervise: Callable[..., Supervisor], tmp_path: Path
) -> None:
    """A part's own children end with it: no port stays taken."""
    mark = tmp_path / "child"
    family = (
        "import subprocess, sys, time, pathlib\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "part = pathlib.Path(sys.argv[1] + '.part')\n"
        "part.write_text(str(child.pid))\n"
        "part.rename(sys.argv[1])\n"
        "time.sleep(600)\n"
    )
    parts = [dead(family, str(mark)), dead(SLEEP), dead(SLEEP)]
    supervisor = supervise(*parts)
    supervisor.mend()
    until(mark.exists)
    supervisor.stop()
    assert all(part.process and part.process.poll() is not None for part in parts)
    until(lambda: not runs(int(mark.read_text())))


def test_a_part_that_does_not_listen_is_ended_all_the_same(
    supervise: Callable[..., Supervisor], tmp_path: Path
) -> None:
    """Who ignores the request is ended by force after the time of grace."""
    part = dead(DEAF)
    supervisor = supervise(part)
    supervisor.mend()
    log = tmp_path / "logs" / "part.log"
    until(lambda: log.exists() and log.read_text() == "1\n")
    supervisor.stop()
    assert part.process is not None
    assert part.process.returncode == -signal.SIGKILL


def test_stopping_twice_is_no_error(supervise: Callable[..., Supervisor]) -> None:
    """Ctrl-C pressed again does no harm."""
    part = dead(SLEEP)
    supervisor = supervise(part)
    supervisor.mend()
    supervisor.stop()
    supervisor.stop()


@pytest.mark.parametrize("which", ["port", "rasa_port", "actions_port"])
def test_a_taken_port_is_refused_before_anything_starts(
    settings: Settings, tmp_path: Path, which: str
) -> None:
    """The operator reads the number and what to do, and no process is left."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", getattr(settings, which)))
        other.listen()
        supervisor = Supervisor(settings, Path("model"), tmp_path / "logs", lambda _: None)
        with pytest.raises(SuarError, match=f"port {getattr(settings, which)} is taken"):
            supervisor.start()
    assert supervisor.parts == []


def test_a_free_port_is_free() -> None:
    """It can be listened on at once."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", free_port()))
        listener.listen()
