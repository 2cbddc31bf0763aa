"""Whole turns, from the stored inbound message to the stored answer: all processes, one machine.

Run: `python -m benchmarks.road [--seconds 60]`. It starts an installation of its own and ends it.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from benchmarks.tools.figures import circumstances, mean, percentile, table, write_section
from benchmarks.tools.servers import everything
from benchmarks.tools.unseen import unseen
from hotline.messages import Channel, InboundMessage, InboxState
from hotline.settings import load_settings
from store import db, inbox
from store.tables import inbox as inbox_table
from store.tables import outbox as outbox_table
from store.vault import Vault
from suar.training import make_model

PER_SECOND = 2.0
CONVERSATIONS = 20
LONG = 100  # turns of the long conversations
PARTS = ((1, 10), (45, 55), (91, 100))
PATIENCE = 60.0  # seconds for all that waits to be answered
OPENING = "saya mau lapor pak"
QUESTIONS = (
    "berapa biaya resmi berangkat ke taiwan?",
    "apa saja syarat kerja ke luar negeri?",
    "dokumen apa yang harus saya siapkan?",
    "apa ciri-ciri lowongan palsu?",
    "nama saya dirahasiakan tidak kalau lapor?",
    "kontrak kerja harus isi apa saja?",
    "medical check up di mana ya?",
    "apa itu perdagangan orang?",
    "bagaimana cara kirim uang yang aman ke kampung?",
    "hak korban apa saja?",
)


@dataclass(frozen=True)
class Turn:
    """One inbound message and what became of it."""

    milliseconds: float  # from being received to its answer being written
    outcome: str
    replies: int


def send(vault: Vault, name: str, text: str) -> int:
    """Store one inbound message as a channel would; returns its id."""
    moment = datetime.now(UTC)
    message = InboundMessage(
        channel=Channel.LOCAL,
        provider_id=f"{name}-{moment.timestamp():.6f}",
        address=f"chat:{name}",
        text=text,
        received_at=moment,
    )
    with db.write(vault.engine) as connection:
        message_id, new = inbox.receive(connection, vault.keyring, message, transport="local")
    assert new
    return message_id


def wait(vault: Vault, ids: Sequence[int]) -> None:
    """Wait until messages are answered; raises TimeoutError."""
    done = inbox_table.c.state == InboxState.DONE
    query = sa.select(sa.func.count()).where(done, inbox_table.c.id.in_(ids))
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with db.read(vault.engine) as connection:
            if connection.execute(query).scalar_one() == len(ids):
                return
        time.sleep(0.05)
    raise TimeoutError("messages stay unanswered")


def turns(vault: Vault, ids: Sequence[int]) -> list[Turn]:
    """Read how long each message took, in the order of arrival."""
    took = sa.func.max(outbox_table.c.created_at) - inbox_table.c.received_at
    query = (
        sa.select(took, inbox_table.c.outcome, sa.func.count())
        .join(outbox_table, outbox_table.c.inbox_id == inbox_table.c.id)
        .where(inbox_table.c.id.in_(ids))
        .group_by(inbox_table.c.id)
        .order_by(inbox_table.c.id)
    )
    with db.read(vault.engine) as connection:
        rows = connection.execute(query).all()
    assert len(rows) == len(ids), "a message has no answer"
    return [Turn(seconds * 1000, outcome, replies) for seconds, outcome, replies in rows]


def steady(vault: Vault, seconds: float) -> list[Turn]:
    """Send unseen Indonesian messages of every kind at an even pace over many conversations."""
    texts = [str(e["text"]) for e in unseen() if e["language"] == "id"]
    chosen = random.Random(2026).choices(texts, k=int(seconds * PER_SECOND))
    began, ids = time.monotonic(), []
    for number, text in enumerate(chosen):
        time.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))
        ids.append(send(vault, f"steady-{number % CONVERSATIONS}", text))
    wait(vault, ids)
    return turns(vault, ids)


def long_talk(vault: Vault, name: str, opening: Sequence[str]) -> list[Turn]:
    """Ask questions one after the other, each when the last is answered."""
    for text in opening:
        wait(vault, [send(vault, name, text)])
    ids = []
    for number in range(LONG):
        ids.append(send(vault, name, QUESTIONS[number % len(QUESTIONS)]))
        wait(vault, ids[-1:])
    return turns(vault, ids)


def growth_row(name: str, talk: Sequence[Turn]) -> list[str]:
    """Build the row of a long conversation: the mean of its parts, and the last over the first."""
    means = [mean([t.milliseconds for t in talk[first - 1 : last]]) for first, last in PARTS]
    asked_again = sum(turn.replies > 1 for turn in talk)
    highest = max(turn.milliseconds for turn in talk)
    times = [f"{value:.0f}" for value in (*means, highest)]
    return [name, *times, f"{means[-1] / means[0]:.2f}", f"{asked_again} of {len(talk)}"]


def report(when: str, even: Sequence[Turn], talks: Mapping[str, Sequence[Turn]]) -> str:
    """Build this benchmark's section of docs/benchmarks.md."""
    times = [turn.milliseconds for turn in even]
    ways = ", ".join(f"{n} {kind}" for kind, n in Counter(t.outcome for t in even).most_common())
    steady_row = [f"{percentile(times, p):.0f}" for p in (50, 95, 99)] + [f"{max(times):.0f}"]
    parts = [f"turns {first}-{last}, mean" for first, last in PARTS]
    return (
        "## The whole road: inbox to outbox\n\n"
        f"{when}. From the moment an inbound message is received to the moment its answer is "
        "written to the outbox: worker, guard, Rasa, actions and SQLite, local channel.\n\n"
        f"{len(even)} unseen Indonesian messages of every kind, {PER_SECOND:g} a second over "
        f"{CONVERSATIONS} conversations (answered by: {ways}); milliseconds:\n\n"
        + table(["p50", "p95", "p99", "longest"], [steady_row])
        + f"\n\nOne conversation of {LONG} questions, each asked when the last is answered; "
        "milliseconds:\n\n"
        + table(
            ["", *parts, "longest", "last / first", "turns with more than one reply"],
            [growth_row(name, talk) for name, talk in talks.items()],
        )
        + "\n\nInside a report every question is answered and the report's own question is asked "
        "again, which takes the actions server as well.\n"
    )


def main() -> None:
    """Start an installation, measure, end it, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    chosen = parser.parse_args()
    when = circumstances()
    model = make_model(load_settings())
    with tempfile.TemporaryDirectory() as home, everything(model, Path(home)) as vault:
        long_talk(vault, "warm-up", [])
        even = steady(vault, chosen.seconds)
        talks = {
            "outside a task": long_talk(vault, "long", []),
            "inside a report": long_talk(vault, "report", [OPENING]),
        }
    write_section("road", report(when, even, talks))


if __name__ == "__main__":
    main()
