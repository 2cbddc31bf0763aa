"""Time the console over many tickets: its pages, what they weigh, and how soon 50 consoles hear.

Run: `python -m benchmarks.console [--tickets 1000000] [--database sqlite|postgresql] [--times 20]`.
It measures 1,000, 100,000 and `--tickets` tickets, each on a database that is thrown away, or with
`--keep FOLDER` stays for the next time, when `--resume` goes on after what is done. Every page is
one whole request with rendering, in one process, without a network; the delay is one between two
processes, over true connections. The tickets are invented: nine in ten are closed, as on a desk
that has worked for years, and one in four carries a photo. `--write` puts the figures into
docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import sqlalchemy as sa

from benchmarks.tools import console_data, console_live
from benchmarks.tools.console_pages import Browser, kinds_of
from benchmarks.tools.figures import circumstances, percentile, table, write_section
from hotline.settings import load_settings
from store import db, figures_kept
from store.crypto import load_keyring
from store.tables import tickets
from store.vault import Vault, open_vault

SIZES = (1_000, 100_000)
CONSOLES, ALARMS = 50, 20
_PAGES = ("/tickets", "/tickets/{code}", "/search", "/reminders", "/figures", "/login")
_SHOWN = (50, 95, 100)
_SLOW, _VERY_SLOW = 0.6, 4.0  # seconds; what takes longer is asked less often


@dataclass
class Run:
    """What was measured on one database."""

    database: str
    tickets: int
    load: str
    filled: float
    # p50, p95, and the processor's time for one, in ms
    pages: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    delays: list[float] = field(default_factory=list)  # seconds
    weights: dict[str, tuple[int, int]] = field(default_factory=dict)  # page, with all its files


def time_pages(run: Run, vault: Vault, kinds: dict[str, Callable[[], object]], times: int) -> None:
    """Time each kind of request; slow ones fewer times."""
    for name, ask in kinds.items():
        ask()
        start, busy = time.perf_counter(), processor(vault)
        ask()
        took = [time.perf_counter() - start]
        again = times if took[0] < _SLOW else 5 if took[0] < _VERY_SLOW else 1
        for _ in range(again - 1):
            start = time.perf_counter()
            ask()
            took.append(time.perf_counter() - start)
        used = (processor(vault) - busy) / len(took)
        found = statistics.median(took), percentile(took, 95), used
        p50, p95, used = (seconds * 1000 for seconds in found)
        run.pages[name] = p50, p95, used
        print(f"  {name:33} p50 {p50:8.1f} ms   p95 {p95:8.1f} ms   processor {used:8.1f} ms",
              flush=True)  # fmt: skip


def processor(vault: Vault) -> float:
    """Add up the seconds that this process has used, and those that serve it in PostgreSQL."""
    used = time.process_time()
    if vault.engine.dialect.name != "postgresql":
        return used
    with db.read(vault.engine) as connection:
        query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        pids = connection.execute(sa.text(query)).scalars().all()
    for pid in pids:
        with suppress(OSError):  # it has ended meanwhile
            after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            used += sum(map(int, after_name[11:13])) / os.sysconf("SC_CLK_TCK")
    return used


@contextmanager
def filled(database: str, count: int, keep: Path | None) -> Iterator[tuple[Vault, Path, float]]:
    """Give a database of so many tickets, its folder, and in how many seconds it was filled."""
    if keep is not None:
        home = keep / f"{database}-{count}"
        home.mkdir(parents=True, exist_ok=True)
        yield _open(home, console_data.kept(database, home, count), count)
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        console_data.database(database, Path(folder)) as url,
    ):
        yield _open(Path(folder), url, count)


def _open(home: Path, url: str, count: int) -> tuple[Vault, Path, float]:
    vault = open_vault(load_settings({"SUAR_HOME": str(home), "SUAR_DATABASE_URL": url}))
    assert vault.keyring.active == load_keyring(home / "keys.json").active
    start = time.perf_counter()
    with db.read(vault.engine) as connection:
        there = connection.execute(sa.select(sa.func.count()).select_from(tickets)).scalar_one()
    if not there:
        console_data.fill(vault, count, random.Random(7))
    return vault, home, time.perf_counter() - start


def measure(
    database: str, count: int, times: int, *, match: str, live: bool, keep: Path | None
) -> Run:
    """Fill a database, measure, and throw it away unless it is to be kept."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    with filled(database, count, keep) as (vault, home, took):
        run = Run(database, count, load, took)
        print(
            f"{database}, {count:,} tickets, filled in {run.filled:.0f} s, load {load}", flush=True
        )
        kinds = kinds_of(vault, home, count, random.Random(8))
        time_pages(run, vault, {name: ask for name, ask in kinds.items() if match in name}, times)
        if live:
            browser = Browser(vault, home, "weigher")
            code = console_data.code(1)
            run.weights = {path: browser.weigh(path.format(code=code)) for path in _PAGES}
            url = vault.engine.url.render_as_string(hide_password=False)
            run.delays = console_live.delays(vault, url, home, consoles=CONSOLES, times=ALARMS)
            print(f"  {CONSOLES} consoles: p50 {percentile(run.delays, 50) * 1000:.0f} ms, "
                  f"p95 {percentile(run.delays, 95) * 1000:.0f} ms", flush=True)  # fmt: skip
        vault.engine.dispose()
    return run


