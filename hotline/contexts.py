"""What stands around words of danger and makes them something else: denied, past, in a film."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from hotline.phrases import BREAK, Phrase, compiled

_WINDOW = 10
_FAR = 1_000_000
# A context phrase with its gaps begins at most so many words away.
_FURTHEST = 3 * _WINDOW
SIDES = ("just_before", "just_after", "near", "before", "after", "not_if", "not_if_nearer")


@dataclass(frozen=True, slots=True)
class Context:
    """Words around a match that make it something else than danger now.

    ``just_before`` and ``just_after`` touch the match, ``near`` is on either side; ``before`` and
    ``after`` must both be there when both are given. ``not_if`` makes the danger present again.
    """

    just_before: tuple[str, ...] = ()
    just_after: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    not_if: tuple[str, ...] = ()
    not_if_nearer: tuple[str, ...] = ()


class Surroundings:
    """Where in a message the words stand that take danger back, or make it present again."""

    def __init__(self, tokens: Sequence[str], found: Iterator[tuple[Phrase, int, int]]) -> None:
        self._places: dict[str, list[tuple[int, int]]] = {}
        for phrase, start, end in found:
            self._places.setdefault(phrase.meaning, []).append((start, end))
        self._present = {meaning.split()[0] for meaning in self._places}
        self._sentence = list(accumulate(int(token == BREAK) for token in tokens))

    def exempt(self, name: str, context: Context, start: int, end: int) -> bool:
        """Say whether a context takes back the match between two positions."""
        if name not in self._present:
            return False
        if self._nearest(f"{name} not_if", start, end) <= _WINDOW:
            return False
        reach = self._reach(name, context, start, end)
        return reach <= _WINDOW and self._nearest(f"{name} not_if_nearer", start, end) >= reach

    def _reach(self, name: str, context: Context, start: int, end: int) -> int:
        """Measure how far off the context stands, in words; beyond the window it is absent."""
        before = self._before(f"{name} before", start)
        after = self._after(f"{name} after", end, breaks=1)
        pair = max(before, after) if context.before and context.after else min(before, after)
        touching = min(
            self._before(f"{name} just_before", start),
            self._after(f"{name} just_after", end, breaks=0),
        )
        return min(
            pair,
            0 if touching == 0 else _FAR,
            self._before(f"{name} near", start),
            self._after(f"{name} near", end, breaks=0),
        )

    def _before(self, meaning: str, start: int) -> int:
        nearest = _FAR
        for first, last in self._close(meaning, start, start):
            if last <= start and start - last < nearest and self._breaks(first, start) == 0:
                nearest = start - last
        return nearest

    def _after(self, meaning: str, end: int, breaks: int) -> int:
        for first, _ in self._close(meaning, end, end):
            if end <= first:
                return first - end if self._breaks(end - 1, first) <= breaks else _FAR
        return _FAR

    def _nearest(self, meaning: str, start: int, end: int) -> int:
        nearest = _FAR
        for first, last in self._close(meaning, start, end):
            nearest = min(nearest, max(first - end, start - last, 0))
        return nearest

    def _close(self, meaning: str, start: int, end: int) -> Sequence[tuple[int, int]]:
        places = self._places.get(meaning)
        if not places:
            return ()
        low = bisect_left(places, (start - _FURTHEST, 0))
        return places[low : bisect_left(places, (end + _FURTHEST, 0))]

    def _breaks(self, first: int, last: int) -> int:
        return self._sentence[last] - self._sentence[first]


def context_phrases(
    contexts: Mapping[str, Context], groups: Mapping[str, frozenset[str]]
) -> Iterator[Phrase]:
    """Yield the compiled phrases of all contexts; each means its context and side."""
    for name, context in contexts.items():
        for side in SIDES:
            for text in getattr(context, side):
                yield compiled(text, f"{name} {side}", groups)
