"""What the answers of benchmarks/classifiers.py are worth: shares, F1, log-loss, who is ahead."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from suar.scores import Share, calibration_error, share

OURS = "ours"
# Chances are kept with five places; none is taken for less than this.
LEAST_CHANCE = 1e-5
_Z = 1.959964


@dataclass(frozen=True)
class Answer:
    """What one way of reading says of every text, and what that cost."""

    name: str
    mark: str
    seconds: float
    ms: float
    load: float
    at: float
    learned: int
    meant: Sequence[str]
    languages: Sequence[str]
    mb: float = 0.0
    setting: str = ""
    held_out: float = math.nan
    labels: Sequence[str] = ()
    chances: Sequence[Sequence[float]] = ()
    guesses: Sequence[str] = field(default_factory=list)

    @cached_property
    def told(self) -> list[str]:
        """Return what it takes each text for; nothing where no label has any chance."""
        if self.guesses:
            return list(self.guesses)
        best = [max(range(len(row)), key=row.__getitem__) for row in self.chances]
        return [
            self.labels[at] if row[at] > 0 else ""
            for at, row in zip(best, self.chances, strict=True)
        ]

    @cached_property
    def right(self) -> list[bool]:
        """Say of each text whether it is read as meant; languages where those are guessed."""
        wanted = self.languages if self.guesses else self.meant
        return [told == meant for told, meant in zip(self.told, wanted, strict=True)]

    def accuracy(self, language: str | None = None, among: str | None = None) -> Share:
        """Count the texts read right: all, those of a language, those of one set."""
        return share(
            right
            for right, code, meant in zip(self.right, self.languages, self.meant, strict=True)
            if language in {None, code} and among in {None, meant}
        )

    def macro_f1(self) -> float:
        """Return the mean F1 of the labels that are asked for."""
        meant, told = Counter(self.meant), Counter(self.told)
        hits = Counter(m for m, right in zip(self.meant, self.right, strict=True) if right)
        return sum(2 * hits[label] / (meant[label] + told[label]) for label in meant) / len(meant)

    def surprise(self) -> float:
        """Return the log-loss; a text that cannot be read could mean anything."""
        place = {label: at for at, label in enumerate(self.labels)}
        total = 0.0
        for row, meant in zip(self.chances, self.meant, strict=True):
            chance = row[place[meant]] if meant in place else 0.0
            total -= math.log(max(chance if any(row) else 1 / len(row), LEAST_CHANCE))
        return total / len(self.meant)

    def calibration(self) -> float:
        """Return how far its certainty lies from being right."""
        sure = [max(row) for row in self.chances]
        return calibration_error(list(zip(sure, self.right, strict=True)))

    def ahead_of(self, other: Answer) -> tuple[float, float]:
        """Return the difference in the share right, and half its 95 % interval on pairs."""
        pairs = list(zip(self.right, other.right, strict=True))
        more, fewer = pairs.count((True, False)), pairs.count((False, True))
        total = len(pairs)
        spread = more + fewer - (more - fewer) ** 2 / total
        return (more - fewer) / total, _Z * math.sqrt(spread) / total


def together(one: Answer, other: Answer) -> Answer:
    """Return the answer of two that are both asked, each with half a say."""
    labels = sorted({*one.labels, *other.labels})
    said = [
        [dict(zip(each.labels, row, strict=True)) for row in each.chances] for each in (one, other)
    ]
    return Answer(
        name=f"mean of {one.name} and {other.name}",
        mark=one.mark,
        seconds=one.seconds + other.seconds,
        ms=one.ms + other.ms,
        load=max(one.load, other.load),
        at=other.at,
        learned=one.learned,
        meant=one.meant,
        languages=one.languages,
        mb=one.mb + other.mb,
        labels=labels,
        chances=[
            [(a.get(label, 0.0) + b.get(label, 0.0)) / 2 for label in labels]
            for a, b in zip(*said, strict=True)
        ],
    )


def answers(folder: Path) -> list[Answer]:
    """Return the answers kept in a folder to the same texts as ours, ours first, then by time.

    Answers to an earlier state of the texts are left out.
    """
    files = sorted(folder.glob("*.json"))
    kept = [Answer(**json.loads(file.read_text(encoding="utf-8"))) for file in files]
    ours = [answer for answer in kept if answer.name == OURS]
    if not ours:
        return []
    same = [answer for answer in kept if answer.mark == ours[0].mark and answer is not ours[0]]
    return [*ours, *sorted(same, key=lambda answer: answer.at)]
