"""A stretch of a text that names something, and what to do where two overlap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# What comes first wins: a ticket code holds digits, a firm's name may hold a city.
ORDER = (
    "ticket_code",
    "licence_no",
    "phone",
    "date",
    "amount",
    "recruiter",
    "country",
    "region",
    "occupation",
)


@dataclass(frozen=True)
class Span:
    """A stretch of the caller's text and the kind of thing it names."""

    kind: str
    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Say whether two spans share a letter."""
        return self.start < other.end and other.start < self.end


def settle(spans: Iterable[Span]) -> list[Span]:
    """Keep, where spans overlap, the kind that comes first in the order, then the longest."""
    chosen: list[Span] = []
    order = {kind: place for place, kind in enumerate(ORDER)}
    for span in sorted(spans, key=lambda s: (order.get(s.kind, 99), s.start - s.end, s.start)):
        if not any(span.overlaps(other) for other in chosen):
            chosen.append(span)
    return sorted(chosen, key=lambda s: s.start)
