"""Real processes are killed at any moment: nothing is lost, nothing is answered twice."""

from __future__ import annotations

import json
import random
import secrets
import signal
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from hotline.messages import Channel, InboundMessage
from store import db, inbox
from store.tables import inbox as inbox_table
from store.tables import outbox as outbox_table
from store.tables import ticket_conversations, tickets
from suar.environments import tracker_url
from tests.installation import READY, Installation

pytestmark = pytest.mark.model

CONVERSATIONS = 20
MESSAGES_EACH = 10
PATIENCE = 1200.0  # seconds until everything must have been answered
SAID = (
    "halo",
    "biaya ke taiwan berapa pak",
    "nomor kbri malaysia berapa",
    "mau lapor, gaji adik saya di johor tidak dibayar 5 bulan",
    "PT Cahaya Rantau Sejati resmi gak",
    "apakah identitas saya dirahasiakan",
    "batal",
    "visa turis boleh buat kerja gak",
    "status laporan saya",
    "makasih pak",
)


@dataclass(frozen=True)
class Row:
    """One inbound message and what became of it."""

    id: int
    conversation: str
    state: str
    outcome: str


def send(running: Installation, name: str, text: str) -> int:
    """Store one message as a channel's webhook does."""
    message = InboundMessage(
        channel=Channel.LOCAL,
        provider_id=secrets.token_hex(12),
        address=f"kill:{name}",
        text=text,
        received_at=datetime.now(UTC),
    )
    with db.write(running.vault.engine) as connection:
        return inbox.receive(connection, running.vault.keyring, message, transport="local")[0]


def kill(running: Installation, name: str) -> None:
    """End a process without warning."""
    part = next(part for part in running.supervisor.parts if part.name == name)
    assert part.process is not None
    part.process.send_signal(signal.SIGKILL)
    part.process.wait()


def rows(running: Installation, ids: list[int]) -> list[Row]:
    """Read what became of messages."""
    table = inbox_table.c
    query = sa.select(table.id, table.conversation_id, table.state, table.outcome)
    with db.read(running.vault.engine) as connection:
        found = connection.execute(query.where(table.id.in_(ids)).order_by(table.id)).all()
    return [Row(r.id, r.conversation_id, r.state, r.outcome) for r in found]


def wait_done(running: Installation, ids: list[int], seconds: float) -> None:
    """Wait until every message has been answered, mending what was killed."""
    deadline = time.monotonic() + seconds
    while any(row.state != "done" for row in rows(running, ids)):
        assert time.monotonic() < deadline, "some messages were never answered"
        running.supervisor.mend()
        time.sleep(0.3)


def wait_for_the_bot(running: Installation, ids: list[int]) -> None:
    """Wait until the bot itself has answered one of many messages."""
    deadline = time.monotonic() + PATIENCE
    while all(row.outcome != "bot" for row in rows(running, list(ids))):
        assert time.monotonic() < deadline, "the bot has answered nothing"
        time.sleep(0.1)


def seconds_until_done(running: Installation, message_id: int) -> float:
    """Say how long a message waits for its answer; nobody mends anything meanwhile."""
    began = time.monotonic()
    while rows(running, [message_id])[0].state != "done":
        assert time.monotonic() - began < PATIENCE, "the message was never answered"
        time.sleep(0.05)
    return time.monotonic() - began


def outbox_rows(running: Installation, ids: list[int]) -> list[sa.Row[tuple[int, int, int, str]]]:
    """Read the outbound messages that answer some inbound ones, in the order of writing."""
    table = outbox_table.c
    query = sa.select(table.id, table.inbox_id, table.place, table.conversation_id)
    with db.read(running.vault.engine) as connection:
        return list(connection.execute(query.where(table.inbox_id.in_(ids)).order_by(table.id)))


def turns_in_rasa(running: Installation) -> Counter[str]:
    """Count by message id how often Rasa has it in a conversation's tracker."""
    engine = sa.create_engine(tracker_url(running.settings))
    with engine.connect() as connection:
        bodies = connection.execute(sa.text("SELECT body FROM rasa_trackers")).scalars().all()
    engine.dispose()
    events = [json.loads(running.vault.keyring.open(b, "rasa_trackers.body")) for b in bodies]
    return Counter(e["message_id"] for body in events for e in body if e["event"] == "user")


