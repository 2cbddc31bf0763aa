"""Hides small counts, and as many others as it takes that no hidden one follows from the total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

INTERNAL = 3  # for colleagues: fewer than so many point at somebody
PUBLISHED = 11  # for everybody: what CTDC uses


@dataclass(frozen=True)
class Table:
    """Counts that may be shown; None stands for a hidden one."""

    cells: Mapping[str, int | None]
    total: int | None

    @property
    def hidden(self) -> int:
        """Say how many cells are hidden."""
        return sum(count is None for count in self.cells.values())


def suppress(counts: Mapping[str, int], k: int) -> Table:
    """Hide counts from 1 to k - 1, and more where the total would give them away.

    Somebody who knows the total, the cells that are shown, k and this rule still finds at least
    two values for every hidden cell: a test tries all small tables. The cells are one dimension
    whose counts add up to the total; noughts are shown unless everything must be hidden.
    """
    total = sum(counts.values())
    hidden = {name for name, count in counts.items() if 0 < count < k}
    shown = sorted((name for name in counts if counts[name] >= k), key=lambda n: (counts[n], n))
    while hidden and shown and not _vague(counts, hidden, k):
        hidden.add(shown.pop(0))
    if hidden and not _vague(counts, hidden, k):
        hidden = set(counts)
    cells = {name: None if name in hidden else count for name, count in counts.items()}
    return Table(cells, total if total == 0 or total >= k else None)


def _vague(counts: Mapping[str, int], hidden: set[str], k: int) -> bool:
    """Say whether what is hidden leaves room: two cells, and enough beyond one in each.

    With less room than twice k the rule itself gives the values away: with k = 2, cells 1, 2 and
    2 of a total of 5 would be hidden as 1 and 2, and only in this order.
    """
    return len(hidden) > 1 and sum(counts[name] for name in hidden) - len(hidden) >= 2 * k


def suppress_nested(counts: Mapping[str, Mapping[str, int]], k: int) -> dict[str, Table]:
    """Hide in groups within groups: the outer table is found under the empty name.

    A group whose own count is hidden shows none of its cells, for they would add up to it.
    """
    outer = suppress({name: sum(cells.values()) for name, cells in counts.items()}, k)
    found = {"": outer}
    for name, cells in counts.items():
        if outer.cells[name] is None:
            found[name] = Table(dict.fromkeys(cells), None)
        else:
            found[name] = suppress(cells, k)
    return found
