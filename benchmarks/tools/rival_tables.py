"""The tables of benchmarks/classifiers.py, and the picture beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from benchmarks.tools.figures import table
from benchmarks.tools.rival_figures import OURS, Answer, together

# Asked together with ours, as DIET is; which of them helps is seen, not chosen.
BESIDE = (
    "letters and words, logistic regression",
    "letters and words, multinomial naive Bayes",
    "sentence embedding, logistic regression",
)
DRAWN = (
    OURS,
    "ours with sentence embedding",
    "letters and words, logistic regression",
    "letters and words, multinomial naive Bayes",
    "words, linear SVM",
    "sentence embedding, linear SVM",
)
STOCK = "langdetect as installed"
SETS = ("5 words", "10 words", "whole", "short sentences", "unseen")


def with_pairs(answers: Sequence[Answer]) -> list[Answer]:
    """Add what ours says together with some others, DIET trained longest among them."""
    if not answers:
        return []
    diets = sorted((a for a in answers if is_diet(a)), key=lambda answer: answer.seconds)
    others = [a for a in answers if a.name in BESIDE] + diets[-1:]
    return [*answers, *(together(answers[0], other) for other in others)]


def is_diet(answer: Answer) -> bool:
    """Say whether an answer is DIET's own."""
    return answer.name.startswith("DIET")


def _ahead(answer: Answer, ours: Answer) -> str:
    if answer is ours:
        return ""
    difference, half = answer.ahead_of(ours)
    return f"{difference:+.3f} ± {half:.3f}"


def intents(answers: Sequence[Answer]) -> str:
    """Return one line a way of reading: how right, how sure, at what cost."""
    headings = [
        "read by", "right", "against ours", "macro-F1", "log-loss", "calibration error",
        "training, s", "p50, ms", "MB", "C, alpha or epochs", "held out",
    ]  # fmt: skip
    rows = [
        [
            a.name,
            str(a.accuracy()),
            _ahead(a, answers[0]),
            f"{a.macro_f1():.3f}",
            f"{a.surprise():.3f}",
            f"{a.calibration():.3f}",
            f"{a.seconds:.0f}" if a.seconds >= 10 else f"{a.seconds:.1f}",
            f"{a.ms:.1f}",
            f"{a.mb:.1f}",
            a.setting,
            "" if math.isnan(a.held_out) else f"{a.held_out:.3f}",
        ]
        for a in answers
    ]
    return table(headings, rows)


def by_language(answers: Sequence[Answer]) -> str:
    """Return one line a way of reading, and one column a language with its interval."""
    codes = list(dict.fromkeys(answers[0].languages))
    headings = ["right", *(f"{c} ({list(answers[0].languages).count(c)})" for c in codes)]
    rows = [[a.name, *(_short(a, code) for code in codes)] for a in answers]
    return table(headings, rows)


def _short(answer: Answer, code: str) -> str:
    found = answer.accuracy(code)
    low, high = found.interval()
    return f"{found.value:.2f} ({low:.2f}-{high:.2f})"


def percent(answer: Answer, code: str) -> str:
    """Return a share in percent with its standard error."""
    found = answer.accuracy(code)
    error = math.sqrt(found.value * (1 - found.value) / found.total)
    return f"{100 * found.value:.1f} ± {100 * error:.1f}"


def massive(one: Sequence[Answer], both: Sequence[Answer]) -> str:
    """Return one line a way of reading, trained on Indonesian alone and on both languages."""
    second = {answer.name: answer for answer in both}
    headings = ["read by", "id: id", "id: jv", "id and jv: id", "id and jv: jv"]
    rows = []
    for answer in one:
        other = second.get(answer.name)
        shares = [percent(answer, "id"), percent(answer, "jv")]
        shares += [percent(other, "id"), percent(other, "jv")] if other else ["-", "-"]
        rows.append([answer.name, *shares])
    return table(headings, rows)


def languages(answers: Sequence[Answer]) -> str:
    """Return one line a way of telling languages: how right on each set, at what cost."""
    headings = ["told by", *(f"{s} ({answers[0].accuracy(among=s).total})" for s in SETS)]
    rows = [
        [
            a.name,
            *(str(a.accuracy(among=s)) for s in SETS),
            f"{a.seconds:.0f}" if a.seconds else "-",
            f"{a.ms:.1f}",
        ]
        for a in answers
    ]
    return table([*headings, "training, s", "p50, ms"], rows)


def languages_apart(answers: Sequence[Answer]) -> str:
    """Return how often each language is told, on the sets that are hardest and on our own."""
    codes = sorted(set(answers[0].languages))
    headings = ["set", "told by", *codes]
    rows = []
    for name in ("5 words", "short sentences", "unseen"):
        for a in (answer for answer in answers if answer.name != STOCK):
            found = [a.accuracy(code, name) for code in codes]
            rows.append([name, a.name, *(f"{f.value:.2f}" if f.total else "-" for f in found)])
    return table(headings, rows)


def draw(answers: Sequence[Answer], picture: Path) -> None:
    """Draw the share right by language, ours with its interval against some others."""
    # matplotlib belongs to development: an installation measures nothing.
    from matplotlib.figure import Figure

    diets = sorted((a.name for a in answers if is_diet(a)), key=lambda name: int(name.split()[1]))
    chosen = [a for name in (*DRAWN, *diets[-1:]) for a in answers if a.name == name]
    codes = ["all", *dict.fromkeys(answers[0].languages)]
    figure = Figure(figsize=(11, 5), layout="constrained")
    axes = figure.subplots()
    for number, answer in enumerate(chosen):
        shares = [answer.accuracy(None if code == "all" else code) for code in codes]
        places = [at + (number - (len(chosen) - 1) / 2) * 0.13 for at in range(len(codes))]
        values = [found.value for found in shares]
        low = [found.value - found.interval()[0] for found in shares]
        high = [found.interval()[1] - found.value for found in shares]
        axes.errorbar(
            places, values, yerr=[low, high], fmt="os^Dv*P"[number % 7], label=answer.name,
            markersize=7 if answer.name == OURS else 5, elinewidth=0.8,
        )  # fmt: skip
    axes.set_xticks(range(len(codes)), codes)
    axes.set_xlabel("language of the unseen messages")
    axes.set_ylabel("intents read right, with 95 % intervals")
    axes.grid(axis="y", alpha=0.3)
    figure.legend(loc="outside upper center", ncols=4, fontsize=8)
    picture.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(picture, dpi=110)
