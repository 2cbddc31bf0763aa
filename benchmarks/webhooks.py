"""What a provider waits for: webhooks at 200 a second, at full speed, and beside Rasa's connector.

Run: `python -m benchmarks.webhooks`. Gateway, workers, Rasa and databases are real; providers are
those of the tests. PostgreSQL is measured at SUAR_TEST_POSTGRES_URL (the tests' own by default).
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

import httpx
import sqlalchemy as sa
from twilio.request_validator import RequestValidator

from benchmarks.sending import SECRET, Bench, bench, update
from benchmarks.tools.figures import circumstances, percentile, table, write_section
from benchmarks.tools.servers import private_settings
from hotline.settings import ROOT, load_settings
from store import db
from store.tables import inbox
from suar.environments import child_environment
from suar.processes import Supervisor, die_with_parent, free_port, parts_of
from suar.run import prepare
from suar.training import ensure_model
from tests.channels.twilio.provider import ACCOUNT, Provider, running
from tests.channels.twilio.provider import TOKEN as TWILIO_TOKEN

PUBLIC = "http://127.0.0.1"  # where Twilio believes us to be: what it signs
SENDER = "+6280000000001"
BURST, PER_SECOND = 1000, 200.0
FLAT_OUT, LINES = 1500, 32
TURNS, CLIENTS = 120, 4
VARIANTS = (("SQLite", 0), ("SQLite", 1), *(("PostgreSQL", n) for n in (0, 1, 2, 4)))
CALLERS = 100
QUESTIONS = ("apa saja syaratnya", "berapa biayanya", "bagaimana cara mendaftar", "halo")
TWILIO = {
    "SUAR_TWILIO_ACCOUNT_SID": ACCOUNT,
    "SUAR_TWILIO_AUTH_TOKEN": TWILIO_TOKEN,
    "SUAR_TWILIO_WHATSAPP_SENDER": SENDER,
}
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Post:
    """One request as a provider makes it."""

    path: str
    body: bytes
    headers: Mapping[str, str]


def telegram(text: str) -> Post:
    """Make an update of one of the callers."""
    number = next(_NUMBERS)
    body = json.dumps(update(number, 1000 + number % CALLERS, text)).encode()
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
    return Post("/webhooks/telegram", body, headers)


def twilio(text: str, path: str = "/webhooks/twilio") -> Post:
    """Make a signed WhatsApp message of one of the callers."""
    number = next(_NUMBERS)
    caller = f"+62812{number % CALLERS:07d}"
    fields = {
        "MessageSid": f"SM{number:032x}", "SmsStatus": "received", "NumMedia": "0", "Body": text,
        "From": f"whatsapp:{caller}", "To": f"whatsapp:{SENDER}", "AccountSid": ACCOUNT,
    }  # fmt: skip
    signature = RequestValidator(TWILIO_TOKEN).compute_signature(PUBLIC + path, fields)
    headers = {
        "X-Twilio-Signature": signature,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return Post(path, urlencode(fields).encode(), headers)


@asynccontextmanager
async def line(url: str, lines: int) -> AsyncIterator[httpx.AsyncClient]:
    """Open connections and keep them, as providers do."""
    limits = httpx.Limits(max_connections=lines, max_keepalive_connections=lines)
    async with httpx.AsyncClient(
        base_url=url, limits=limits, timeout=60, trust_env=False
    ) as client:
        yield client


async def _one(client: httpx.AsyncClient, post: Post, due: float) -> float:
    while True:
        try:
            answer = await client.post(post.path, content=post.body, headers=dict(post.headers))
            break
        except (httpx.ReadError, httpx.RemoteProtocolError):
            continue  # an idle line was closed just then: providers ask again, and so do we
    answer.raise_for_status()
    return (time.perf_counter() - due) * 1000


async def burst(url: str, posts: Sequence[Post]) -> list[float]:
    """Post at an even pace, whether answers have come or not; gives milliseconds from when due."""
    async with line(url, 200) as client:
        began, tasks = time.perf_counter() + 0.05, []
        for number, post in enumerate(posts):
            due = began + number / PER_SECOND
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.append(asyncio.create_task(_one(client, post, due)))
        return list(await asyncio.gather(*tasks))


async def flat_out(url: str, posts: Sequence[Post], lines: int) -> tuple[float, list[float]]:
    """Let each line post again as soon as it is answered; gives requests a second and times."""
    left, took = iter(posts), []

    async def one_line(client: httpx.AsyncClient) -> None:
        for post in left:
            milliseconds = await _one(client, post, time.perf_counter())
            took.append(milliseconds)

    async with line(url, lines) as client:
        began = time.perf_counter()
        await asyncio.gather(*(one_line(client) for _ in range(lines)))
        return len(posts) / (time.perf_counter() - began), took


def wait_ready(url: str, patience: float = 300) -> None:
    """Wait until a server answers; raises TimeoutError."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            if httpx.get(url, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise TimeoutError(f"{url} does not answer")


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
            times = asyncio.run(burst(url, mixed))
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


