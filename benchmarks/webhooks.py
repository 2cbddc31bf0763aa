"""What a provider waits for: webhooks at 200 a second and at full speed.

Run: `python -m benchmarks.webhooks`. Gateway, workers and databases are real; providers are those
of the tests. PostgreSQL is measured at SUAR_TEST_POSTGRES_URL (the tests' own by default).
"""

from __future__ import annotations

import asyncio
import sys
import time

import sqlalchemy as sa

from benchmarks.sending import Bench, bench
from benchmarks.tools.figures import circumstances, percentile, table, write_section
from benchmarks.tools.posting import (
    CALLERS,
    TWILIO,
    burst,
    flat_out,
    telegram,
    twilio,
    wait_ready,
)
from store import db
from store.tables import inbox
from tests.channels.twilio.provider import Provider, running

BURST, PER_SECOND = 1000, 200.0
FLAT_OUT, LINES = 1500, 32
VARIANTS = (("SQLite", 0), ("SQLite", 1), *(("PostgreSQL", n) for n in (0, 1, 2, 4)))


def variant(kind: str, workers: int) -> list[str]:
    """Measure one gateway with workers behind it; gives a row of the table."""
    with bench(kind, workers) as one, running(Provider()) as provider:
        one.environment.update(TWILIO, SUAR_TWILIO_API=provider.address)
        # Workers answer what comes in, on the same processors, as they would in earnest.
        with one.running([sys.executable, "-m", "suar", "gateway"]):
            url = f"http://127.0.0.1:{one.environment['SUAR_PORT']}"
            wait_ready(f"{url}/healthz")
            time.sleep(3)  # the workers load their libraries
            asyncio.run(flat_out(url, [telegram("hangat") for _ in range(50)], 4))
            mixed = [(telegram, twilio)[n % 2](f"b-{n}") for n in range(BURST)]
            times = asyncio.run(burst(url, mixed, PER_SECOND))
            speeds = [
                asyncio.run(flat_out(url, [make(f"f-{n}") for n in range(FLAT_OUT)], LINES))[0]
                for make in (telegram, twilio)
            ]
            stored = _stored(one)
    wanted = 50 + BURST + 2 * FLAT_OUT
    figures = [f"{percentile(times, p):.1f}" for p in (50, 99)]
    lost = str(wanted - stored)
    return [
        f"{kind}, {workers}",
        *figures,
        f"{max(times):.0f}",
        *(f"{s:.0f}" for s in speeds),
        lost,
    ]


def _stored(one: Bench) -> int:
    with db.read(one.vault.engine) as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(inbox)).scalar_one())


def report(when: str, rows: list[list[str]]) -> str:
    """Build this benchmark's section of docs/benchmarks.md."""
    headings = [
        "database, workers", "200 a second, ms: p50", "p99", "longest",
        "flat out, a second: Telegram", "Twilio", "lost",
    ]  # fmt: skip
    return (
        "## Webhooks: how long a provider waits\n\n"
        f"{when}. One gateway; the time runs from the moment a request is due until its 200, so "
        "signature or secret, sealing and the database's commit are in it, and so is the client, "
        "which shares the processors. *200 a second*: "
        f"{BURST} messages of {CALLERS} callers on each channel, every second one from Twilio. "
        f"*Flat out*: {FLAT_OUT} messages over {LINES} lines, each posting again once answered. "
        "The workers answer all the while with a bot that repeats. *Lost*: answered with 200 and "
        "not in the inbox.\n\n" + table(headings, rows) + "\n"
    )


def main() -> None:
    """Measure everything and write the figures."""
    when = circumstances()
    write_section("webhooks", report(when, [variant(kind, workers) for kind, workers in VARIANTS]))


if __name__ == "__main__":
    main()
