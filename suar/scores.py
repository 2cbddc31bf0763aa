"""Figures that say how well messages are read: shares with their doubt, F1, calibration."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# 95 % of the normal distribution lies within this many standard deviations.
_Z = 1.959964


@dataclass(frozen=True)
class Share:
    """A count out of a total."""

    hits: int
    total: int

    @property
    def value(self) -> float:
        """The share, or not-a-number where there was nothing to count."""
        return self.hits / self.total if self.total else math.nan

    def interval(self) -> tuple[float, float]:
        """Return Wilson's 95 % interval, which also holds for few and for extreme counts."""
        if not self.total:
            return math.nan, math.nan
        squared = _Z * _Z
        middle = (self.hits + squared / 2) / (self.total + squared)
        spread = math.sqrt(self.hits * (self.total - self.hits) / self.total + squared / 4)
        half = _Z * spread / (self.total + squared)
        # Of all or none the interval ends at the share itself, also where the sum is rounded.
        low = middle - half if self.hits else 0.0
        return low, middle + half if self.hits < self.total else 1.0

    def __str__(self) -> str:
        """Show the share with its interval, or a dash."""
        if not self.total:
            return "-"
        low, high = self.interval()
        return f"{self.value:.3f} ({low:.2f}-{high:.2f})"


def share(outcomes: Iterable[bool]) -> Share:
    """Count the true ones."""
    counted = Counter(outcomes)
    return Share(counted[True], counted.total())


def f1(pairs: Iterable[tuple[Iterable[tuple[str, str]], Iterable[tuple[str, str]]]]) -> float:
    """Return the micro F1 of (expected, found) pairs; not-a-number where nothing is expected."""
    right = expected_count = found_count = 0
    for expected, found in pairs:
        wanted, got = Counter(expected), Counter(found)
        right += (wanted & got).total()
        expected_count += wanted.total()
        found_count += got.total()
    if not expected_count:
        return math.nan
    return 2 * right / (expected_count + found_count)


def calibration_error(sure_and_right: Sequence[tuple[float, bool]], *, bins: int = 10) -> float:
    """Return the expected calibration error: how far confidence lies from being right."""
    if not sure_and_right:
        return math.nan
    total = 0.0
    for number in range(bins):
        held = [p for p in sure_and_right if min(int(p[0] * bins), bins - 1) == number]
        total += abs(sum(sure for sure, _ in held) - sum(right for _, right in held))
    return total / len(sure_and_right)


def mcnemar(lost: int, gained: int) -> float:
    """Return how likely so uneven a change is by chance: McNemar's exact test, two-sided.

    Only messages read differently count: `lost` were right before, `gained` are right now.
    """
    changed = lost + gained
    rarer = sum(math.comb(changed, k) for k in range(min(lost, gained) + 1))
    return min(1.0, 2.0 * rarer / 2.0**changed)


def reliability(
    sure_and_right: Sequence[tuple[float, bool]], *, bins: int = 10
) -> list[tuple[int, float, Share]]:
    """Return, for each band of confidence that occurs, its number, mean confidence and share."""
    found = []
    for number in range(bins):
        held = [p for p in sure_and_right if min(int(p[0] * bins), bins - 1) == number]
        if held:
            mean = sum(sure for sure, _ in held) / len(held)
            found.append((number, mean, share(right for _, right in held)))
    return found
