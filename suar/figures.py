"""A model's figures, kept beside it, and whether another model may take its place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from suar.scores import mcnemar
from suar.unseen import Example, Pair, PairSets, Sets, in_danger

# The doubt that statistics usually allow: one in twenty changes by chance alone looks so.
LEVEL = 0.05
ALL = "all languages"


@dataclass(frozen=True)
class Outcome:
    """How one message was read."""

    right: bool  # the intent; in the danger sets, where none is given, whether it is danger
    alarm: bool  # model and danger guard together took it for danger


@dataclass(frozen=True)
class Figures:
    """How a model read every unseen message, by the mark of the message."""

    code: str  # a hash of the code and guard that read: others may read otherwise
    outcomes: Mapping[str, Outcome]

    def covers(self, sets: Sets) -> bool:
        """Say whether every message of the sets has been read."""
        return all(mark(example) in self.outcomes for _, _, example in _each(sets))


@dataclass(frozen=True)
class Verdict:
    """What speaks against a model."""

    lost: tuple[str, ...]  # emergencies no longer seen, as file:line
    drops: tuple[str, ...]  # other figures that fell too far, in words

    @property
    def good(self) -> bool:
        """Say whether nothing does."""
        return not self.lost and not self.drops

    def lines(self) -> list[str]:
        """Tell it to an operator."""
        told = [f"  an emergency that was seen is lost: {name}" for name in self.lost]
        return told + [f"  {drop}" for drop in self.drops]


def mark(example: Example) -> str:
    """Name a message and what is expected of it without its words."""
    expected = [example["text"], example.get("intent"), in_danger(example)]
    return hashlib.sha256(json.dumps(expected).encode()).hexdigest()[:16]


def figures_of(pairs: PairSets, code: str) -> Figures:
    """Keep of readings what is needed to compare them."""
    outcomes = {}
    for example, reading in (pair for held in pairs.values() for pair in held):
        alarm = bool(reading["emergency"])
        meant, read = example.get("intent"), reading["intent"]
        right = read == meant if meant else alarm == in_danger(example)
        outcomes[mark(example)] = Outcome(right, alarm)
    return Figures(code, outcomes)


def save(figures: Figures, pairs: PairSets, file: Path) -> None:
    """Write a model's figures: a summary to read, and each message's outcome to compare."""
    summary = {stem: _summary(held) for stem, held in pairs.items()}
    told = {name: [one.right, one.alarm] for name, one in figures.outcomes.items()}
    plain = {"code": figures.code, "sets": summary, "messages": told}
    fresh = file.with_suffix(".part")
    fresh.write_text(json.dumps(plain), encoding="utf-8")
    fresh.replace(file)


def _summary(pairs: Sequence[Pair]) -> dict[str, int]:
    """Count what a reader wants to know of one set."""
    danger = [reading["emergency"] for example, reading in pairs if in_danger(example)]
    other = [reading["emergency"] for example, reading in pairs if not in_danger(example)]
    told = [(e["intent"], reading["intent"]) for e, reading in pairs if "intent" in e]
    counts = {"n": len(pairs), "emergencies": len(danger), "emergencies_seen": sum(danger)}
    counts["false_alarms"] = sum(other)
    return {**counts, "intent_right": sum(a == b for a, b in told)} if told else counts


def load(file: Path) -> Figures | None:
    """Read a model's figures; None where there are none that can be read."""
    try:
        plain = json.loads(file.read_text(encoding="utf-8"))
        told = {name: Outcome(*map(bool, pair)) for name, pair in plain["messages"].items()}
        return Figures(str(plain["code"]), told)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def compare(old: Figures, new: Figures, sets: Sets) -> Verdict:
    """Say what of the new model's reading is worse than the old one's, message by message."""
    lost: list[str] = []
    intents = dict.fromkeys([*sets, ALL], (0, 0))
    alarms = dict.fromkeys([*sets, ALL], (0, 0))
    for stem, line, example in _each(sets):
        before, now = old.outcomes[mark(example)], new.outcomes[mark(example)]
        if "intent" in example:
            _count(intents, stem, worse=before.right and not now.right,
                   better=now.right and not before.right)  # fmt: skip
        if not in_danger(example):
            _count(alarms, stem, worse=now.alarm and not before.alarm,
                   better=before.alarm and not now.alarm)  # fmt: skip
        elif before.alarm and not now.alarm:
            lost.append(f"{stem}.jsonl:{line}")
    drops = [*_drops(intents, "intents right"), *_drops(alarms, "false alarms")]
    return Verdict(tuple(lost), tuple(drops))


def _each(sets: Sets) -> Iterator[tuple[str, int, Example]]:
    for stem, examples in sets.items():
        for line, example in enumerate(examples, start=1):
            yield stem, line, example


def _count(counts: dict[str, tuple[int, int]], stem: str, *, worse: bool, better: bool) -> None:
    for name in (stem, ALL):
        counts[name] = (counts[name][0] + worse, counts[name][1] + better)


def _drops(counts: Mapping[str, tuple[int, int]], what: str) -> Iterator[str]:
    """Tell where more than one message is lost, and more than chance alone would take."""
    for name, (worse, better) in counts.items():
        chance = mcnemar(worse, better)
        if worse - better > 1 and chance < LEVEL:
            yield f"{what}, {name}: {worse} worse, {better} better (chance {chance:.3f})"
