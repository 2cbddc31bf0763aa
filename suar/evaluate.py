"""The command behind `make eval`: how well unseen messages are read, language by language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TextIO

from hotline.settings import ROOT
from suar import figures
from suar.gate import CannotCompare, Judge, Tell, beside
from suar.scores import Share, calibration_error, f1, reliability, share
from suar.unseen import DANGER_FILES, Example, Pair, in_danger, read_pairs

REPORT = ROOT / "docs" / "evaluation.md"
PICTURE = ROOT / "docs" / "images" / "confusion.png"
READS_WORSE = 1
# What the table of each danger set says of it.
DANGER_WORDS = {
    "danger": "Messages written to test whether danger is seen, and look-alikes that are none.",
    "danger_more": (
        "A harder set: text-message shorthand, debts, organs, danger without a word of alarm; "
        "questions, denials and stories as look-alikes. Written before the guard's rules were "
        "widened, but by the same author, who looked at its figures while doing so."
    ),
    "answers": (
        "Answers to what the bot asks within a report: 70 plain ones (where, who, when to "
        "write), and 30 in which danger comes up. Written when plain answers were found to ring."
    ),
    "general": (
        "General texts that have nothing to do with a hotline (reviews, news, complaints, "
        "everyday talk), a good part with words that also stand in reports."
    ),
}
MOST_CONFUSED = 15
PREFACE = (
    "Measured on {day} by `make eval` on messages in `tests/nlu/unseen`, which no model was "
    "trained on. An interval in brackets holds the true share with 95 % certainty (Wilson) for "
    "messages like these. An emergency counts as seen when the danger guard and the model "
    "together take it for one, as they do for callers.\n\n"
    "The messages of a language were written apart from its training examples, by another "
    "author. **No native speaker has checked those in Javanese, Sundanese or any "
    "of the nine regional languages** (ace, ban, bbc, bjn, bug, mad, min, mkn, sas): what is "
    "wrong in them is measured as if callers wrote so. Each of the nine has 75 messages, 14 of "
    "them emergencies, so their intervals are wide: two languages whose intervals overlap have "
    "not been shown to differ.\n\n"
    "Read the intent figures as an upper bound: these messages are plainer than the training "
    "examples, on which cross-validation is far lower. See "
    "[the decision record](decisions/2026-11-22-nlu-pipeline.md). What keeps a new model from "
    "reading worse than the one in use stands in [another](decisions/2026-11-22-model-gate.md)."
)


def emergency_shares(pairs: Iterable[Pair]) -> tuple[Share, Share]:
    """Return how many emergencies are seen, and how many other messages raise a false alarm."""
    told = [(in_danger(example), reading["emergency"]) for example, reading in pairs]
    return (
        share(alarm for danger, alarm in told if danger),
        share(alarm for danger, alarm in told if not danger),
    )


def _entities(message: Example) -> list[tuple[str, str]]:
    return [(e["entity"], e["value"].strip().lower()) for e in message.get("entities") or []]


def row_of(name: str, pairs: Sequence[Pair]) -> list[str]:
    """Return the table's row for the examples of one language."""
    right = [(reading["confidence"], reading["intent"] == e["intent"]) for e, reading in pairs]
    seen, false = emergency_shares(pairs)
    return [
        name,
        str(len(pairs)),
        str(share(ok for _, ok in right)),
        str(seen),
        str(false),
        f"{f1((_entities(e), _entities(reading)) for e, reading in pairs):.3f}",
        str(share(reading["language"] == e.get("language") for e, reading in pairs)),
        f"{calibration_error(right):.3f}",
    ]


HEADINGS = [
    "language",
    "n",
    "intent right",
    "emergencies seen",
    "false alarms",
    "entity F1",
    "language right",
    "calibration error",
]


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def entity_rows(pairs: Sequence[Pair]) -> list[list[str]]:
    """Return, for each kind of entity, how many are expected and the F1."""
    told = [(_entities(e), _entities(reading)) for e, reading in pairs]
    counts = Counter(kind for expected, _ in told for kind, _ in expected)
    return [
        [kind, str(n), f"{f1((_only(kind, e), _only(kind, r)) for e, r in told):.3f}"]
        for kind, n in counts.most_common()
    ]