def report(runs: list[Run], began: str) -> str:
    """Write the figures down for docs/benchmarks.md."""
    first = "milliseconds, p50 / p95 (processor)"
    headings = [first, *(f"{r.database}, {r.tickets:,}" for r in runs)]
    rows = [
        [name, *("{:,.0f} / {:,.0f} ({:,.0f})".format(*r.pages[name]) for r in runs)]
        for name in runs[0].pages
    ]
    heard = [
        [
            f"{r.database}, {r.tickets:,}",
            *(f"{percentile(r.delays, p) * 1000:,.0f}" for p in _SHOWN),
        ]
        for r in runs
        if r.delays
    ]
    heavy = next((r.weights for r in reversed(runs) if r.weights), {})
    weights = [[f"`{p}`", f"{a / 1000:.0f}", f"{b / 1000:.0f}"] for p, (a, b) in heavy.items()]
    loads = "; ".join(
        f"{r.database}, {r.tickets:,}: {r.load}, filled in {r.filled:.0f} s" for r in runs
    )
    return f"""## The console over a million tickets

{began}. Load at the start of each: {loads}. Whole requests with rendering, in one process,
without a network; nine in ten tickets are closed, one in four has a photo. A fifth of all tickets
is of the one province, a tenth of the one regency, which is far more than any true regency has.
What took longer than {_SLOW} s was asked 5 times, what took longer than {_VERY_SLOW} s once. In
brackets is the processor's time for one request, our process and PostgreSQL's together: about what
it takes on a machine that nobody else uses, when nothing has to come from a disk.

{table(headings, rows)}

Figures of {figures_kept.MANY:,} tickets and more are kept and shown with their moment for an hour;
a worker counts them anew before. So the pages of figures are those that somebody
sees, and "counting" is what a worker, or the first look ever, takes for them.

Words are sealed, so a search opens facts one by one, newest tickets first, and ends after three
seconds; the page says when it did not reach all.

### How soon open consoles hear

{CONSOLES} connections to a console process, {ALARMS} critical tickets; milliseconds from the
ticket's commit until a console has read the event. The process looks once a second, so half a
second is to be expected.

{table(["database", "p50", "p95", "longest"], heard)}

### What pages weigh

kB as sent, the page by itself and with every file it loads.

{table(["page", "alone", "with all files"], weights)}"""


def _run(database: str, size: int, arguments: argparse.Namespace) -> Run:
    """Measure one size, or read what was measured when an earlier run broke off after it."""
    keep: Path | None = arguments.keep
    done = keep / f"{database}-{size}.json" if keep else None
    if arguments.resume and done is not None and done.exists():
        return Run(**json.loads(done.read_text()))
    run = measure(
        database, size, arguments.times, match=arguments.match, keep=keep,
        live=size == arguments.tickets and not arguments.match,
    )  # fmt: skip
    if done is not None and not arguments.match:
        done.write_text(json.dumps(asdict(run)))
    return run


def main() -> int:
    """Measure each database and size, print, and write with `--write`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--only", action="store_true", help="measure the one size alone")
    parser.add_argument("--keep", type=Path, help="a folder in which databases stay")
    parser.add_argument("--resume", action="store_true", help="leave out what is measured there")
    parser.add_argument("--match", default="", help="only the requests named like this")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    arguments = parser.parse_args()
    began = circumstances()
    sizes = [n for n in SIZES if n < arguments.tickets and not arguments.only]
    runs = [
        _run(database, size, arguments)
        for database in arguments.database or ["sqlite", "postgresql"]
        for size in [*sizes, arguments.tickets]
    ]
    text = report(runs, began)
    if arguments.write:
        write_section("console", text)
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
