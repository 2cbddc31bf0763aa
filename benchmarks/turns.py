"""Our pipeline beside stock Rasa's (DIET, TED): turns per second, their times, memory, accuracy.

Run: `python -m benchmarks.turns [--epochs 100]`. Training stock DIET for its 100 epochs takes hours
on two processors; fewer epochs change its accuracy, hardly its speed. Models are kept by content.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.tools.figures import circumstances, percentile, table, write_section
from benchmarks.tools.models import FULL_EPOCHS, Trained, trained
from benchmarks.tools.servers import RasaAlone, rasa_alone
from benchmarks.tools.unseen import LANGUAGES, Readings, read
from channels.rasa import Question, RasaBot
from hotline.settings import load_settings

NAMES = ("ours", "stock")
SMALL_TALK = frozenset({"greet", "thanks", "goodbye"})
FROM_AN_ACTION = frozenset({"faq/contacts", "faq/destinations"})  # ours answers these by an action
TURNS_EACH = 6  # of one conversation; then the client begins another
WARM_UP = 40
PATIENCE = 30.0  # seconds for a turn


@dataclass(frozen=True)
class Speed:
    """What a number of clients got, each waiting for its answer before it asks again."""

    clients: int
    milliseconds: list[float]
    seconds: float
    busy_seconds: float  # of processors, by Rasa; unlike the rest it hardly feels other programs

    @property
    def per_second(self) -> float:
        """Turns answered per second, all clients together."""
        return len(self.milliseconds) / self.seconds

    @property
    def busy_milliseconds(self) -> float:
        """The processor time of one turn."""
        return self.busy_seconds * 1000 / len(self.milliseconds)


@dataclass(frozen=True)
class Server:
    """What a pipeline's server needed and did."""

    ready_seconds: float
    memory_ready: float
    memory_after: float
    speeds: list[Speed]
    load: float


def texts_both_read(readings: Sequence[Readings]) -> list[str]:
    """Choose the messages that every pipeline answers with the same response.

    A pipeline that misunderstands would be timed at other work: a task, or asking back.
    """
    examples = readings[0].examples
    return [
        str(example["text"])
        for at, example in enumerate(examples)
        if (example["intent"] in SMALL_TALK or example["intent"].startswith("faq/"))
        and example["intent"] not in FROM_AN_ACTION
        and all(reading.right_and_sure(at) for reading in readings)
    ]


def ask(bot: RasaBot, texts: Sequence[str], name: str) -> list[float]:
    """Ask one message after the other; returns milliseconds a turn."""
    took = []
    for number, text in enumerate(texts):
        question = Question(number, f"{name}-{number // TURNS_EACH}", "local", text)
        began = time.perf_counter()
        bot.ask(question)
        took.append((time.perf_counter() - began) * 1000)
    return took


