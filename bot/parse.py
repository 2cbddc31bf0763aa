"""Reading many messages at once without a server: JSON lines in, JSON lines out."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

BATCH = 64


def _newest(path: Path) -> Path:
    """Return the model itself, or the newest one of a folder."""
    if path.is_file():
        return path
    models = sorted(path.glob("*.tar.gz"), key=lambda file: file.stat().st_mtime)
    if not models:
        raise FileNotFoundError(f"no model in {path}: make one with 'make train'")
    return models[-1]


class Reader:
    """A trained model's understanding of messages, without its conversations."""

    def __init__(self, model: Path) -> None:
        """Unpack and load a model; takes some seconds."""
        from rasa.core.channels.channel import UserMessage
        from rasa.core.processor import MessageProcessor
        from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER

        self._message = UserMessage
        self._places = (PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER)
        _, metadata, self._runner = MessageProcessor._load_model(_newest(model))
        self._target = metadata.nlu_target

    def read(self, texts: list[str]) -> list[dict[str, Any]]:
        """Return what the model understands of each text."""
        # Rasa takes a text after "/" for the name of an intent; a caller's is only a text.
        cut = [text.lstrip(" \t\r\n/") for text in texts]
        messages = [self._message(text or " ") for text in cut]
        results = self._runner.run(
            inputs=dict(zip(self._places, (messages, None), strict=True)), targets=[self._target]
        )[self._target]
        return [
            _line(text, len(text) - len(rest), result.as_dict(only_output_properties=True))
            for text, rest, result in zip(texts, cut, results, strict=True)
        ]


def _line(text: str, shift: int, found: dict[str, Any]) -> dict[str, Any]:
    """Return one message's reading, with places counted in the text as it came."""
    ranking = found.get("intent_ranking") or []
    told = [entry for entry in ranking if entry["name"] != "nlu_fallback"]
    return {
        "text": text,
        "intent": found.get("full_intent"),
        "confidence": told[0]["confidence"] if told else 0.0,
        "language": (found.get("language") or {}).get("code"),
        "entities": [
            {
                "entity": entity["entity"],
                "value": entity["value"],
                "start": entity["start"] + shift,
                "end": entity["end"] + shift,
            }
            for entity in found.get("entities") or []
        ],
        "emergency_in_parts": found.get("emergency_in_parts", 0.0),
        "emergency_chance": found.get("emergency_chance", 0.0),
        "ranking": told,
    }


def _batches(lines: Iterable[str]) -> Iterator[list[str]]:
    """Yield the texts of JSON lines in batches."""
    texts = (str(json.loads(line)["text"]) for line in lines if line.strip())
    while batch := list(islice(texts, BATCH)):
        yield batch


def main(arguments: list[str], lines: Iterable[str], out: TextIO) -> int:
    """Read the messages of `lines` with the model named first, and write a line for each."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m bot.parse MODEL < messages.jsonl\n")
        return 2
    try:
        reader = Reader(Path(arguments[0]))
    except FileNotFoundError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    for batch in _batches(lines):
        for line in reader.read(batch):
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
        out.flush()
    return 0


if __name__ == "__main__":
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR)
    # Libraries print to the standard output while they load; the readings must stand there alone.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.exit(main(sys.argv[1:], sys.stdin, answers))
