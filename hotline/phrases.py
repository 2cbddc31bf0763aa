"""A small phrase language for rules that people who are not programmers write.

A phrase is words with spaces between them. ``a|b`` is either word, ``pukul*`` any word that
begins so, ``<me>`` any word of that group, ``<number>`` a number, ``kata?`` a word that may be
missing, ``..`` up to four words in between, ``^`` and ``$`` the start and the end of the message.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hotline.folding import squeezed

BREAK = "."
_GAP = 4
_STEM = 3


@dataclass(frozen=True, slots=True)
class Step:
    """What one place of a phrase accepts."""

    words: frozenset[str] = frozenset()
    stems: tuple[str, ...] = ()
    number: bool = False
    optional: bool = False
    gap: bool = False

    def accepts(self, token: str) -> bool:
        """Say whether a token fits this place."""
        return (
            token in self.words
            or bool(self.stems and token.startswith(self.stems))
            or (self.number and token.isdigit())
        )


@dataclass(frozen=True, slots=True)
class Phrase:
    """A compiled phrase and what it stands for."""

    meaning: str
    steps: tuple[Step, ...]
    at_start: bool
    at_end: bool
    needed: tuple[frozenset[str], ...]

    def fits_into(self, present: frozenset[str]) -> bool:
        """Say whether the words this phrase cannot do without are in a text at all."""
        # A loop and not all(): this is the busiest place of the guard.
        for words in self.needed:  # noqa: SIM110
            if words.isdisjoint(present):
                return False
        return True

    def begins_with(self, token: str) -> bool:
        """Say whether a token fits the first place."""
        return self.steps[0].accepts(token)

    def end_from(self, tokens: Sequence[str], start: int) -> int:
        """Match from a position whose token fits the first place; give the end, or -1."""
        if self.at_start and start:
            return -1
        if len(self.steps) == 1 and not self.at_end:
            return start + 1
        return self._end(tokens, start + 1, 1)

    def _end(self, tokens: Sequence[str], at: int, number: int) -> int:
        if number == len(self.steps):
            return at if not self.at_end or at == len(tokens) else -1
        step = self.steps[number]
        if step.gap:
            return self._end_after_gap(tokens, at, number + 1)
        if at < len(tokens) and step.accepts(tokens[at]):
            end = self._end(tokens, at + 1, number + 1)
            if end >= 0:
                return end
        return self._end(tokens, at, number + 1) if step.optional else -1

    def _end_after_gap(self, tokens: Sequence[str], at: int, number: int) -> int:
        sure = number < len(self.steps) and not self.steps[number].optional
        for place in range(at, at + _GAP + 1):
            here = tokens[place] if place < len(tokens) else BREAK
            if not sure or self.steps[number].accepts(here):
                end = self._end(tokens, place, number)
                if end >= 0:
                    return end
            if here == BREAK:
                break
        return -1


def compiled(phrase: str, meaning: str, groups: Mapping[str, frozenset[str]]) -> Phrase:
    """Compile a phrase.

    Raises ValueError when it names an unknown group or begins with something not a word.
    """
    parts = phrase.split()
    at_start, at_end = parts[:1] == ["^"], parts[-1:] == ["$"]
    inner = parts[at_start : len(parts) - at_end]
    steps = tuple(_step(part, groups) for part in inner)
    if not steps or steps[0].gap or steps[0].optional or steps[0].number:
        raise ValueError(f"{phrase!r} must begin with a word")
    needed = tuple(
        step.words
        for step in steps[1:]
        if step.words and not (step.stems or step.number or step.optional)
    )
    return Phrase(meaning, steps, at_start, at_end, needed)


def _step(part: str, groups: Mapping[str, frozenset[str]]) -> Step:
    if part == "..":
        return Step(gap=True)
    optional = part.endswith("?")
    words: set[str] = set()
    stems: list[str] = []
    number = False
    for choice in part.removesuffix("?").split("|"):
        if choice == "<number>":
            number = True
        elif choice.startswith("<") and choice.endswith(">"):
            if choice[1:-1] not in groups:
                raise ValueError(f"{choice} is not a group")
            words |= groups[choice[1:-1]]
        elif choice.endswith("*"):
            if len(choice) <= _STEM:
                raise ValueError(f"{choice} is too short to stand for every word that begins so")
            stems.append(squeezed(choice[:-1]))
        else:
            words.add(squeezed(choice))
    return Step(frozenset(words), tuple(stems), number=number, optional=optional)


class PhraseIndex:
    """Finds many phrases in one pass, by the first word of each."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._by_word: dict[str, list[Phrase]] = {}
        self._by_stem: dict[str, list[Phrase]] = {}
        for phrase in phrases:
            for word in phrase.steps[0].words:
                self._by_word.setdefault(word, []).append(phrase)
            for stem in {stem[:_STEM] for stem in phrase.steps[0].stems}:
                self._by_stem.setdefault(stem, []).append(phrase)
        steps = [step for phrase in phrases for step in phrase.steps]
        self._words = frozenset(word for step in steps for word in step.words)
        self._stems = tuple({stem for step in steps for stem in step.stems})

    def knows(self, token: str) -> bool:
        """Say whether a token fits any place of any phrase."""
        return token in self._words or token.startswith(self._stems)

    def found(self, tokens: Sequence[str]) -> Iterator[tuple[Phrase, int, int]]:
        """Yield every phrase found with the start and the end of the match."""
        present = frozenset(tokens)
        possible: dict[str, list[Phrase]] = {}
        for start, token in enumerate(tokens):
            if token not in possible:
                possible[token] = [
                    one
                    for one in self._from(token)
                    if one.fits_into(present) and one.begins_with(token)
                ]
            for phrase in possible[token]:
                end = phrase.end_from(tokens, start)
                if end >= 0:
                    yield phrase, start, end

    def _from(self, token: str) -> Iterator[Phrase]:
        yield from self._by_word.get(token, ())
        yield from self._by_stem.get(token[:_STEM], ())
