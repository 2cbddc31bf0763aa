"""The languages callers write: their codes and names, and how much is answered in each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

# Around a language's name they say nothing else.
_AROUND = frozenset(
    "bahasa basa bhs base bahaso boso basana cakap pakai pake pakek nganggo ngangge nganggui "
    "pakiak mamakai in use saja aja wae mawon bae se haja dong ya yah pak bu kak please pls asli "
    "language melayu malay".split()
)


class Answers(StrEnum):
    """How much of what we say there is in a language."""

    FULL = "full"  # every text
    ROAD = "road"  # danger, reports, consent, the recruiter check, the most asked topics
    NONE = "none"  # nothing: it is understood, and answered in Indonesian


@dataclass(frozen=True)
class Language:
    """One language."""

    code: str
    name: str
    answers: Answers
    called: frozenset[str]  # what people call it, in small letters


@dataclass(frozen=True)
class Languages:
    """All of them, and the topics answered in those that have the road only."""

    all: tuple[Language, ...]
    road_topics: frozenset[str]

    def codes(self, *answers: Answers) -> tuple[str, ...]:
        """Give the codes of the languages answered so."""
        return tuple(one.code for one in self.all if one.answers in answers)

    def only_named(self, words: Iterable[str]) -> Language | None:
        """Find the language that is all a message names; its code alone may be another word."""
        said = [word for word in words if word not in _AROUND]
        found = [one for one in self.all if said and one.called.issuperset(said)]
        return found[0] if found else None

    def named(self, words: Iterable[str]) -> Language | None:
        """Find which language a sentence's words name; Indonesian only when no other is named."""
        said = list(words)
        found = [one for one in self.all if one.called & set(said) or said == [one.code]]
        others = [one for one in found if one.code != "id"]
        return (others or found)[-1] if found else None
