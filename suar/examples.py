"""Reads the training examples of data/nlu, tells templates from sentences, and adds new ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz, process

from hotline.errors import ContentError
from hotline.settings import ROOT

FOLDER = ROOT / "data" / "nlu"
UNSEEN = ROOT / "tests" / "nlu" / "unseen"
ENTITIES = frozenset(
    "recruiter licence_no country region phone amount ticket_code occupation date".split()
)
# A text this alike to another of its intent is the same sentence with another name in it.
TOO_ALIKE = 92
# Of one or two words, many are alike and none is a copy.
SHORT = 12
# Shorter ones ("halo pak") may stand among the unseen messages too: nobody owns them.
LONG = 20
LABEL = re.compile(r"\[(?P<words>[^\]\[]+)\]\((?P<entity>[a-z_]+)\)")
LEARNED = "# Learned from corrections at the desk: rewritten, see docs/learning.md."


@dataclass(frozen=True)
class Example:
    """One example as it stands in a file."""

    intent: str
    language: str
    marked: str

    @property
    def text(self) -> str:
        """Give the words without the marks of entities."""
        return LABEL.sub(r"\g<words>", self.marked)

    @property
    def frame(self) -> str:
        """Give the sentence with each entity and number made equal, in small letters."""
        return re.sub(r"\d+", "0", LABEL.sub(r"\g<entity>", self.marked)).lower()

    @property
    def entities(self) -> list[str]:
        """Give the names of the entities marked in it."""
        return [found["entity"] for found in LABEL.finditer(self.marked)]


def languages(folder: Path = FOLDER) -> list[str]:
    """Give the codes of the languages that have examples."""
    return sorted(one.name for one in folder.iterdir() if one.is_dir())


def file_of(intent: str, language: str, folder: Path = FOLDER) -> Path:
    """Say where the examples of an intent stand."""
    return folder / language / f"{intent.rpartition('/')[2]}.yml"


def read_file(file: Path) -> Iterator[Example]:
    """Give the examples of one file."""
    for block in yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)["nlu"]:
        language = (block.get("metadata") or {}).get("language", "")
        for line in block["examples"].splitlines():
            if line.strip():
                yield Example(block["intent"], language, line.strip().removeprefix("- ").strip())


def of(language: str, folder: Path = FOLDER) -> tuple[Example, ...]:
    """Give all examples of a language."""
    files = sorted((folder / language).glob("*.yml"))
    return tuple(example for file in files for example in read_file(file))


def near_duplicates(examples: Sequence[Example]) -> list[tuple[str, str]]:
    """Give the pairs of one intent that differ in little more than a name or a number."""
    found = []
    for intent in sorted({example.intent for example in examples}):
        own = [e for e in examples if e.intent == intent]
        found += _pairs([e for e in own if len(e.frame) >= SHORT], TOO_ALIKE)
        found += _pairs([e for e in own if len(e.frame) < SHORT], 100)
    return found


def _pairs(examples: list[Example], limit: int) -> list[tuple[str, str]]:
    frames = [e.frame for e in examples]
    alike = process.cdist(frames, frames, scorer=fuzz.ratio, score_cutoff=limit)
    return [
        (examples[i].marked, examples[j].marked)
        for i in range(len(frames))
        for j in range(i)
        if alike[i, j] >= limit
    ]


def add(examples: Sequence[Example], folder: Path = FOLDER) -> None:
    """Append examples of one intent and language to its file, under a heading of their own.

    Raises ContentError, with the file as it was, when it would not read back as it should.
    """
    file = file_of(examples[0].intent, examples[0].language, folder)
    before, had = file.read_text(encoding="utf-8"), list(read_file(file))
    text = before if before.endswith("\n") else before + "\n"
    if LEARNED not in text:
        text += (
            f"{LEARNED}\n- intent: {examples[0].intent}\n"
            f"  metadata: {{language: {examples[0].language}}}\n  examples: |\n"
        )
    text += "".join(f"    - {example.marked}\n" for example in examples)
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_text(text, encoding="utf-8")
    if _read_or_none(fresh) != [*had, *examples]:
        fresh.unlink()
        raise ContentError(f"{file} would not hold what it is to hold: nothing was written")
    fresh.chmod(file.stat().st_mode)
    fresh.replace(file)


def _read_or_none(file: Path) -> list[Example] | Any:
    try:
        return list(read_file(file))
    except (yaml.YAMLError, KeyError, TypeError, AttributeError):
        return None
