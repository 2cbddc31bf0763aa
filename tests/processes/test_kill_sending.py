"""Workers are killed while a provider fails in every way: nothing lost, nothing sent twice."""

from __future__ import annotations

import json
import os
import random
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from hotline.messages import Channel, InboundMessage
from hotline.settings import ROOT, load_settings
from store import db, inbox
from store.tables import inbox as inbox_table
from store.tables import outbox as outbox_table
from store.vault import Vault, open_vault
from tests.provider import FAULTS, TOKEN, Provider, serving

CONVERSATIONS = 20
MESSAGES_EACH = 4
PATIENCE = 900.0  # seconds until everything must have gone out
OPEN = ("queued", "sending", "held")


@contextmanager
def workers(environment: dict[str, str], count: int, log: Path, *told: str) -> Iterator[Workers]:
    """Start worker processes and end them; `told` stands behind their command."""
    running = Workers(environment, count, log, told)
    try:
        yield running
    finally:
        for process in running.processes:
            process.kill()
            process.wait()


class Workers:
    """The worker processes of an installation."""

    def __init__(
        self, environment: dict[str, str], count: int, log: Path, told: Sequence[str]
    ) -> None:
        self._environment = environment
        self._told = told
        self._log = log
        self.processes = [self._start() for _ in range(count)]

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.sending_process", *self._told]
        with self._log.open("ab") as log:
            return subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )

    def kill(self, place: int, *, again: bool) -> None:
        """End one without warning."""
        process = self.processes[place]
        process.send_signal(signal.SIGKILL)
        process.wait()
        if again:
            self.processes[place] = self._start()


def environment_of(home: Path, engine: sa.Engine, provider: Provider) -> dict[str, str]:
    """Give the settings of an installation in `home`, on a database and a provider of its own."""
    return {
        "PATH": os.environ["PATH"],  # noqa: TID251
        "SUAR_HOME": str(home),
        "SUAR_DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "SUAR_LEASE_SECONDS": "3",
        "SUAR_TELEGRAM_TOKEN": TOKEN,
        "SUAR_TELEGRAM_MODE": "polling",
        "SUAR_TELEGRAM_API": provider.url,
    }


def say(vault: Vault, caller: int, text: str) -> None:
    """Store one message as a webhook does."""
    message = InboundMessage(
        channel=Channel.TELEGRAM,
        provider_id=secrets.token_hex(8),
        address=str(1000 + caller),
        text=text,
        received_at=datetime.now(UTC),
    )
    with db.write(vault.engine) as connection:
        inbox.receive(connection, vault.keyring, message, transport="telegram")


def unfinished(vault: Vault) -> int:
    """Count what has not been answered or not gone out."""
    with db.read(vault.engine) as connection:
        waiting = sa.select(sa.func.count()).where(inbox_table.c.state == "waiting")
        open_ = sa.select(sa.func.count()).where(outbox_table.c.state.in_(OPEN))
        return int(
            connection.execute(waiting).scalar_one() + connection.execute(open_).scalar_one()
        )


@pytest.mark.parametrize(
    ("engine", "count"),
    [("sqlite", 1), ("postgresql", 1), ("postgresql", 2), ("postgresql", 4)],
    indirect=["engine"],
)
def test_nothing_is_lost_or_sent_twice_while_workers_die(
    engine: sa.Engine, count: int, tmp_path: Path
) -> None:
    """Eighty messages with two answers each; the last worker killed is not started again."""
    chance = random.Random(count)
    hangs = ["hang after taking", "hang before taking"] if count == 2 else []
    with serving(Provider(faults=FAULTS, hangs=hangs, seed=count)) as provider:
        environment = environment_of(tmp_path, engine, provider)
        vault = open_vault(load_settings(environment))
        with workers(environment, count, tmp_path / "log") as running:
            for turn in range(MESSAGES_EACH):
                for caller in range(CONVERSATIONS):
                    say(vault, caller, f"{caller}-{turn}")
                    time.sleep(0.02)
                time.sleep(chance.uniform(1.0, 2.5))
                last = turn == MESSAGES_EACH - 1
                running.kill(chance.randrange(count), again=count == 1 or not last)
            deadline = time.monotonic() + PATIENCE
            while unfinished(vault):
                assert time.monotonic() < deadline, (tmp_path / "log").read_text()[-3000:]
                time.sleep(0.3)
        verify(vault, provider)
        vault.engine.dispose()


def verify(vault: Vault, provider: Provider) -> None:
    """Compare what the provider took with what we believe."""
    with db.read(vault.engine) as connection:
        rows = connection.execute(sa.select(outbox_table).order_by(outbox_table.c.id)).all()
    assert len(rows) == CONVERSATIONS * MESSAGES_EACH * 2
    assert {row.state for row in rows} <= {"sent", "uncertain"}
    text_of = {row.id: _text(vault, row.body_sealed) for row in rows}
    took = Counter(one.text for one in provider.taken)
    assert max(took.values()) == 1, "something was sent twice"
    sent = {text_of[row.id] for row in rows if row.state == "sent"}
    assert sent <= set(took), "something we believe sent was never taken"
    uncertain = {text_of[row.id] for row in rows if row.state == "uncertain"}
    assert set(took) <= sent | uncertain
    assert len(uncertain) < len(rows) / 4, "uncertain must stay the exception"
    order = defaultdict(list)
    for one in provider.taken:
        if one.text not in uncertain:
            order[one.chat].append(one.text)
    places = {text_of[row.id]: row.id for row in rows}
    for texts in order.values():
        assert texts == sorted(texts, key=places.__getitem__), "the order is lost"


def _text(vault: Vault, sealed: bytes) -> str:
    return str(json.loads(vault.keyring.open(sealed, "outbox.body"))["text"])