def _only(kind: str, entities: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [entity for entity in entities if entity[0] == kind]


def confused(pairs: Sequence[Pair]) -> Counter[tuple[str, str]]:
    """Count the pairs of intents taken one for the other."""
    return Counter(
        (e["intent"], reading["intent"] or "nothing")
        for e, reading in pairs
        if e["intent"] != reading["intent"]
    )


def danger_table(pairs: Sequence[Pair]) -> str:
    """Return how much danger is seen and how often a look-alike rings, language by language."""
    rows = [
        [code, *map(str, emergency_shares([p for p in pairs if p[0].get("language") == code]))]
        for code in sorted({str(example.get("language")) for example, _ in pairs})
    ]
    rows.append(["all", *map(str, emergency_shares(pairs))])
    return table(["language", "seen", "false alarms"], rows)


def calibration_table(pairs: Sequence[Pair]) -> str:
    """Return how often the model is right where it is so sure: the two should be alike."""
    told = [(reading["confidence"], reading["intent"] == e["intent"]) for e, reading in pairs]
    rows = [
        [f"{low / 10:.1f} to {(low + 1) / 10:.1f}", str(right.total), f"{sure:.2f}", str(right)]
        for low, sure, right in reliability(told)
    ]
    return table(["confidence", "n", "mean confidence", "right"], rows)


def report(
    by_language: Mapping[str, Sequence[Pair]], dangers: Mapping[str, Sequence[Pair]], today: date
) -> str:
    """Return docs/evaluation.md; the danger sets come by what is said of each."""
    everything = [pair for pairs in by_language.values() for pair in pairs]
    rows = [row_of(code, pairs) for code, pairs in by_language.items()]
    if len(by_language) > 1:
        rows.append(row_of("all", everything))
    wrong = [[a, b, str(n)] for (a, b), n in confused(everything).most_common(MOST_CONFUSED)]
    danger_parts = [part for said, pairs in dangers.items() for part in (said, danger_table(pairs))]
    return (
        "\n\n".join(
            [
                "# How well messages are read",
                PREFACE.format(day=today.isoformat()),
                "## By language",
                table(HEADINGS, rows),
                "## Danger",
                *danger_parts,
                "## Calibration, all languages",
                "Where the model is sure, it should be right as often as it says.",
                calibration_table(everything),
                "## Entities, all languages",
                table(["entity", "n", "F1"], entity_rows(everything)),
                "## Most often confused",
                table(["meant", "read as", "times"], wrong),
                "![Intents meant against intents read](images/confusion.png)",
            ]
        )
        + "\n"
    )


def draw_confusion(pairs: Sequence[Pair], picture: Path) -> None:
    """Draw how often each intent is read as each other one, as shares of a row."""
    # matplotlib belongs to development: an installation evaluates nothing.
    from matplotlib.figure import Figure

    names = sorted({e["intent"] for e, _ in pairs} | {r["intent"] or "nothing" for _, r in pairs})
    place = {name: i for i, name in enumerate(names)}
    counts = [[0.0] * len(names) for _ in names]
    for example, reading in pairs:
        counts[place[example["intent"]]][place[reading["intent"] or "nothing"]] += 1
    shares = [[n / (sum(line) or 1) for n in line] for line in counts]
    figure = Figure(figsize=(14, 13), layout="constrained")
    axes = figure.subplots()
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set_xlabel("read as")
    axes.set_ylabel("meant")
    for y, line in enumerate(counts):
        for x, n in enumerate(line):
            if n:
                tone = "white" if shares[y][x] > 0.5 else "black"
                axes.text(x, y, f"{n:.0f}", ha="center", va="center", fontsize=7, color=tone)
    figure.colorbar(image, shrink=0.6, label="share of the messages meant so")
    picture.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(picture, dpi=110)


def run(
    out: TextIO, *, model: Path, used: Path | None, judge: Judge, today: date, tell: Tell
) -> int:
    """Measure on the unseen messages, print the table and write the report with its picture.

    Keeps the figures beside the model; 1 when it reads worse than `used`, the model in use.
    """
    if not judge.sets:
        out.write("no unseen messages in tests/nlu/unseen\n")
        return 1
    pairs = read_pairs(judge.sets, model=model, guard=judge.guard, command=judge.command)
    figures.save(figures.figures_of(pairs, judge.code), pairs, beside(model))
    by_language = {stem: held for stem, held in pairs.items() if stem not in DANGER_FILES}
    heard = {DANGER_WORDS[stem]: pairs[stem] for stem in DANGER_FILES if stem in pairs}
    text = report(by_language, heard, today)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(text, encoding="utf-8")
    draw_confusion([pair for held in by_language.values() for pair in held], PICTURE)
    out.write(text)
    return compare(out, model=model, used=used, judge=judge, tell=tell)


def compare(out: TextIO, *, model: Path, used: Path | None, judge: Judge, tell: Tell) -> int:
    """Say whether a model reads worse than the one in use; 1 when it does."""
    if used is None or used == model:
        out.write(f"\n{model.name} is the model in use: there is nothing to compare it with\n")
        return 0
    try:
        verdict = judge.compare(used, model, tell)
    except CannotCompare as reason:
        out.write(f"\nno comparison with the model in use: {reason}\n")
        return 0
    if verdict.good:
        out.write(f"\n{model.name} reads no worse than {used.name}, the model in use\n")
        return 0
    out.write(f"\n{model.name} reads worse than {used.name}, the model in use:\n")
    out.write("\n".join(verdict.lines()) + "\n")
    return READS_WORSE
