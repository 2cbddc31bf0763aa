"""What makes a sign, a good point, a question or a grade of an offer, and when one is met."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hotline.offer_words import Clause, Lexicon

Pattern = re.Pattern[str]

_AGE = re.compile(r"(?<!\S)umur (?:(?!\d)\S+ ){0,3}(\d\d)(?P<bare>)(?!\S)(?! (?:juta|ribu|bulan))")
_YEARS_OLD = re.compile(
    r"(?<!\S)(\d\d)(?: \d\d)? (?:tahun|yo)(?!\S)(?! (?:kontrak|pengalaman|kerja))"
    r"|(?<!\S)(?:is|am|im|baru|masih) (?P<bare>\d\d) $"
)
_NOT_AN_AGE = re.compile(r"(?:kontrak|pengalaman|selama|lama|sejak|penjara|tahun)(?: \S+)?$")
_PAY = re.compile(
    r"(?<!\S)gaji (?:(?!\d)\S+ ){0,4}(?P<low>\d+(?:[.,]\d+)*)(?: (?P<high>\d+(?:[.,]\d+)*))?"
    r" (?P<unit>juta|dolar|usd)"
    r"|(?P<low2>\d+(?:[.,]\d+)*)(?: (?P<high2>\d+(?:[.,]\d+)*))? (?P<unit2>juta|dolar|usd)"
    r"(?: rupiah)? (?:sebulan|per bulan|bulan)"
    r"|gaji (?:(?!\d)\S+ ){0,4}(?P<unit3>usd|dolar|\$) (?P<low3>\d+(?:[.,]\d+)*)"
    r"(?: (?P<high3>\d+(?:[.,]\d+)*))?"
)


class Weight(StrEnum):
    """How much one sign says on its own."""

    STRONG = "strong"
    """Seen again and again where people were trafficked: enough for the gravest grade."""
    MEDIUM = "medium"
    """Not how a lawful placement goes; two of them are many signs."""
    WEAK = "weak"
    """Seen in lawful offers too; counts beside others."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When something is found: by words, a country, an age, a pay, or other findings."""

    id: str
    any: tuple[Pattern, ...] = ()
    unless: tuple[Pattern, ...] = ()
    not_as: tuple[Pattern, ...] = ()
    absent: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    countries: frozenset[str] = frozenset()
    denied: str | None = None
    age_below: int | None = None
    age_from: int | None = None
    pay_above: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """A warning sign with the sentence that tells a caller why it matters."""

    rule: Rule
    weight: Weight
    text: str
    sms: str
    source: str
    as_of: str
    mark: str

    @property
    def id(self) -> str:
        """Return the name of the sign."""
        return self.rule.id


@dataclass(frozen=True, slots=True)
class GoodPoint:
    """Something said that answers a question in the offer's favour; it never lowers a grade."""

    rule: Rule
    text: str

    @property
    def id(self) -> str:
        """Return the name of the good point."""
        return self.rule.id


@dataclass(frozen=True, slots=True)
class Choice:
    """A short answer offered with a question; the value is read like typed text."""

    title: str
    value: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something worth asking, and what settles it."""

    id: str
    text: str
    sms: str
    choices: tuple[Choice, ...]
    source: str
    answered_by: frozenset[str]
    context: str = ""
    yes: str | None = None
    no: str | None = None
    takes_name: bool = False


@dataclass(frozen=True, slots=True)
class Grade:
    """What a caller is told at the end, and what to do."""

    id: str
    title: str
    text: str
    sms: str


@dataclass(frozen=True, slots=True)
class OfferRules:
    """Everything known about offers, in the order in which it is shown and asked."""

    lexicon: Lexicon
    signs: Mapping[str, Sign]
    good_points: Mapping[str, GoodPoint]
    questions: Mapping[str, Question]
    grades: Mapping[str, Grade]
    yes: tuple[Pattern, ...]
    no: tuple[Pattern, ...]
    unsure: tuple[Pattern, ...]
    name_ends: frozenset[str]
    person_titles: frozenset[str]


def find(
    rule: Rule, clauses: Iterable[Clause], lexicon: Lexicon, countries: Iterable[str]
) -> tuple[list[str], bool]:
    """Return the caller's words that meet a rule, and whether it was denied instead."""
    words: list[str] = []
    denied = False
    for clause in clauses:
        if any(pattern.search(clause.text) for pattern in rule.unless):
            continue
        dropped = [m.span() for pattern in rule.not_as for m in pattern.finditer(clause.text)]
        for start, end in _spans(rule, clause):
            if any(start < until and since < end for since, until in dropped):
                continue  # "gaji 15 juta" is no fee, but the "bayar 3 juta" beside it is one
            if lexicon.denied(clause, start):
                denied = True
            else:
                words.append(clause.as_typed(start, end))
    if not words and not denied:
        words = sorted(rule.countries.intersection(countries))
    return list(dict.fromkeys(words)), denied and not words


def matches(patterns: Iterable[Pattern], clauses: Iterable[Clause]) -> bool:
    """Say whether any pattern is met in any clause."""
    texts = [clause.text for clause in clauses]
    return any(pattern.search(text) for pattern in patterns for text in texts)


def _spans(rule: Rule, clause: Clause) -> Iterator[tuple[int, int]]:
    for pattern in rule.any:
        for match in pattern.finditer(clause.text):
            yield match.span()
    if rule.age_below is not None or rule.age_from is not None:
        low, high = rule.age_from or 8, rule.age_below or 75
        for match in _ages(clause.text):
            if low <= int(match[1] or match["bare"]) < high:
                yield match.span()
    if rule.pay_above is not None:
        for match in _PAY.finditer(clause.text):
            if _pays_more(match, rule.pay_above):
                yield match.span()


def _ages(text: str) -> Iterator[re.Match[str]]:
    yield from _AGE.finditer(text)
    for match in _YEARS_OLD.finditer(text):
        if not _NOT_AN_AGE.search(text[: match.start()].rstrip()):
            yield match


def _pays_more(match: re.Match[str], limits: Mapping[str, int]) -> bool:
    found = {name.rstrip("23"): value for name, value in match.groupdict().items() if value}
    unit = "juta" if found["unit"] == "juta" else "dolar"
    number = found.get("high", found["low"])
    # "12,5 juta" is a decimal comma; "1.200 dolar" is a thousands point.
    plain = number.replace(",", ".") if unit == "juta" else re.sub(r"[.,]", "", number)
    return float(plain.split(".")[0] or 0) >= limits[unit]
