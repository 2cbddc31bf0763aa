"""The unseen messages of tests/nlu/unseen, and how a model and the danger guard read them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hotline.danger import Guard
from suar.examples import UNSEEN
from suar.parse import Command, bot_command, parse_texts

# Files of danger and look-alikes; their messages have no intent but say whether there is danger.
DANGER_FILES = ("danger", "danger_more", "answers", "general")

Example = Mapping[str, Any]
Pair = tuple[Example, Example]
Sets = Mapping[str, Sequence[Example]]
PairSets = dict[str, list[Pair]]


def read_examples(file: Path) -> list[dict[str, Any]]:
    """Return the examples of a JSON lines file."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def read_sets(folder: Path = UNSEEN) -> dict[str, list[dict[str, Any]]]:
    """Return every set by the name of its file; empty where the folder was not installed."""
    return {file.stem: read_examples(file) for file in sorted(folder.glob("*.jsonl"))}


def read_pairs(
    sets: Sets, *, model: Path, guard: Guard, command: Command = bot_command
) -> PairSets:
    """Put each example beside its reading; raises ParseError where the model cannot read."""
    everything = [example for examples in sets.values() for example in examples]
    lines = (json.dumps({"text": example["text"]}) for example in everything)
    # One run for all: loading the model takes longer than reading a thousand messages.
    readings = iter(list(parse_texts(lines, model=model, guard=guard, command=command)))
    return {
        stem: [(example, next(readings)) for example in examples] for stem, examples in sets.items()
    }


def in_danger(example: Example) -> bool:
    """Say whether somebody is in danger in a message, in the sets of either kind."""
    return bool(example.get("emergency", example.get("intent") == "emergency"))
