"""`suar smpp` as its own process: killed at the moments that matter, and asked to end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from hotline.messages import Reply
from hotline.settings import ROOT
from store import db, outbox
from store.tables import conversations
from store.tables import outbox as table
from store.vault import Vault, open_vault
from tests.channels.smpp.centre import BUDI, Centre, environment, settings_of, wait_until
from tests.channels.smpp.station import conversation, words

Start = Callable[..., subprocess.Popen[bytes]]
PARTS = ("paspor saya diambil, ", "saya dikunci, ", "tolong")


@pytest.fixture
def vault(centre: Centre, tmp_path: Path) -> Iterator[Vault]:
    """Give the installation that the process works on."""
    made = open_vault(settings_of(centre.port, tmp_path))
    yield made
    made.engine.dispose()


@pytest.fixture
def start(centre: Centre, vault: Vault, tmp_path: Path) -> Iterator[Start]:
    """Give what starts the process and waits until it is bound; all are ended."""
    started: list[subprocess.Popen[bytes]] = []

    def run(module: str = "suar", *, binds: bool = True) -> subprocess.Popen[bytes]:
        env = environment(centre.port, tmp_path, SUAR_LEASE_SECONDS="2", SUAR_SMS_QUIET_HOURS="0-0")
        env |= around()
        command = [sys.executable, "-m", module, "smpp"]
        before = len(centre.state["binds"])
        started.append(subprocess.Popen(command, cwd=ROOT, env=env))
        if binds:
            wait_until(lambda: len(centre.state["binds"]) > before)
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.wait()


def around() -> dict[str, str]:
    """Give the variables that every process needs here."""
    names = ("PATH", "PYTHONPATH")
    return {name: os.environ[name] for name in names if name in os.environ}  # noqa: TID251


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process without warning."""
    process.kill()
    process.wait()


def queue(vault: Vault, *texts: str, address: str = BUDI) -> None:
    """Write messages as a turn does, to a caller who wrote a moment ago."""
    talk, now = conversation(vault, address), time.time()
    with db.write(vault.engine) as connection:
        heard = sa.update(conversations).where(conversations.c.id == talk).values(heard_at=now)
        connection.execute(heard)
        outbox.add(
            connection,
            vault.keyring,
            talk,
            [Reply(text) for text in texts],
            inbox_id=None,
            author="bot",
            now=now,
        )


def states(vault: Vault) -> list[str]:
    """List where our messages stand, in the order of writing."""
    with db.read(vault.engine) as connection:
        return list(connection.execute(sa.select(table.c.state).order_by(table.c.id)).scalars())


def test_killed_before_storing_nothing_is_lost(centre: Centre, vault: Vault, start: Start) -> None:
    """What was not stored was not answered, and comes again."""
    process = start()
    with db.write(vault.engine):  # nobody else can write
        centre.write("tolong")
        time.sleep(1)
        kill(process)
    assert words(vault) == []
    start()
    wait_until(lambda: words(vault) == ["tolong"])
    wait_until(lambda: centre.state["queue"] == 0)
    assert words(vault) == ["tolong"]


def test_killed_between_storing_and_answering_nothing_is_twice(
    centre: Centre, vault: Vault, start: Start
) -> None:
    """The centre has heard no answer and gives it again."""
    process = start()
    centre.ask("_set", deaf=True, window=10)
    for text in ("satu", "dua", "tiga"):
        centre.write(text)
    wait_until(lambda: words(vault) == ["satu", "dua", "tiga"])
    kill(process)
    centre.ask("_set", deaf=False)
    start()
    wait_until(lambda: centre.state["queue"] == 0)
    assert words(vault) == ["satu", "dua", "tiga"]
    centre.write("tiga")
    wait_until(lambda: words(vault) == ["satu", "dua", "tiga", "tiga"])


@pytest.mark.parametrize("deaf", [False, True])
def test_killed_between_two_parts_the_message_is_whole(
    centre: Centre, vault: Vault, start: Start, deaf: bool
) -> None:
    """Whether the centre has heard our answers to the first ones or not."""
    # Its clock stands still: parts do not wait in vain for a process that is slow to start again.
    module = "tests.channels.smpp.timeless_process"
    process = start(module)
    centre.ask("_set", deaf=deaf, window=10)
    centre.write_parts(*PARTS, only=(1, 3))
    time.sleep(1)
    kill(process)
    centre.ask("_set", deaf=False)
    start(module)
    centre.write_parts(*PARTS, only=(2,))
    wait_until(lambda: centre.state["queue"] == 0)
    wait_until(lambda: words(vault) == ["".join(PARTS)])


def test_what_waits_goes_out_in_order(centre: Centre, vault: Vault, start: Start) -> None:
    """Although the centre is crowded now and then."""
    centre.ask("_set", failures=[{}, {"status": 0x58}, {"status": 0x58}, {}, {"status": 0x14}])
    queue(vault, "satu", "dua", "tiga", "empat")
    start()
    wait_until(lambda: states(vault) == ["sent"] * 4)
    assert centre.texts() == ["satu", "dua", "tiga", "empat"]


def test_a_line_that_breaks_in_the_middle_repeats_nothing(
    centre: Centre, vault: Vault, start: Start
) -> None:
    """What may have gone out is uncertain; what comes after it goes out in the next session."""
    centre.ask("_set", failures=[{}, {"cut": "after"}, {}, {"cut": "before"}])
    queue(vault, "satu", "dua", "tiga", "empat", "lima")
    start()
    done = ["sent", "uncertain", "sent", "uncertain", "sent"]
    wait_until(lambda: states(vault) == done)
    assert centre.texts() == ["satu", "dua", "tiga", "lima"]


def test_killed_while_sending_repeats_nothing(centre: Centre, vault: Vault, start: Start) -> None:
    """Nobody knows whether it arrived; the next one goes out."""
    centre.ask("_fail", silent=True)
    queue(vault, "satu", "dua")
    process = start()
    wait_until(lambda: centre.texts() == ["satu"])
    kill(process)
    start()
    wait_until(lambda: states(vault) == ["uncertain", "sent"])
    assert centre.texts() == ["satu", "dua"]


def test_a_talk_goes_both_ways(centre: Centre, vault: Vault, start: Start) -> None:
    """The worker answers, and leaves the sending to the process that has the session."""
    start()
    start("tests.sending_process", binds=False)
    centre.write("tolong")
    wait_until(lambda: centre.texts() == ["tolong/1", "tolong/2"])
    taken = centre.state["taken"]
    for one in taken:
        centre.ask("_receipt", id=one["id"], stat="DELIVRD", **{"from": BUDI[1:]})
    wait_until(lambda: states(vault) == ["delivered", "delivered"])
    assert {one["to"] for one in taken} == {BUDI[1:]}


def test_asked_to_end_it_unbinds(centre: Centre, start: Start) -> None:
    """At once, and in good order."""
    process = start()
    process.send_signal(signal.SIGTERM)
    assert process.wait(25) == 0
    wait_until(lambda: centre.state["unbinds"] == 1)


def test_a_stranger_is_told_what_to_set(tmp_path: Path) -> None:
    """Without settings there is nothing to hold."""
    env = {**around(), "SUAR_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "suar", "smpp"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False)
    assert done.returncode == 2
    assert b"docs/connect-sms.md" in done.stderr