def drive(server: RasaAlone, texts: Sequence[str], clients: int, turns: int) -> Speed:
    """Let clients ask at once, until `turns` are answered."""
    chance = random.Random(clients)
    parts = [chance.choices(texts, k=turns // clients) for _ in range(clients)]
    took: list[float] = []

    def client(number: int) -> None:
        # Each its own connection, as workers on several machines would have.
        settings = server.settings
        bot = RasaBot(settings.rasa_url, settings.rasa_token, PATIENCE)
        took.extend(ask(bot, parts[number], f"{clients}-{turns}-{number}"))

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    busy, began = server.processor_seconds(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    assert len(took) == turns // clients * clients, "a turn got no answer"
    return Speed(clients, took, seconds, server.processor_seconds() - busy)


def measure(model: Trained, texts: Sequence[str], turns: int) -> Server:
    """Start one server, warm it up, and time its turns with one client and with four."""
    with tempfile.TemporaryDirectory() as home:
        load = os.getloadavg()[0]
        with rasa_alone(model.file, Path(home)) as server:
            ready = server.memory_mb()
            drive(server, texts, 1, WARM_UP)
            speeds = [drive(server, texts, clients, turns) for clients in (1, 4)]
            return Server(server.ready_seconds, ready, server.memory_mb(), speeds, load)


def rows(
    models: Sequence[Trained], readings: Sequence[Readings], servers: Sequence[Server]
) -> list[list[str]]:
    """Build the table's rows: a measure, ours, stock, and ours divided by stock."""

    def row(name: str, values: Sequence[float], form: str = ".1f") -> list[str]:
        ours, stock = values
        return [name, f"{ours:{form}}", f"{stock:{form}}", f"{ours / stock:.2f}"]

    told = []
    for at, clients in enumerate((1, 4)):
        who = "1 client" if clients == 1 else f"{clients} clients"
        speeds = [server.speeds[at] for server in servers]
        told.append(row(f"{who}: turns per second", [s.per_second for s in speeds]))
        for p in (50, 95):
            times = [percentile(s.milliseconds, p) for s in speeds]
            told.append(row(f"{who}: p{p} of a turn, ms", times))
        busy = [s.busy_milliseconds for s in speeds]
        told.append(row(f"{who}: Rasa's processor time a turn, ms", busy))
    alone = {p: [reading.milliseconds(p) for reading in readings] for p in (50, 95)}
    told += [row(f"p{p} of reading a message alone, ms", times) for p, times in alone.items()]
    told.append(row("memory when ready, MB", [s.memory_ready for s in servers], ".0f"))
    told.append(row("memory after the turns, MB", [s.memory_after for s in servers], ".0f"))
    told.append(row("start-up, s", [s.ready_seconds for s in servers]))
    told.append(row("training, s", [m.seconds for m in models], ".0f"))
    if any(m.epochs not in {None, FULL_EPOCHS} for m in models):
        full = [m.full_seconds for m in models]
        told.append(row(f"training for {FULL_EPOCHS} epochs, s, extrapolated", full, ".0f"))
    told.append(row("training, processor s", [m.processor_seconds for m in models], ".0f"))
    told.append(row("training, most memory, MB", [m.peak_mb for m in models], ".0f"))
    told.append(row("model file, MB", [m.file.stat().st_size / 2**20 for m in models]))
    for code in (*LANGUAGES, None):
        shares = [reading.accuracy(code) for reading in readings]
        told.append([f"intent right, {code or 'all'} ({shares[0].total})", *map(str, shares), ""])
    return told


def report(
    when: str,
    models: Sequence[Trained],
    servers: Sequence[Server],
    texts: int,
    lines: list[list[str]],
) -> str:
    """Build this benchmark's section of docs/benchmarks.md."""
    stock = models[1]
    loads = ", ".join(f"{name} {s.load:.2f}" for name, s in zip(NAMES, servers, strict=True))
    floor = (
        f" Stock was trained for {stock.epochs} of its {FULL_EPOCHS} epochs, so its accuracy here "
        "is a floor, and its training time is no full one."
        if stock.epochs != FULL_EPOCHS
        else ""
    )
    turns = len(servers[0].speeds[0].milliseconds)
    return (
        "## Turns: this pipeline beside stock Rasa\n\n"
        f"{when}. Load average at the start of each server: {loads}; at the start of training: "
        f"ours {models[0].load:.2f}, stock {stock.load:.2f}. One run, each server alone, the same "
        "training data, domain, door, texts, actions server and tracker store. "
        f"{turns} turns with one client, {turns} with four, drawn from the {texts} unseen "
        "questions and greetings that both pipelines read right, so that both do the same work "
        "after reading; ours also tells the language, which stock does not. Accuracy is on all "
        f"unseen messages, before any threshold.{floor}\n\n"
        + table(["", "ours", "stock", "ours / stock"], lines)
        + "\n"
    )


def main() -> None:
    """Train both if need be, measure one after the other, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=FULL_EPOCHS, help="of DIET, default 100")
    parser.add_argument("--turns", type=int, default=400)
    chosen = parser.parse_args()
    settings = load_settings()
    when = circumstances()
    models = [trained(name, settings, epochs=chosen.epochs) for name in NAMES]
    readings = [read(model.file, settings) for model in models]
    texts = texts_both_read(readings)
    servers = [measure(model, texts, chosen.turns) for model in models]
    lines = rows(models, readings, servers)
    write_section("turns", report(when, models, servers, len(texts), lines))


if __name__ == "__main__":
    main()
