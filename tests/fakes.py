"""Stand-ins that tests share: a clock to set, a bot without Rasa, and callers' messages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

import store.register.tables  # noqa: F401 - adds its tables to those that are emptied
from channels.rasa import Answer, Question
from channels.turns import Desk, answer
from hotline.danger import Guard, Rule
from hotline.messages import Channel, InboundMessage, Reply
from store import db, inbox
from store.outbox import Outgoing, since
from store.tables import inbox as inbox_table
from store.tables import metadata
from store.texts import Texts
from store.vault import Vault

# Noon in Jakarta, long ago: what real clocks show is always later.
NOON = datetime(2024, 11, 22, 5, 0, tzinfo=UTC).timestamp()
LEASE = 20.0
SITI = "+60123000001"  # in Johor
BUDI = "+966500000002"  # in Riyadh


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    at: float = NOON

    def __call__(self) -> float:
        """Say what time it is."""
        return self.at

    def advance(self, seconds: float) -> float:
        """Let time pass and say what time it is then."""
        self.at += seconds
        return self.at


@dataclass
class FakeBot:
    """A bot that repeats what it is asked, or does what the test tells it."""

    behave: Callable[[Question], Answer] | None = None
    asked: list[Question] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, question: Question) -> Answer:
        """Answer one message."""
        with self._lock:
            self.asked.append(question)
        if self.behave is not None:
            return self.behave(question)
        return reply(f"re: {question.text}")


def reply(*texts: str, language: str = "id") -> Answer:
    """Make a bot's answer of plain texts."""
    return Answer(tuple(Reply(text) for text in texts), language)


GUARD = Guard([Rule("locked_in", ("disekap", "paspor diambil")), Rule("beaten", ("dipukul",))])
TEXTS = Texts(
    {
        "utter_safe_text": [{"text": "Pesan Anda tersimpan."}],
        "utter_burst": [{"text": "Pesan Anda banyak, kami baca semua."}],
        "utter_neutral_first": [{"text": "Resep sayur bening."}],
        "utter_neutral_again": [{"text": "Resep telur dadar."}],
        "utter_neutral_back": [{"text": "Saya kembali."}],
        "utter_neutral_back_deleted": [{"text": "Saya kembali. Sudah dihapus."}],
        "utter_neutral_back_asked": [{"text": "Saya kembali. Permintaan hapus diterima."}],
        "utter_quiet": [{"text": "Baik."}],
        "utter_media_received": [{"text": "Kiriman Anda kami simpan."}],
        "utter_media_too_large": [{"text": "Terlalu besar, tidak kami simpan."}],
        "utter_media_wrong_kind": [{"text": "Jenis itu tidak kami simpan."}],
        "utter_media_lost": [{"text": "Tidak berhasil kami simpan."}],
        "utter_voice_received": [{"text": "Pesan suara Anda kami simpan."}],
        "utter_use_words": [{"text": "Tolong tulis dengan kata-kata."}],
        "utter_old_choice": [{"text": "Itu pertanyaan yang sudah lewat."}],
        "utter_opted_out": [{"text": "Kami tidak menulis lebih dulu."}],
        "utter_opted_in": [{"text": "Kami boleh menulis lagi."}],
        "utter_person_here": [{"text": "Petugas di sini."}],
        "utter_bot_back": [{"text": "Program menjawab lagi."}],
        "utter_phrase_location": [{"text": "saya di {place} ({at})"}],
        "utter_phrase_location_only": [{"text": "lokasi saya ({at})"}],
        "utter_phrase_contact": [{"text": "nomor {number}"}],
        "utter_phrase_contact_only": [{"text": "kartu kontak"}],
        "utter_phrase_more": [{"text": "Balas LANJUT untuk sisanya."}],
    },
    {},
)


def make_desk(vault: Vault, bot: FakeBot, clock: Callable[[], float], **changes: object) -> Desk:
    """Put together what answering needs, with a small guard and short texts."""
    parts: dict[str, object] = {
        "vault": vault,
        "bot": bot,
        "guard": GUARD,
        "texts": TEXTS,
        "max_text": 2000,
        "burst_limit": 20,
        "lease": LEASE,
        "now": clock,
        **changes,
    }
    return Desk(**parts)  # type: ignore[arg-type]


def message(
    text: str,
    *,
    provider_id: str = "m1",
    address: str = SITI,
    channel: Channel = Channel.WHATSAPP,
    at: float = NOON,
    **more: Any,
) -> InboundMessage:
    """Make a message as a channel hands it over; `more` is what is not text."""
    return InboundMessage(
        channel=channel,
        provider_id=provider_id,
        address=address,
        text=text,
        received_at=datetime.fromtimestamp(at, UTC),
        **more,
    )


def receive(vault: Vault, inbound: InboundMessage, *, transport: str = "local") -> int:
    """Store one message the way a channel does and return its id."""
    with db.write(vault.engine) as connection:
        return inbox.receive(connection, vault.keyring, inbound, transport=transport)[0]


def claim(
    vault: Vault, owner: str, now: float, *, limit: int = 8, lease: float = LEASE
) -> list[str]:
    """Claim what is due."""
    with db.write(vault.engine) as connection:
        return inbox.claim(connection, owner=owner, limit=limit, now=now, lease=lease)


def release(vault: Vault, conversation: str, owner: str) -> None:
    """Give a conversation back."""
    with db.write(vault.engine) as connection:
        inbox.release(connection, conversation, owner=owner)


def answer_next(desk: Desk, conversation: str, owner: str) -> int | None:
    """Answer the oldest waiting message of a conversation; returns its id, None without one."""
    with db.read(desk.vault.engine) as connection:
        waiting = inbox.next_waiting(connection, desk.vault.keyring, conversation)
    if waiting is None:
        return None
    answer(desk, conversation, waiting, owner=owner)
    return waiting.id


def work(desk: Desk, owner: str = "worker") -> list[int]:
    """Answer everything that is due, as a worker does; returns the ids in order."""
    done: list[int] = []
    for conversation in claim(desk.vault, owner, desk.now()):
        while (answered := answer_next(desk, conversation, owner)) is not None:
            done.append(answered)
        release(desk.vault, conversation, owner)
    return done


def sent(vault: Vault, conversation: str | None = None) -> list[Outgoing]:
    """Read all outbound messages of a conversation, or of the only one there is."""
    with db.read(vault.engine) as connection:
        known = (
            conversation
            or connection.execute(sa.select(metadata.tables["conversations"].c.id)).scalar_one()
        )
        return since(connection, vault.keyring, known, after=0)


def said(vault: Vault, conversation: str | None = None) -> list[str]:
    """Read the texts that were sent."""
    return [one.reply.text for one in sent(vault, conversation)]


def outcomes(vault: Vault) -> list[tuple[str, str | None]]:
    """Read state and outcome of every inbound message, in the order they came in."""
    query = sa.select(inbox_table.c.state, inbox_table.c.outcome).order_by(inbox_table.c.id)
    with db.read(vault.engine) as connection:
        return [(row.state, row.outcome) for row in connection.execute(query)]


def empty(engine: sa.Engine) -> None:
    """Delete every row of every table."""
    with db.write(engine) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(sa.delete(table))
