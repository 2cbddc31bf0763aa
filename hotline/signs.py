"""Weighs small signs of danger together: each says little alone, several at once say much."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hotline.phrases import Phrase, PhraseIndex, compiled

# Signs belong together when they begin within so many words of each other: any long text has
# a few of them somewhere.
_STRETCH = 20
# What calms may stand this far before or after the stretch it speaks of.
_EARSHOT = 40


@dataclass(frozen=True, slots=True)
class Sign:
    """One kind of sign: phrases and what they weigh; a weight below zero calms."""

    id: str
    weight: float
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """The signs, the weight from which they ring, and what a danger rule weighs among them.

    Faint signs (who, when, a plea) add to others; a stretch of nothing else never rings. A sign
    right after one of ``denied_by`` ("not locked in") weighs nothing. From the weight ``sure`` on
    it is danger even in a message that is a question or a story as a whole.
    """

    signs: tuple[Sign, ...] = ()
    ring: float = 0.0
    rule: float = 0.0
    sure: float = float("inf")
    faint: frozenset[str] = frozenset()
    denied_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Weighed:
    """The heaviest stretch of a message: its weight and the signs that made it heavy."""

    weight: float
    words: tuple[str, ...] = ()


@dataclass(slots=True)
class Balance:
    """Weighs the signs of a message, compiled once."""

    scale: Scale
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    _index: PhraseIndex = field(init=False)
    _weights: dict[str, float] = field(init=False)

    def __post_init__(self) -> None:
        """Compile the signs.

        Raises ValueError for a phrase that cannot be read.
        """
        self._weights = {sign.id: sign.weight for sign in self.scale.signs}
        self._index = PhraseIndex(list(self._phrases()))

    def knows(self, token: str) -> bool:
        """Say whether a token fits any place of any sign."""
        return self._index.knows(token)

    def heaviest(self, tokens: Sequence[str], ruled: Sequence[int]) -> Weighed:
        """Weigh every stretch of a message; the positions are those where a danger rule rang."""
        raising: list[tuple[int, int, str]] = [(place, place, "") for place in ruled]
        calming: list[tuple[int, str]] = []
        for phrase, start, end in self._index.found(tokens):
            if self._weights[phrase.meaning] > 0:
                if start and tokens[start - 1] in self.scale.denied_by:
                    continue
                raising.append((start, end, phrase.meaning))
            else:
                calming.append((start, phrase.meaning))
        raising.sort()
        best = Weighed(float("-inf"))
        for number, (first, _, _) in enumerate(raising):
            seen: dict[str, tuple[int, int]] = {}
            for start, end, name in raising[number:]:
                if start >= first + _STRETCH:
                    break
                seen.setdefault(name, (start, end))
            if seen.keys() <= self.scale.faint:
                continue
            weight = sum(map(self._weight, seen)) + self._calm(calming, first)
            if weight > best.weight:
                words = (" ".join(tokens[start:end]) for start, end in seen.values())
                best = Weighed(weight, tuple(filter(None, words)))
        return best

    def _calm(self, calming: Sequence[tuple[int, str]], first: int) -> float:
        low, high = first - _EARSHOT, first + _STRETCH + _EARSHOT
        return sum(map(self._weight, {name for start, name in calming if low < start < high}))

    def _weight(self, name: str) -> float:
        return self._weights[name] if name else self.scale.rule

    def _phrases(self) -> list[Phrase]:
        return [
            compiled(text, sign.id, self.groups)
            for sign in self.scale.signs
            for text in sign.phrases
        ]
