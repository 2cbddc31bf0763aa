"""Fills a database with invented tickets in bulk, and makes and drops the database for it."""

from __future__ import annotations

import hashlib
import random
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import sqlalchemy as sa

from hotline import codes
from store import db
from store.console_tables import ticket_regions, ticket_work
from store.crypto import Keyring
from store.tables import (
    attachments,
    conversations,
    inbox,
    outbox,
    ticket_conversations,
    ticket_events,
    ticket_facts,
    tickets,
)
from store.vault import Vault

POSTGRES = "postgresql://root@127.0.0.1:5432/test"
_BATCH = 20_000
_YEARS = 3
_STORIES = (
    "majikan menahan paspor saya dan tidak membayar gaji sejak bulan puasa",
    "adik saya berangkat ke malaysia lewat batam dan tidak ada kabar",
    "dijanjikan kerja restoran ternyata disuruh menipu orang lewat komputer",
    "kapal kami ditinggal di pelabuhan tanpa makanan dan gaji",
)
# Ten regencies have all: one has far more than any true one of the 514, so that it is hard.
_REGIONS = ("3578", "5371", "3374", "1271", "3201", "5201", "6171", "2171", "7371", "3509")
_COUNTRIES = ("MY", "SA", "TW", "HK", "SG", "KH", "AE", "KR")
_CATEGORIES = ("emergency", "report", "missing", "return", "recruiter_complaint", "other")
_UNITS = 300
_DAY = 86400.0
_COLUMNS: dict[sa.Table, tuple[str, ...]] = {
    conversations: (
        "id", "channel", "transport", "address_sealed", "address_index", "language",
        "needs_person", "opened_at", "heard_at",
    ),
    inbox: (
        "id", "channel", "provider_id", "conversation_id", "text_sealed", "state", "outcome",
        "received_at", "done_at",
    ),
    tickets: (
        "id", "code", "key_salt", "category", "urgency", "reasons", "state", "verification",
        "clearing", "conflict_of_interest", "anonymous", "language", "opened_at",
        "first_response_due", "resolution_due", "ended_at",
    ),
    ticket_conversations: ("ticket_id", "conversation_id", "joined_at"),
    ticket_facts: ("ticket_id", "field", "value_sealed", "said_by", "message_id", "at"),
    ticket_regions: ("ticket_id", "part", "region"),
    outbox: (
        "conversation_id", "inbox_id", "body_sealed", "author", "state", "created_at", "sent_at",
    ),
    ticket_work: (
        "ticket_id", "unit", "first_answer_at", "next_response_due", "outcome", "closed_at",
    ),
    ticket_events: (
        "ticket_id", "kind", "actor", "details", "message_id", "at", "previous_hash", "hash",
    ),
    attachments: (
        "conversation_id", "inbox_id", "transport", "kind", "source_sealed", "state", "at",
    ),
}  # fmt: skip


