"""Time the console's pages over many tickets: inbox, search and one ticket, as a browser asks.

Run: `python -m benchmarks.console [--sizes 1000 100000] [--url postgresql://…] [--times 30]`.
Without `--url` an SQLite file in a temporary folder is filled and thrown away; with it an empty
database is expected. Every figure is one whole request with rendering, in one process, without a
network. The tickets are invented; nine in ten are closed, as on a desk that has worked for years.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from starlette.testclient import TestClient

from console import passwords
from console.app import build_app
from hotline import codes
from hotline.settings import load_settings
from hotline.staff import Level, Role, Scope
from store import db, news, tickets
from store import staff as accounts
from store.console_tables import ticket_regions, ticket_work
from store.crypto import Keyring
from store.tables import (
    conversations,
    inbox,
    outbox,
    ticket_conversations,
    ticket_facts,
)
from store.tables import tickets as ticket_table
from store.vault import Vault

PASSWORD = "kuda hitam di bukit"  # noqa: S105 - of an account that lives as long as the benchmark
_BATCH = 2000
_STORIES = (
    "majikan menahan paspor saya dan tidak membayar gaji sejak bulan puasa",
    "adik saya berangkat ke malaysia lewat batam dan tidak ada kabar",
    "dijanjikan kerja restoran ternyata disuruh menipu orang lewat komputer",
    "kapal kami ditinggal di pelabuhan tanpa makanan dan gaji",
)
_REGIONS = ("3578", "5371", "3374", "1271", "3201", "5201", "6171", "2171", "7371", "3509")


def fill(vault: Vault, count: int, chance: random.Random) -> list[str]:
    """Write invented tickets with a conversation, three facts and a region each."""
    made: list[str] = []
    while len(made) < count:
        rows = _rows(vault.keyring, len(made), min(_BATCH, count - len(made)), chance)
        with db.write(vault.engine) as connection:
            for table, values in rows:
                connection.execute(sa.insert(table), values)
        made += [row["code"] for row in rows[2][1]]
    with vault.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return made


def _rows(
    keyring: Keyring, start: int, count: int, chance: random.Random
) -> list[tuple[sa.Table, list[dict[str, Any]]]]:
    now = time.time()
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in "citjfrow"}
    for n in range(start + 1, start + count + 1):
        number, at = f"+62812{n:08d}", now - chance.random() * 3 * 365 * 86400
        region, story = chance.choice(_REGIONS), f"{chance.choice(_STORIES)} nomor {n}"
        urgency = chance.choices(("critical", "high", "normal"), (1, 4, 8))[0]
        is_open = chance.random() < 0.1
        rows["c"].append({
            "id": f"{n:032x}", "channel": "whatsapp", "transport": "twilio", "opened_at": at,
            "heard_at": at, "address_sealed": keyring.seal(number, "conversations.address"),
            "address_index": keyring.blind("address", f"whatsapp:{number}"),
        })  # fmt: skip
        rows["i"].append({
            "channel": "whatsapp", "provider_id": f"b{n}", "conversation_id": f"{n:032x}",
            "text_sealed": keyring.seal(story, "inbox.text"), "state": "done", "received_at": at,
        })  # fmt: skip
        rows["t"].append({
            "id": n, "code": _code(n), "key_salt": b"s" * 16, "category": "report",
            "urgency": urgency, "reasons": [], "state": "new" if is_open else "closed",
            "verification": "unverified", "clearing": "uncleared", "language": "id",
            "conflict_of_interest": n % 50 == 0, "opened_at": at, "first_response_due": at + 14400,
        })  # fmt: skip
        rows["j"].append({"ticket_id": n, "conversation_id": f"{n:032x}", "joined_at": at})
        for field, value in (("story", story), ("where", "Johor"), ("recruiter", f"PT Maju {n}")):
            rows["f"].append({
                "ticket_id": n, "field": field, "said_by": "caller", "at": at,
                "value_sealed": keyring.seal(value, "ticket_facts.value"),
            })  # fmt: skip
        rows["r"].append({"ticket_id": n, "part": "origin", "region": region})
        rows["o"].append({
            "conversation_id": f"{n:032x}", "author": "bot", "state": "read", "created_at": at,
            "body_sealed": keyring.seal('{"text": "Kami baca.", "choices": []}', "outbox.body"),
        })  # fmt: skip
        rows["w"].append({"ticket_id": n, "unit": "" if is_open else "uptd"})
    tables = {
        "c": conversations, "i": inbox, "t": ticket_table, "j": ticket_conversations,
        "f": ticket_facts, "r": ticket_regions, "o": outbox, "w": ticket_work,
    }  # fmt: skip
    return [(table, rows[name]) for name, table in tables.items()]


def _code(n: int) -> str:
    body = ""
    for _ in range(5):
        n, digit = divmod(n, len(codes.ALPHABET))
        body = codes.ALPHABET[digit] + body
    for last in codes.ALPHABET:
        if codes.find_code(codes.format_code(body + last)):
            return codes.format_code(body + last)
    raise AssertionError(body)


class Browser:
    """Somebody logged in."""

    def __init__(self, vault: Vault, home: Path, login: str, region: str) -> None:
        """Make an account with a scope and log in."""
        settings = load_settings({"SUAR_HOME": str(home), "SUAR_CONSOLE_TOTP": "optional"})
        level = {0: Level.NATIONAL, 2: Level.PROVINCE, 4: Level.REGENCY}[len(region)]
        now = time.time()
        with db.write(vault.engine) as connection:
            token = accounts.invite(
                connection, login=login, name=login, role=Role.SUPERVISOR,
                scope=Scope(level, region), unit="", now=now,
            )  # fmt: skip
            accounts.take_up(
                connection, vault.keyring, token, password_hash=passwords.make_hash(PASSWORD),
                totp_secret=None, now=now,
            )  # fmt: skip
        self.client = TestClient(
            build_app(vault, settings), base_url="http://127.0.0.1:8081", follow_redirects=False
        )
        form = {"name": login, "password": PASSWORD}
        assert self.client.post("/login", data=form).status_code == 303
        page = self.client.get("/account").text
        self.csrf = page.split('name="csrf" value="', 1)[1].split('"', 1)[0]

    def get(self, path: str) -> None:
        """Ask for a page."""
        assert self.client.get(path).status_code == 200

    def search(self, words: str) -> None:
        """Send the search form."""
        answer = self.client.post("/search", data={"csrf": self.csrf, "q": words})
        assert answer.status_code == 200


def measure(
    vault: Vault, home: Path, made: list[str], times: int, chance: random.Random
) -> Iterator[tuple[str, float, float]]:
    """Give name, p50 and p95 in milliseconds of each kind of request."""
    nation, town = Browser(vault, home, "nation", ""), Browser(vault, home, "town", "3578")
    count = len(made)
    kinds: dict[str, Callable[[], object]] = {
        "inbox, the nation, open": lambda: nation.get("/tickets"),
        "inbox, the nation, all": lambda: nation.get("/tickets?view=all"),
        "inbox, one regency, open": lambda: town.get("/tickets"),
        "search by code": lambda: nation.search(chance.choice(made)),
        "search by telephone number": lambda: nation.search(
            f"+62812{chance.randint(1, count):08d}"
        ),
        "search by words, many fit": lambda: nation.search("paspor"),
        "search by words, one fits": lambda: nation.search(f"nomor {chance.randint(1, count)}"),
        "one ticket": lambda: nation.get(f"/tickets/{chance.choice(made)}"),
        "look for changes": lambda: _look(vault),
    }
    for name, ask in kinds.items():
        ask()
        took = []
        for _ in range(times if "one fits" not in name else max(3, times // 10)):
            start = time.perf_counter()
            ask()
            took.append((time.perf_counter() - start) * 1000)
        took.sort()
        yield name, statistics.median(took), took[min(len(took) - 1, int(len(took) * 0.95))]


def _look(vault: Vault) -> None:
    with db.read(vault.engine) as connection:
        news.fingerprint(connection)


def main() -> int:
    """Fill, measure, print a table a size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 100_000])
    parser.add_argument("--url", help="an empty PostgreSQL database, or a schema of one")
    parser.add_argument("--times", type=int, default=30)
    arguments = parser.parse_args()
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory() as folder:
            home, chance = Path(folder), random.Random(7)
            engine = db.connect(arguments.url or f"sqlite:///{home / 'suar.db'}")
            tickets_before = _prepare(engine)
            assert tickets_before == 0, "the database is not empty"
            vault = Vault(engine, Keyring.new())
            start = time.perf_counter()
            made = fill(vault, size, chance)
            print(f"{engine.dialect.name}, {size} tickets, filled in "
                  f"{time.perf_counter() - start:.0f} s")  # fmt: skip
            for name, middle, late in measure(vault, home, made, arguments.times, chance):
                print(f"  {name:32} p50 {middle:8.1f} ms   p95 {late:8.1f} ms", flush=True)
            engine.dispose()
    return 0


def _prepare(engine: sa.Engine) -> int:
    db.migrate(engine)
    with db.read(engine) as connection:
        return len(tickets.all_tickets(connection, Keyring.new()))


if __name__ == "__main__":
    sys.exit(main())
