"""General texts that would open a ticket: none of them is a report, so every one is a false one.

Run: `python -m benchmarks.false_tickets FILE...`; a file is a table of a language and a text, or
JSON lines with both (tests/nlu/unseen/general.jsonl), read in place and never kept. A ticket is
opened by danger, or by an intent that reports something or asks for a way home, where the bot is
sure enough of it not to ask back.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.tools.figures import circumstances, table
from bot.context import sure_enough
from hotline.settings import load_settings
from store.danger import load_guard
from suar.examples import languages
from suar.parse import DANGER_FOLDER, parse_texts
from suar.scores import Share
from suar.training import ensure_model

REPORTING = frozenset({"emergency", "report_trafficking", "report_missing", "ask_return"})
HEADINGS = ["language", "texts", "danger", "intent", "false tickets"]


def texts(file: Path, ours: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield language and text of each row in a language of ours."""
    lines = file.read_text(encoding="utf-8").splitlines()
    if file.suffix == ".jsonl":
        yield from ((e["language"], e["text"]) for e in map(json.loads, lines))
        return
    for line in lines[1:]:
        language, _, rest = line.partition("\t")
        if language in ours and rest.strip():
            yield language, rest.split("\t")[0]


def reports(reading: dict[str, Any]) -> bool:
    """Say whether the bot would take up a report by the intent alone, without asking back."""
    return reading["intent"] in REPORTING and sure_enough(reading["intent"], reading["confidence"])


def rows(readings: list[tuple[str, dict[str, Any]]]) -> list[list[str]]:
    """Count by language, and over all."""
    told: dict[str, Counter[str]] = {}
    for language, reading in readings:
        danger, intent = bool(reading["emergency"]), reports(reading)
        for name in (language, "all"):
            seen = told.setdefault(name, Counter())
            seen.update(texts=1, danger=danger, intent=intent, either=danger or intent)
    order = sorted(told.items(), key=lambda one: (one[0] == "all", one[0]))
    return [
        [name, *(str(n[key]) for key in ("texts", "danger", "intent")),
         str(Share(n["either"], n["texts"]))]
        for name, n in order
    ]  # fmt: skip


def main() -> None:
    """Read every file with the model in use and print a table for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    chosen = parser.parse_args()
    settings = load_settings()
    model, guard = ensure_model(settings), load_guard(DANGER_FOLDER)
    ours = frozenset(languages())
    print(circumstances())
    for file in chosen.files:
        asked = list(texts(file, ours))
        lines = (json.dumps({"text": text}) for _, text in asked)
        readings = parse_texts(lines, model=model, guard=guard)
        paired = zip((language for language, _ in asked), readings, strict=True)
        print(f"\n{file.name}\n")
        print(table(HEADINGS, rows(list(paired))))


if __name__ == "__main__":
    main()
