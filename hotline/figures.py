"""What the figures page counts with: periods, ages of a backlog, one region for each ticket."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

DAY = 86_400.0
WEEK = 7 * DAY
JAKARTA = 7 * 3600.0
_THURSDAY = 3 * DAY  # 1 January 1970 was one; weeks begin on Monday

# Upper bounds of a backlog's ages in days; the last group is open.
AGES = (1, 3, 7, 30)
SEVERAL = "several"  # more than one province or country was named


class Period(StrEnum):
    """How far back the figures go."""

    MONTH = "4w"
    QUARTER = "13w"
    YEAR = "52w"
    ALL = "all"


_WEEKS = {Period.MONTH: 4, Period.QUARTER: 13, Period.YEAR: 52}


def since(period: Period, now: float) -> float:
    """Say when a period began: on a Monday, so that no week is cut."""
    weeks = _WEEKS.get(period)
    return 0.0 if weeks is None else week_start(week_of(now) - weeks + 1)


def week_of(moment: float) -> int:
    """Number the weeks since 1970, Monday to Sunday in Jakarta."""
    return math.floor((moment + JAKARTA + _THURSDAY) / WEEK)


def week_start(week: int) -> float:
    """Give the moment at which a numbered week begins."""
    return week * WEEK - JAKARTA - _THURSDAY


def months(by_day: Mapping[int, int]) -> dict[str, int]:
    """Add counts by days since 1970 up to months ("2026-11"), oldest first."""
    found: dict[str, int] = {}
    for day, count in sorted(by_day.items()):
        name = datetime.fromtimestamp(day * DAY, UTC).strftime("%Y-%m")
        found[name] = found.get(name, 0) + count
    return found


@dataclass(frozen=True)
class Waiting:
    """How long callers waited for the first human answer, in seconds."""

    answered: int
    in_time: int
    unanswered: int
    overdue: int  # of the unanswered
    median: float | None
    ninetieth: float | None


def ranked(times: Mapping[float, int], share: float) -> float | None:
    """Give the time that a share of all does not exceed: one that somebody waited, by nearest rank.

    `times` says how often each time was counted; None when there is none.
    """
    rank = math.ceil(share * sum(times.values()))
    for time in sorted(times):
        rank -= times[time]
        if rank <= 0:
            return time
    return None


def place(lowest: str, highest: str, regency: str | None) -> str:
    """Choose the one region a ticket counts for, from the least and the greatest code named.

    `regency` is the only regency named, if there is one. A ticket must count once, or the cells
    would not add up to the total and nobody could say what hiding one of them hides.
    """
    if lowest[:2] != highest[:2]:
        return SEVERAL
    return regency or lowest[:2]


def nested(counts: Mapping[str, int], codes: Sequence[str]) -> dict[str, dict[str, int]]:
    """Sort counts by region into provinces and their regencies.

    Every code of the national table gets its cell, so that a nought is told from a hidden count;
    a province's own code holds the tickets of which no single regency is known.
    """
    found: dict[str, dict[str, int]] = {}
    for code in codes:
        found.setdefault(code[:2], {})[code] = counts.get(code, 0)
    found[SEVERAL] = {SEVERAL: counts.get(SEVERAL, 0)}
    return found