def conversations_with_ticket(running: Installation) -> set[str]:
    """Say which conversations have come before a person."""
    joined = ticket_conversations.join(tickets)
    query = sa.select(ticket_conversations.c.conversation_id).select_from(joined)
    with db.read(running.vault.engine) as connection:
        return set(connection.execute(query).scalars())


def test_every_message_gets_one_turn_or_a_safe_text_and_a_person(running: Installation) -> None:
    """200 messages of 20 conversations, while worker, Rasa and actions are killed."""
    chance = random.Random(20261122)
    ids: list[int] = []

    def stream() -> None:
        for turn in range(MESSAGES_EACH):
            for number in range(CONVERSATIONS):
                ids.append(send(running, f"caller{number}", SAID[(turn + number) % len(SAID)]))
                time.sleep(0.1)

    sending = threading.Thread(target=stream)
    sending.start()
    # Else a slow machine might lose its Rasa before that has answered anything at all.
    wait_for_the_bot(running, ids)
    for victim in ("worker", "actions", "rasa", "worker", "actions", "worker"):
        pause = time.monotonic() + chance.uniform(1.5, 4.0)
        while time.monotonic() < pause:
            running.supervisor.mend()
            time.sleep(0.1)
        kill(running, victim)
    sending.join()
    wait_done(running, ids, PATIENCE)

    done = rows(running, ids)
    answers = outbox_rows(running, ids)
    assert len(done) == CONVERSATIONS * MESSAGES_EACH
    assert {row.outcome for row in done} <= {"bot", "safe_text"}
    assert "bot" in {row.outcome for row in done}, "the test must not pass on safe texts alone"
    # None never, none twice: each message has its answer, and every (message, place) stands once.
    assert {a.inbox_id for a in answers} == {row.id for row in done}
    assert max(Counter((a.inbox_id, a.place) for a in answers).values()) == 1
    assert max(turns_in_rasa(running).values()) == 1
    # In order: within a conversation answers were written in the order of the questions.
    order = defaultdict(list)
    for answer in answers:
        order[answer.conversation_id].append(answer.inbox_id)
    assert all(asked == sorted(asked) for asked in order.values())
    # A safe text always brings in a person.
    unanswered = {row.conversation for row in done if row.outcome == "safe_text"}
    assert unanswered <= conversations_with_ticket(running)


@pytest.mark.parametrize("victim", ["rasa", "actions"])
def test_a_dead_part_means_a_safe_text_within_ten_seconds(
    running: Installation, victim: str
) -> None:
    """The caller hears something at once, although nobody starts the dead process again.

    A machine on which an ordinary answer takes long gets as much more time.
    """
    running.supervisor.wait_ready(READY)
    usual = seconds_until_done(running, send(running, f"living-{victim}", "nomor kbri kuwait"))
    kill(running, victim)
    message_id = send(running, f"dead-{victim}", "nomor kbri kuwait berapa")
    assert seconds_until_done(running, message_id) < 10 + 4 * usual
    assert rows(running, [message_id])[0].outcome == "safe_text"
    running.supervisor.mend()
    running.supervisor.wait_ready(READY)


def test_danger_is_on_a_critical_ticket_while_rasa_is_dead(running: Installation) -> None:
    """The guard needs nobody."""
    running.supervisor.wait_ready(READY)
    kill(running, "rasa")
    message_id = send(running, "danger", "tolong saya dikurung, pintu dikunci dari luar")
    wait_done(running, [message_id], PATIENCE)
    with db.read(running.vault.engine) as connection:
        conversation = rows(running, [message_id])[0].conversation
        query = (
            sa.select(tickets.c.urgency)
            .join(ticket_conversations)
            .where(ticket_conversations.c.conversation_id == conversation)
        )
        assert connection.execute(query).scalars().all() == ["critical"]
    running.supervisor.wait_ready(READY)
