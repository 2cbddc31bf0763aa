"""The offer check: which warning signs a described or pasted offer shows, and what to ask next.

An offer is never called safe: a good point answers a question, it never takes a sign away.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from hotline.offer_rules import OfferRules, Question, Rule, Weight, find, matches
from hotline.offer_words import Clause

MOST_QUESTIONS = 3
MANY_SIGNS = 4
POINTS = {Weight.STRONG: 4, Weight.MEDIUM: 2, Weight.WEAK: 1}
_HEAVIEST_FIRST = list(Weight)
_COMPANY = re.compile(r"\b(?:PT|CV|P3MI|PJTKI|PPTKIS)\b\.?\s+(?=\w)", re.IGNORECASE)
_LONGEST_NAME = 4


class OfferGrade(StrEnum):
    """How an offer looks so far."""

    STRONG_DANGER = "bahaya_kuat"
    """At least one strong sign."""
    MANY_SIGNS = "banyak_tanda"
    """No strong sign, but many others together."""
    TO_BE_CHECKED = "perlu_dicek"
    """Few or no signs: the licence, visa and contract still have to be checked."""
    TOO_LITTLE_KNOWN = "belum_cukup_data"
    """Hardly anything is known about the offer."""


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """What was already recognised in the message; countries are ISO 3166 two-letter codes."""

    countries: tuple[str, ...] = ()
    recruiter: str | None = None
    occupation: str | None = None
    amounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundSign:
    """A warning sign and the caller's own words that show it."""

    id: str
    weight: Weight
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfferReading:
    """What is known about one offer so far; heaviest signs first."""

    signs: tuple[FoundSign, ...]
    reassuring: tuple[str, ...]
    unknown: tuple[str, ...]
    grade: OfferGrade
    recruiter: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the reading as plain JSON values."""
        return {
            "signs": [
                {"id": sign.id, "weight": sign.weight.value, "words": list(sign.words)}
                for sign in self.signs
            ],
            "reassuring": list(self.reassuring),
            "unknown": list(self.unknown),
            "grade": self.grade.value,
            "recruiter": self.recruiter,
        }

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> "OfferReading":
        """Read back what `to_dict` wrote; raise KeyError or ValueError for anything else."""
        return cls(
            signs=tuple(
                FoundSign(str(sign["id"]), Weight(sign["weight"]), tuple(sign["words"]))
                for sign in state["signs"]
            ),
            reassuring=tuple(state["reassuring"]),
            unknown=tuple(state["unknown"]),
            grade=OfferGrade(state["grade"]),
            recruiter=state.get("recruiter"),
        )


class OfferReader:
    """Reads offers and short answers by a set of rules."""

    def __init__(self, rules: OfferRules) -> None:
        """Keep the rules."""
        self.rules = rules

    def read(self, text: str, *, facts: OfferFacts | None = None) -> OfferReading:
        """Read a described or pasted offer."""
        empty = OfferReading((), (), tuple(self.rules.questions), OfferGrade.TOO_LITTLE_KNOWN)
        return self._add(empty, text, facts or OfferFacts())

    def more(
        self, reading: OfferReading, text: str, *, facts: OfferFacts | None = None
    ) -> OfferReading:
        """Read a detail that was told after the verdict; nothing it says takes a sign away."""
        read = self._add(reading, text, facts or OfferFacts())
        kept = [sign for sign in reading.signs if sign.id not in {s.id for s in read.signs}]
        signs = sorted((*read.signs, *kept), key=lambda sign: _HEAVIEST_FIRST.index(sign.weight))
        settled = len(self.rules.questions) - len(read.unknown)
        return replace(read, signs=tuple(signs), grade=_grade(signs, settled))

    def next_question(self, reading: OfferReading, asked: Collection[str] = ()) -> str | None:
        """Choose the most valuable question still open, at most three in all.

        Nothing more is asked once a strong sign is found: the warning must not wait.
        """
        if len(asked) >= MOST_QUESTIONS or reading.grade is OfferGrade.STRONG_DANGER:
            return None
        return next((name for name in reading.unknown if name not in asked), None)

    def answer(
        self,
        reading: OfferReading,
        question_id: str,
        text: str,
        *,
        facts: OfferFacts | None = None,
    ) -> OfferReading:
        """Read a short answer to one question; raise KeyError for a question that is not ours."""
        question = self.rules.questions[question_id]
        facts = facts or OfferFacts()
        clauses = self.rules.lexicon.clauses(text)
        read = self._add(reading, text, facts)
        if question_id not in read.unknown or matches(self.rules.unsure, clauses):
            return read
        # A short answer leans on its question: "turis" to the visa, "17" to the age.
        read = self._add(read, f"{question.context} {text}", facts)
        if question_id not in read.unknown:
            return read
        return self._settle(read, question, text, clauses)

    def _settle(
        self,
        reading: OfferReading,
        question: Question,
        text: str,
        clauses: Iterable[Clause],
    ) -> OfferReading:
        meant = None
        recruiter = reading.recruiter
        if matches(self.rules.no, clauses):
            meant = question.no
        elif matches(self.rules.yes, clauses):
            meant = question.yes
        elif question.takes_name and (name := _short_name(text)):
            meant = question.no if self._is_person(name) else question.yes
            recruiter = name
        if meant is None:
            return reading
        found = {meant: (text.strip(),)}
        return self._build(reading, found, recruiter)

    def _add(self, reading: OfferReading, text: str, facts: OfferFacts) -> OfferReading:
        clauses = self.rules.lexicon.clauses(text, facts.amounts)
        if facts.occupation:
            clauses += self.rules.lexicon.clauses(facts.occupation)
        found: dict[str, tuple[str, ...]] = {}
        for rule in self._all_rules():
            words, denied = find(rule, clauses, self.rules.lexicon, facts.countries)
            if words:
                found[rule.id] = tuple(words)
            elif denied and rule.denied:
                found.setdefault(rule.denied, ())
        named = self._company_in(text) if "company_named" in found else None
        recruiter = facts.recruiter or named or reading.recruiter
        if recruiter and not self._is_person(recruiter):
            found.setdefault("company_named", (recruiter,))
        return self._build(reading, found, recruiter)

    def _build(
        self,
        before: OfferReading,
        found: Mapping[str, tuple[str, ...]],
        recruiter: str | None,
    ) -> OfferReading:
        known = {sign.id: sign.words for sign in before.signs}
        for name, words in found.items():
            known[name] = tuple(dict.fromkeys((*known.get(name, ()), *words)))
        good = tuple(
            name for name in self.rules.good_points if name in known or name in before.reassuring
        )
        signs = self._signs(known, good)
        names = {sign.id for sign in signs} | set(good)
        unknown = tuple(
            name
            for name in before.unknown
            if not self.rules.questions[name].answered_by.intersection(names)
        )
        settled = len(self.rules.questions) - len(unknown)
        return OfferReading(signs, good, unknown, _grade(signs, settled), recruiter)

    def _signs(
        self, known: Mapping[str, tuple[str, ...]], good: Collection[str]
    ) -> tuple[FoundSign, ...]:
        signs = []
        for sign in self.rules.signs.values():
            rule = sign.rule
            together = bool(rule.needs) and all(name in known for name in rule.needs)
            if (sign.id in known or together) and not set(rule.absent).intersection(good):
                words = known.get(sign.id, ())
                signs.append(FoundSign(sign.id, sign.weight, words))
        return tuple(sorted(signs, key=lambda sign: _HEAVIEST_FIRST.index(sign.weight)))

    def _all_rules(self) -> Iterable[Rule]:
        yield from (sign.rule for sign in self.rules.signs.values())
        yield from (point.rule for point in self.rules.good_points.values())

    def _company_in(self, text: str) -> str | None:
        for match in _COMPANY.finditer(text):
            if name := self._name_at(text[match.end() :]):
                return f"{match[0].strip()} {name}"
        return None

    def _name_at(self, text: str) -> str:
        words: list[str] = []
        for word in re.split(r"[^\S\n]+", text, maxsplit=_LONGEST_NAME)[:_LONGEST_NAME]:
            bare = re.match(r"[\w'\u2019.&-]*", word)
            kept = bare[0].strip(".-") if bare else ""
            if not kept or self.rules.lexicon.plain(kept.lower()) in self.rules.name_ends:
                break
            words.append(kept)
            if kept != word:
                break
        return " ".join(words)

    def _is_person(self, name: str) -> bool:
        return name.split()[0].lower().strip(".") in self.rules.person_titles


def _short_name(text: str) -> str | None:
    words = text.split()
    is_name = 1 <= len(words) <= _LONGEST_NAME + 1 and any(map(str.isalpha, text))
    return " ".join(words) if is_name else None


def _grade(signs: Collection[FoundSign], settled: int) -> OfferGrade:
    points = sum(POINTS[sign.weight] for sign in signs)
    if any(sign.weight is Weight.STRONG for sign in signs):
        return OfferGrade.STRONG_DANGER
    if points >= MANY_SIGNS:
        return OfferGrade.MANY_SIGNS
    # One sign of middle weight, or two things known, is enough to say what to check.
    if points >= POINTS[Weight.MEDIUM] or settled > 1:
        return OfferGrade.TO_BE_CHECKED
    return OfferGrade.TOO_LITTLE_KNOWN