@contextmanager
def database(kind: str, home: Path) -> Iterator[str]:
    """Give the address of an empty database, which is dropped afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{home / 'suar.db'}"
        return
    name = f"suar_bench_{uuid4().hex[:8]}"
    make(name)
    try:
        yield _address(name)
    finally:
        with psycopg.connect(POSTGRES, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def kept(kind: str, home: Path, count: int) -> str:
    """Give the address of a database that stays, for a folder and a number of tickets."""
    if kind == "sqlite":
        return f"sqlite:///{home / 'suar.db'}"
    name = f"suar_bench_kept_{count}"
    with psycopg.connect(POSTGRES, autocommit=True) as admin:
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        there = admin.execute(query, (name,)).fetchone()
    if not there:
        make(name)
    return _address(name)


def make(name: str) -> None:
    """Make an empty database on the server."""
    with psycopg.connect(POSTGRES, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")


def _address(name: str) -> str:
    return f"{POSTGRES.rsplit('/', 1)[0]}/{name}".replace("postgresql:", "postgresql+psycopg:")


def code(n: int) -> str:
    """Give the code of the n-th ticket."""
    body = ""
    for _ in range(5):
        n, digit = divmod(n, len(codes.ALPHABET))
        body = codes.ALPHABET[digit] + body
    for last in codes.ALPHABET:
        if codes.find_code(codes.format_code(body + last)):
            return codes.format_code(body + last)
    raise AssertionError(body)


def fill(vault: Vault, count: int, chance: random.Random) -> None:
    """Write `count` tickets: nine in ten closed, one in four with a photo."""
    maker = _Maker(vault.keyring, chance, count)
    batches = (maker.rows(n, min(_BATCH, count - n)) for n in range(0, count, _BATCH))
    if vault.engine.dialect.name == "sqlite":
        _into_sqlite(Path(str(vault.engine.url.database)), batches)
    else:
        for rows in batches:
            _into_postgresql(vault.engine, rows)
    # SQLite keeps no account of its tables by itself, so it gets none here either.
    if vault.engine.dialect.name == "postgresql":
        level = {"isolation_level": "AUTOCOMMIT"}
        with vault.engine.connect().execution_options(**level) as connection:
            # What the server does by itself on a database that grew over years.
            connection.exec_driver_sql("VACUUM ANALYZE")
            _continue_numbers(connection)


def _continue_numbers(connection: sa.Connection) -> None:
    for table in (inbox, tickets):
        connection.exec_driver_sql(
            f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "
            f"(SELECT max(id) FROM {table.name}))"
        )


def _into_sqlite(file: Path, batches: Iterator[dict[sa.Table, list[Sequence[Any]]]]) -> None:
    # One connection for all: what it holds in memory is most of the speed.
    with closing(sqlite3.connect(file, isolation_level=None)) as raw:
        for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-2000000"):
            raw.execute(f"PRAGMA {pragma}")
        for rows in batches:
            raw.execute("BEGIN IMMEDIATE")
            for table, values in rows.items():
                names = _COLUMNS[table]
                marks = ", ".join("?" * len(names))
                raw.executemany(
                    f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})", values
                )
            raw.execute("COMMIT")


def _into_postgresql(engine: sa.Engine, rows: dict[sa.Table, list[Sequence[Any]]]) -> None:
    with db.write(engine) as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, psycopg.Connection)
        cursor = raw.cursor()
        # Of rows that this file has just made, nobody has to prove that they fit together.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL synchronous_commit = off")
        for table, values in rows.items():
            names = ", ".join(_COLUMNS[table])
            with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)


class _Maker:
    """Makes rows; what need not differ is sealed once: sealing would take most of the time."""

    def __init__(self, keyring: Keyring, chance: random.Random, count: int) -> None:
        self._keyring, self._chance, self._now = keyring, chance, time.time()
        self._count = count
        self._where = keyring.seal("Johor", "ticket_facts.value")
        self._firms = [keyring.seal(f"PT Maju {n}", "ticket_facts.value") for n in range(1000)]
        self._texts = [keyring.seal(story, "inbox.text") for story in _STORIES]
        self._address = keyring.seal("+628120000000", "conversations.address")
        self._body = keyring.seal('{"text": "Kami baca.", "choices": []}', "outbox.body")
        self._source = keyring.seal("https://media.example/1", "attachments.source")

    def rows(self, start: int, count: int) -> dict[sa.Table, list[Sequence[Any]]]:
        """Make the rows of some tickets, in the order in which tables refer to each other."""
        found: dict[sa.Table, list[Sequence[Any]]] = {table: [] for table in _COLUMNS}
        for n in range(start + 1, start + count + 1):
            self._ticket(n, found)
        return found

    def _ticket(self, n: int, found: dict[sa.Table, list[Sequence[Any]]]) -> None:
        chance = self._chance
        # Tickets are numbered as they come; conversations' ids are random.
        at = self._now - (self._count - n + chance.random()) / self._count * _YEARS * 365 * _DAY
        talk = hashlib.blake2b(str(n).encode(), digest_size=16).hexdigest()
        is_open = chance.random() < 0.1
        self._talk(n, talk, at, found)
        self._work(n, at, is_open, found)
        found[ticket_conversations].append((n, talk, at))
        found[ticket_regions].append((n, "origin", chance.choice(_REGIONS)))
        found[ticket_regions].append((n, "destination", chance.choice(_COUNTRIES)))
        blank = b"\0" * 32
        found[ticket_events].append((n, "opened", "bot", "{}", n, at, blank, blank))
        if n % 20 == 0:
            found[ticket_events].append((n, "intake_stopped", "bot", "{}", n, at, blank, blank))
        if not is_open:
            found[ticket_events].append((n, "moved", "ani", "{}", None, at + _DAY, blank, blank))

    def _talk(self, n: int, talk: str, at: float, found: dict[sa.Table, list[Any]]) -> None:
        """Add what the caller wrote and got, and what she told."""
        chance = self._chance
        story = chance.randrange(len(_STORIES))
        channel = "sms" if n % 5 == 0 else "whatsapp"
        index = self._keyring.blind("address", f"{channel}:+62812{n:08d}")
        told = self._keyring.seal(f"{_STORIES[story]} nomor {n}", "ticket_facts.value")
        language = chance.choice(("id", "id", "id", "jv", "su"))
        found[conversations].append(
            (talk, channel, "twilio", self._address, index, language, n % 10 == 0, at, at)
        )
        found[inbox].append(
            (n, channel, f"b{n}", talk, self._texts[story], "done", "bot", at, at + 1)
        )
        for field, value in (
            ("story", told), ("where", self._where), ("recruiter", self._firms[n % 1000]),
        ):  # fmt: skip
            found[ticket_facts].append((n, field, value, "caller", n, at))
        found[outbox].append((talk, n, self._body, "bot", "read", at + 1, at + 1))
        if n % 4 == 0:
            found[attachments].append((talk, n, "twilio", "photo", self._source, "refused", at))

    def _work(self, n: int, at: float, is_open: bool, found: dict[sa.Table, list[Any]]) -> None:
        """Add the ticket and the work on it; of the open ones, one in ten is untouched.

        Of the others half wait for the caller, and of each kind some are late.
        """
        chance = self._chance
        urgency = chance.choices(("critical", "high", "normal"), (1, 4, 8))[0]
        category = chance.choices(_CATEGORIES, (1, 6, 2, 3, 2, 6))[0]
        reasons = '["beaten"]' if chance.random() < 0.1 else "[]"
        touched = not is_open or chance.random() < 0.9
        state = "closed" if not is_open else "in_progress" if touched else "new"
        first_due, over, following = at + 14400, at + 30 * _DAY, None
        if is_open:
            first_due = self._now + chance.uniform(-1, 3) * 3600
            over = self._now + chance.uniform(-5, 30) * _DAY
            if touched and n % 2:
                following = self._now + chance.uniform(-1, 3) * _DAY
        ended = None if is_open else at + _DAY
        found[tickets].append((
            n, code(n), b"s" * 16, category, urgency, reasons, state, "unverified", "uncleared",
            n % 50 == 0, False, chance.choice(("id", "id", "id", "jv", "su")), at, first_due, over,
            ended,
        ))  # fmt: skip
        unit = f"unit-{chance.randrange(_UNITS)}" if touched else ""
        answered = at + chance.expovariate(1 / 3600) if touched else None
        outcome = None if is_open else "advice_given"
        found[ticket_work].append((n, unit, answered, following, outcome, ended))
