"""Whole turns from webhook to provider, beside Rasa's own Telegram and Twilio connectors.

Run: `python -m benchmarks.connectors`. The same trained model, actions and questions on both sides;
the providers are those of the tests, on this machine.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sized
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.sending import ANSWER_TAKES, SECRET
from benchmarks.tools.figures import circumstances, percentile, table, write_section
from benchmarks.tools.posting import (
    PUBLIC,
    SENDER,
    TWILIO,
    Post,
    flat_out,
    telegram,
    twilio,
    wait_ready,
)
from benchmarks.tools.servers import private_settings
from hotline.settings import ROOT, load_settings
from suar.environments import child_environment
from suar.processes import Supervisor, die_with_parent, free_port, parts_of
from suar.run import prepare
from suar.training import make_model
from tests import provider as bot_api
from tests.channels.twilio import provider as twilio_api

TURNS, CLIENTS = 120, 4
QUESTIONS = ("apa saja syaratnya", "berapa biayanya", "bagaimana cara mendaftar", "halo")


@dataclass(frozen=True)
class Outside:
    """A provider that runs: what both sides must be told of it, and what it has taken."""

    settings: Mapping[str, str]  # of ours
    credentials: Mapping[str, object]  # of Rasa's connector
    environment: Mapping[str, str]  # of Rasa's connector
    taken: Sized


@dataclass(frozen=True)
class Way:
    """One provider: how it posts, and where."""

    name: str
    path: str
    post: Callable[[str, str], Post]
    begin: Callable[[], AbstractContextManager[Outside]]


@contextmanager
def telegram_here() -> Iterator[Outside]:
    """Run a Bot API that takes as long for a message as the one of benchmarks/sending.py."""
    with bot_api.serving(bot_api.Provider(delay=ANSWER_TAKES)) as one:
        yield Outside(
            {
                "SUAR_TELEGRAM_TOKEN": bot_api.TOKEN,
                "SUAR_TELEGRAM_SECRET": SECRET,
                "SUAR_TELEGRAM_API": one.url,
            },
            {
                "benchmarks.tools.stock_telegram.StockTelegram": {
                    "access_token": bot_api.TOKEN,
                    "verify": bot_api.USERNAME,
                    "webhook_url": f"{PUBLIC}/webhooks/telegram/webhook",
                }
            },
            {"BENCH_TELEGRAM": one.url},
            one.taken,
        )


@contextmanager
def twilio_here() -> Iterator[Outside]:
    """Run a Twilio."""
    with twilio_api.running(twilio_api.Provider()) as one:
        yield Outside(
            {"SUAR_TWILIO_API": one.address, **TWILIO},
            {
                "benchmarks.tools.stock_twilio.StockTwilio": {
                    "account_sid": twilio_api.ACCOUNT,
                    "auth_token": twilio_api.TOKEN,
                    "twilio_number": f"whatsapp:{SENDER}",
                }
            },
            {"BENCH_TWILIO": one.address},
            one.accepted,
        )


WAYS = (
    Way("Telegram", "/webhooks/telegram", telegram, telegram_here),
    Way("Twilio", "/webhooks/twilio", twilio, twilio_here),
)


@contextmanager
def ours(model: Path, outside: Outside) -> Iterator[str]:
    """Start a whole installation; gives the gateway's address."""
    with tempfile.TemporaryDirectory() as home:
        more = {"SUAR_PUBLIC_URL": PUBLIC, **outside.settings}
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
def stock(model: Path, outside: Outside) -> Iterator[str]:
    """Start Rasa with its own connector, and the actions server; gives Rasa's address."""
    with tempfile.TemporaryDirectory() as home, ExitStack() as ending:
        settings = private_settings(Path(home))
        prepare(settings).engine.dispose()
        credentials = Path(home) / "credentials.yml"
        credentials.write_text(json.dumps(outside.credentials), encoding="utf-8")
        environment = child_environment(settings, settings.rasa_token)
        environment |= {**outside.environment, "PYTHONPATH": str(ROOT)}
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


def beside(
    way: Way, path: str, begin: Callable[[Path, Outside], AbstractContextManager[str]], model: Path
) -> list[str]:
    """Let the same messages be answered by one of the two; gives the figures of a row."""
    with way.begin() as outside, begin(model, outside) as url:
        asyncio.run(flat_out(url, [way.post("halo", path) for _ in range(20)], CLIENTS))
        _settle(outside.taken)
        before, began = len(outside.taken), time.perf_counter()
        posts = [way.post(QUESTIONS[n % len(QUESTIONS)], path) for n in range(TURNS)]
        _, times = asyncio.run(flat_out(url, posts, CLIENTS))
        last = _settle(outside.taken) - began
        sent = len(outside.taken) - before
    figures = [f"{percentile(times, p):.0f}" for p in (50, 99)]
    return [*figures, f"{TURNS / last:.1f}", str(sent)]


def _settle(taken: Sized, quiet: float = 3.0) -> float:
    """Wait until nothing more is sent; gives when the last message came."""
    count, since = -1, time.perf_counter()
    while time.perf_counter() - since < quiet:
        if len(taken) != count:
            count, since = len(taken), time.perf_counter()
        time.sleep(0.02)
    return since


def report(when: str, rows: list[list[str]]) -> str:
    """Build this benchmark's section of docs/benchmarks.md."""
    headings = ["", "webhook, ms: p50", "p99", "turns a second", "messages sent"]
    return (
        "## Connectors: whole turns beside Rasa's own\n\n"
        f"{when}. The same model, {TURNS} questions over {CLIENTS} lines, with real answers to the "
        "same provider on this machine. Rasa's connectors do the whole turn and send before they "
        "answer the webhook, check neither Twilio's signature nor Telegram's secret, keep nothing "
        "that could be repeated after a fault, and its Twilio one sends a message for each "
        "paragraph; ours answers once the message is stored, and keeps to the pace Telegram asks "
        "for (30 a second). *Turns a second* runs until the last message was sent.\n\n"
        + table(headings, rows)
        + "\n"
    )


def main() -> None:
    """Measure everything and write the figures."""
    when, model = circumstances(), make_model(load_settings())
    rows = []
    for way in WAYS:
        rows.append([f"{way.name}, ours", *beside(way, way.path, ours, model)])
        theirs = beside(way, f"{way.path}/webhook", stock, model)
        rows.append([f"{way.name}, Rasa's connector", *theirs])
    write_section("connectors", report(when, rows))


if __name__ == "__main__":
    main()