@contextmanager
def ours(model: Path, provider: Provider) -> Iterator[str]:
    """Start a whole installation with Twilio; gives the gateway's address."""
    with tempfile.TemporaryDirectory() as home:
        more = {"SUAR_PUBLIC_URL": PUBLIC, "SUAR_TWILIO_API": provider.address, **TWILIO}
        private = private_settings(Path(home))
        channels = load_settings({"SUAR_HOME": home, **more}).channels
        settings = replace(
            private, channels=channels, console=replace(private.console, port=free_port())
        )
        prepare(settings).engine.dispose()
        supervisor = Supervisor(settings, model, Path(home) / "logs", lambda _: None)
        saved = {name: os.environ.get(name) for name in more}  # noqa: TID251 - parts read them
        os.environ.update(more)  # noqa: TID251
        try:
            supervisor.start()
            supervisor.wait_ready()
            yield settings.gateway_url
        finally:
            supervisor.stop()
            for name, value in saved.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})  # noqa: TID251


@contextmanager
def stock(model: Path, provider: Provider) -> Iterator[str]:
    """Start Rasa with its own Twilio connector, and the actions server; gives Rasa's address."""
    with tempfile.TemporaryDirectory() as home, ExitStack() as ending:
        settings = private_settings(Path(home))
        prepare(settings).engine.dispose()
        credentials = Path(home) / "credentials.yml"
        account = {"account_sid": ACCOUNT, "auth_token": TWILIO_TOKEN}
        account["twilio_number"] = f"whatsapp:{SENDER}"
        name = "benchmarks.tools.stock_twilio.StockTwilio"
        credentials.write_text(json.dumps({name: account}), encoding="utf-8")
        environment = child_environment(settings, settings.rasa_token)
        environment |= {"BENCH_TWILIO": provider.address, "PYTHONPATH": str(ROOT)}
        for part in parts_of(settings, model)[:2]:
            command = [
                str(credentials) if c.endswith("credentials.yml") else c for c in part.command
            ]
            with (Path(home) / f"{part.name}.log").open("ab") as log:
                process = subprocess.Popen(
                    command, cwd=ROOT, env=environment, stdout=log, stderr=log,
                    preexec_fn=die_with_parent,
                )  # fmt: skip
            ending.callback(process.wait)
            ending.callback(process.terminate)
        wait_ready(f"http://127.0.0.1:{settings.rasa_port}/")
        wait_ready(f"http://127.0.0.1:{settings.actions_port}/health")
        yield f"http://127.0.0.1:{settings.rasa_port}"


def beside(begin: Callable[[Path, Provider], object], path: str, model: Path) -> list[str]:
    """Let the same messages be answered by one of the two; gives a row."""
    with running(Provider()) as provider, begin(model, provider) as url:  # type: ignore[attr-defined]
        asyncio.run(flat_out(url, [twilio("halo", path) for _ in range(20)], CLIENTS))
        _settle(provider)
        before = len(provider.accepted)
        texts = [QUESTIONS[n % len(QUESTIONS)] for n in range(TURNS)]
        began = time.perf_counter()
        posts = [twilio(text, path) for text in texts]
        _, times = asyncio.run(flat_out(url, posts, CLIENTS))
        last = _settle(provider) - began
        sent = len(provider.accepted) - before
    figures = [f"{percentile(times, p):.0f}" for p in (50, 99)]
    return [*figures, f"{TURNS / last:.1f}", str(sent)]


def _settle(provider: Provider, quiet: float = 3.0) -> float:
    """Wait until nothing more is sent; gives when the last message came."""
    count, since = -1, time.perf_counter()
    while time.perf_counter() - since < quiet:
        if len(provider.accepted) != count:
            count, since = len(provider.accepted), time.perf_counter()
        time.sleep(0.02)
    return since


def report(when: str, rows: list[list[str]], both: list[list[str]]) -> str:
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
        "not in the inbox.\n\n"
        + table(headings, rows)
        + f"\n\nBeside Rasa's own Twilio connector: the same model, {TURNS} questions over "
        f"{CLIENTS} lines, with real answers to the same Twilio on this machine. Rasa's does the "
        "whole turn and sends before it answers the webhook, checks no signature, and sends a text "
        "as one message for each of its paragraphs; ours answers once the message is stored. "
        "*Turns a second* runs until the last message was sent.\n\n"
        + table(["", "webhook, ms: p50", "p99", "turns a second", "messages sent"], both)
        + "\n"
    )


def main() -> None:
    """Measure everything and write the figures."""
    when, model = circumstances(), ensure_model(load_settings())
    rows = [variant(kind, workers) for kind, workers in VARIANTS]
    path = "/webhooks/twilio"
    both = [
        ["ours", *beside(ours, path, model)],
        ["Rasa's connector", *beside(stock, f"{path}/webhook", model)],
    ]
    write_section("webhooks", report(when, rows, both))


if __name__ == "__main__":
    main()
