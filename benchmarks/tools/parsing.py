"""Reads messages with one model in this process, each by itself, and tells times and readings.

Runs on the bot's Python: `bot/.venv/bin/python benchmarks/tools/parsing.py MODEL < messages.jsonl`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
WARM_UP = 20


def full_intent(found: dict[str, Any]) -> str | None:
    """Give the full name of the intent a pipeline reads, before any fallback."""
    if "full_intent" in found:
        name: str | None = found["full_intent"]
        return name
    ranking = [e["name"] for e in found["intent_ranking"] if e["name"] != "nlu_fallback"]
    if ranking[:1] != ["faq"]:
        return ranking[0] if ranking else None
    selector = found.get("response_selector", {})
    response = (selector.get("faq") or selector.get("default") or {}).get("response", {})
    key: str | None = response.get("intent_response_key")
    return key


def main() -> None:
    """Write one JSON line a message: ms, the full intent, and whether it is taken as sure."""
    sys.path.insert(0, str(ROOT))
    # Libraries print while they load; the readings must stand alone on the standard output.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    from rasa.core.channels.channel import UserMessage
    from rasa.core.processor import MessageProcessor
    from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER

    from bot.context import UNSURE_BELOW

    texts = [str(json.loads(line)["text"]) for line in sys.stdin if line.strip()]
    _, metadata, runner = MessageProcessor._load_model(sys.argv[1])
    target = metadata.nlu_target
    for number, text in enumerate([*texts[:WARM_UP], *texts]):
        began = time.perf_counter()
        inputs = {PLACEHOLDER_MESSAGE: [UserMessage(text)], PLACEHOLDER_TRACKER: None}
        message = runner.run(inputs=inputs, targets=[target])[target][0]
        took = (time.perf_counter() - began) * 1000
        found = message.as_dict(only_output_properties=True)
        intent = found.get("intent") or {}
        sure = (intent.get("confidence") or 0) >= UNSURE_BELOW
        told = {
            "ms": took,
            "intent": full_intent(found),
            "sure": sure and intent.get("name") != "nlu_fallback",
        }
        if number >= WARM_UP:
            answers.write(json.dumps(told) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
