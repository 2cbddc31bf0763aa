"""Percentiles, tables, and the sections of docs/benchmarks.md that the benchmarks write."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from hotline.settings import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"


def percentile(values: Iterable[float], p: float) -> float:
    """Give the value that `p` in 100 do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * p / 100), len(ordered) - 1)]


def mean(values: Sequence[float]) -> float:
    """Give the mean."""
    return sum(values) / len(values)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Build a Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def circumstances() -> str:
    """Say when and on what machine a benchmark begins, and how busy that is."""
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    day = datetime.now(UTC).date().isoformat()
    return f"{day}, {os.cpu_count()} processors, load average at the start {load}"


def write_section(name: str, text: str, *, by: str = "") -> None:
    """Put a benchmark's text between its two marks in docs/benchmarks.md, and print it.

    `by` is the script's name where it is not the section's.
    """
    print(text)
    begin = f"<!-- {name}: written by benchmarks/{by or name}.py -->"
    end = f"<!-- end of {name} -->"
    page = PAGE.read_text(encoding="utf-8")
    if begin not in page:
        page = page.rstrip("\n") + f"\n\n{begin}\n{end}\n"
    before, rest = page.split(begin, 1)
    after = rest.split(end, 1)[1]
    PAGE.write_text(f"{before}{begin}\n{text.strip()}\n{end}{after}", encoding="utf-8")
