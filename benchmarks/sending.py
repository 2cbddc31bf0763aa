"""From the outbox to a provider: how fast, how soon after a webhook, and what dying workers cost.

Run: `python -m benchmarks.sending [--kills 6]`. Workers, gateway and the Telegram transport are
real; the bot repeats what it is asked, and the provider is tests/provider.py. PostgreSQL is
measured when it answers at SUAR_TEST_POSTGRES_URL (the tests' own address by default).
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import sqlalchemy as sa

from benchmarks.tools.figures import circumstances, percentile, table, write_section
from hotline.messages import Channel, Reply
from hotline.settings import ROOT, load_settings
from store import db, inbox, outbox
from store.tables import inbox as inbox_table
from store.tables import outbox as outbox_table
from store.vault import Vault, open_vault
from suar.processes import die_with_parent, free_port, patiently
from tests.provider import TOKEN, Provider, serving

POSTGRES = "postgresql+psycopg://root@127.0.0.1:5432/test"
SECRET = "benchmark-secret-0123"  # noqa: S105 - of a gateway that lives for a minute
VARIANTS = (("SQLite", 1), ("PostgreSQL", 1), ("PostgreSQL", 2), ("PostgreSQL", 4))
CONVERSATIONS = 100
MESSAGES_EACH = 6
PER_SECOND = 10.0
STEADY = 150  # messages
KILLED = 300
ANSWER_TAKES = 0.02  # seconds the provider takes for each message
PATIENCE = 180.0
_OPEN = ("queued", "sending", "held")


@dataclass
class Bench:
    """One installation with its provider."""

    vault: Vault
    provider: Provider
    environment: dict[str, str]
    workers: int

    @contextmanager
    def running(self, *extra: list[str]) -> Iterator[list[subprocess.Popen[bytes]]]:
        """Run the workers, and other commands before them; ends all."""
        worker = patiently([sys.executable, "-m", "benchmarks.tools.sending_worker"])
        processes = [self.start(command) for command in [*extra, *[worker] * self.workers]]
        try:
            yield processes
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait()

    def start(self, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, preexec_fn=die_with_parent)

    def wait(self) -> None:
        """Wait until nothing is left to do; raises TimeoutError."""
        waiting = sa.select(sa.func.count()).where(inbox_table.c.state == "waiting")
        open_ = sa.select(sa.func.count()).where(outbox_table.c.state.in_(_OPEN))
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with db.read(self.vault.engine) as connection:
                left = connection.execute(waiting).scalar_one()
                left += connection.execute(open_).scalar_one()
            if not left:
                return
            time.sleep(0.05)
        raise TimeoutError("messages stay unsent")


@contextmanager
def database(kind: str, home: Path) -> Iterator[str]:
    """Give the address of an empty database."""
    if kind == "SQLite":
        yield f"sqlite:///{home / 'suar.db'}"
        return
    address = os.environ.get("SUAR_TEST_POSTGRES_URL") or POSTGRES  # noqa: TID251
    admin, schema = sa.create_engine(address), f"bench_{uuid4().hex[:12]}"
    with admin.begin() as connection:
        connection.execute(sa.text(f"create schema {schema}"))
    url = sa.make_url(address).update_query_dict({"options": f"-csearch_path={schema}"})
    try:
        yield url.render_as_string(hide_password=False)
    finally:
        with admin.begin() as connection:
            connection.execute(sa.text(f"drop schema {schema} cascade"))
        admin.dispose()


@contextmanager
def bench(kind: str, workers: int) -> Iterator[Bench]:
    """Open an installation of its own and a provider."""
    with (
        tempfile.TemporaryDirectory() as folder,
        database(kind, Path(folder)) as url,
        serving(Provider(delay=ANSWER_TAKES)) as provider,
    ):
        environment = {
            "PATH": os.environ["PATH"],  # noqa: TID251
            "SUAR_HOME": folder,
            "SUAR_DATABASE_URL": url,
            "SUAR_PORT": str(free_port()),
            "SUAR_LEASE_SECONDS": "3",
            "SUAR_TELEGRAM_TOKEN": TOKEN,
            "SUAR_TELEGRAM_SECRET": SECRET,
            "SUAR_TELEGRAM_API": provider.url,
            "SUAR_PUBLIC_URL": "http://127.0.0.1",
        }
        vault = open_vault(load_settings(environment))
        yield Bench(vault, provider, environment, workers)
        vault.engine.dispose()


def throughput(kind: str, workers: int) -> float:
    """Give messages a second from a full outbox to the provider."""
    with bench(kind, workers) as one:
        for caller in range(CONVERSATIONS):
            with db.write(one.vault.engine) as connection:
                found = inbox.conversation_of(
                    connection, one.vault.keyring, channel=Channel.TELEGRAM,
                    address=str(1000 + caller), now=time.time(), transport="telegram",
                )  # fmt: skip
                replies = [Reply(f"{caller}-{number}") for number in range(MESSAGES_EACH)]
                outbox.add(
                    connection, one.vault.keyring, found, replies,
                    inbox_id=None, author="bot", now=time.time(),
                )  # fmt: skip
        with one.running():
            one.wait()
        moments = [taken.at for taken in one.provider.taken]
        assert len(moments) == CONVERSATIONS * MESSAGES_EACH
        return (len(moments) - 1) / (max(moments) - min(moments))


def update(number: int, caller: int, text: str) -> dict[str, object]:
    """Make an update as Telegram posts it."""
    who = {"id": caller, "is_bot": False, "first_name": "x"}
    chat = {"id": caller, "type": "private", "first_name": "x"}
    message = {"message_id": number, "date": int(time.time()), "chat": chat, "from": who}
    return {"update_id": number, "message": {**message, "text": text}}


def post_all(one: Bench, count: int) -> dict[str, float]:
    """Post messages to the webhook at an even pace; gives when each was posted."""
    url = f"http://127.0.0.1:{one.environment['SUAR_PORT']}"
    posted: dict[str, float] = {}
    header = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    with httpx.Client(base_url=url, headers=header, trust_env=False) as http:
        _wait_for(http)
        began = time.monotonic()
        for number in range(count):
            time.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))
            text = f"m-{number}"
            posted[text] = time.time()
            body = update(number + 1, 1000 + number % CONVERSATIONS, text)
            http.post("/webhooks/telegram", json=body).raise_for_status()
    return posted


def _wait_for(http: httpx.Client) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if http.get("/healthz").status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise TimeoutError("the gateway does not start")


def soon(kind: str, workers: int) -> list[float]:
    """Give the milliseconds from posting to a webhook to the answer reaching the provider."""
    with bench(kind, workers) as one, one.running([sys.executable, "-m", "suar", "gateway"]):
        time.sleep(3)  # the workers load their libraries
        posted = post_all(one, STEADY)
        one.wait()
        took = {taken.text: taken.at for taken in one.provider.taken}
        return [(took[text] - at) * 1000 for text, at in posted.items()]


def kills(kind: str, workers: int, times: int) -> tuple[int, int, int, int]:
    """Kill workers during a stream; gives sent, lost, sent twice, and uncertain."""
    chance = random.Random(workers)
    with bench(kind, workers) as one, one.running() as processes:
        for number in range(KILLED):
            with db.write(one.vault.engine) as connection:
                found = inbox.conversation_of(
                    connection, one.vault.keyring, channel=Channel.TELEGRAM,
                    address=str(1000 + number % CONVERSATIONS), now=time.time(),
                    transport="telegram",
                )  # fmt: skip
                outbox.add(
                    connection, one.vault.keyring, found, [Reply(f"k-{number}")],
                    inbox_id=None, author="bot", now=time.time(),
                )  # fmt: skip
            time.sleep(0.02)
            if number % (KILLED // (times + 1)) == KILLED // (times + 1) - 1:
                place = chance.randrange(workers)
                processes[place].kill()
                processes[place].wait()
                last = number + KILLED // (times + 1) >= KILLED
                if workers == 1 or not last:  # of several, the last one killed stays dead
                    command = [sys.executable, "-m", "benchmarks.tools.sending_worker"]
                    processes[place] = one.start(command)
        one.wait()
        took = Counter(taken.text for taken in one.provider.taken)
        with db.read(one.vault.engine) as connection:
            states = Counter(connection.execute(sa.select(outbox_table.c.state)).scalars())
        lost = states["sent"] - (len(took) - _uncertain_taken(one, took))
        return states["sent"], lost, sum(took.values()) - len(took), states["uncertain"]


def _uncertain_taken(one: Bench, took: Counter[str]) -> int:
    query = sa.select(outbox_table.c.body_sealed).where(outbox_table.c.state == "uncertain")
    with db.read(one.vault.engine) as connection:
        bodies = [one.vault.keyring.open(b, "outbox.body") for b in connection.scalars(query)]
    return sum(any(f'"{text}"' in body for body in bodies) for text in took)


def main() -> None:
    """Measure every variant and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=6)
    chosen = parser.parse_args()
    when, lines = circumstances(), []
    for kind, workers in VARIANTS:
        times = soon(kind, workers)
        sent, lost, twice, uncertain = kills(kind, workers, chosen.kills)
        figures = [
            f"{throughput(kind, workers):.0f}",
            *(f"{percentile(times, p):.0f}" for p in (50, 95, 99)),
        ]
        lines.append(
            [f"{kind}, {workers}", *figures, str(sent), str(lost), str(twice), str(uncertain)]
        )
    write_section("sending", report(when, lines, chosen.kills))


def report(when: str, lines: list[list[str]], times: int) -> str:
    """Build this benchmark's section of docs/benchmarks.md."""
    headings = [
        "database, workers", "messages a second", "webhook to provider, ms: p50", "p95", "p99",
        "under kills: sent", "lost", "sent twice", "uncertain",
    ]  # fmt: skip
    return (
        "## Sending: outbox to provider\n\n"
        f"{when}. The Telegram transport over HTTP to a provider on this machine that takes "
        f"{ANSWER_TAKES * 1000:.0f} ms for a message; the paces that Telegram asks for are left "
        "out, and a bot that repeats stands for Rasa.\n\n"
        f"*Messages a second*: {CONVERSATIONS * MESSAGES_EACH} messages of {CONVERSATIONS} "
        "conversations that wait in the outbox when the workers start, from the first to the last "
        f"at the provider. *Webhook to provider*: {STEADY} messages, {PER_SECOND:g} a second, from "
        "being posted to the gateway to their answer at the provider. *Under kills*: "
        f"{KILLED} messages at up to 50 a second while a worker is killed with -9 {times} times; "
        "of several workers, the last one killed is not started again.\n\n"
        + table(headings, lines)
        + "\n\nUncertain is a message whose sender ended between telling the provider and writing "
        "that down: it is shown and never repeated by itself.\n"
    )


if __name__ == "__main__":
    main()
