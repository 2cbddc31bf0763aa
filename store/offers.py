"""Reads knowledge/offer_signs.yml into the rules of the offer check."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from hotline.offer_rules import (
    Choice,
    GoodPoint,
    Grade,
    OfferRules,
    Pattern,
    Question,
    Rule,
    Sign,
    Weight,
)
from hotline.offer_words import Lexicon, compile_pattern, words_of_pattern
from hotline.offers import OfferGrade, OfferReader

Item = Mapping[str, Any]
_PHRASES = ("any", "unless", "not_as")


class OfferRulesError(Exception):
    """The file of offer signs cannot be used; the message names the item and what is wrong."""


def load_offer_reader(path: Path) -> OfferReader:
    """Load the rules and return a reader of offers."""
    return OfferReader(load_offer_rules(path))


def load_offer_rules(path: Path) -> OfferRules:
    """Load and check the rules; raise OfferRulesError for a file that cannot be used."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise OfferRulesError(f"{path}: cannot be read: {error}") from error
    if not isinstance(data, dict):
        raise OfferRulesError(f"{path}: not a mapping of sections")
    try:
        return _rules(data)
    except OfferRulesError as error:
        raise OfferRulesError(f"{path}: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise OfferRulesError(f"{path}: a section is missing or malformed: {error}") from error


def _rules(data: Item) -> OfferRules:
    lexicon = _lexicon(data)

    def compiled(phrases: Iterable[str]) -> tuple[Pattern, ...]:
        return tuple(_pattern(phrase, lexicon) for phrase in phrases)

    rules = OfferRules(
        lexicon=lexicon,
        signs=_by_id(data["signs"], lambda item: _sign(item, compiled)),
        good_points=_by_id(
            data["reassuring"],
            lambda item: GoodPoint(_rule(item, compiled), _text(item, "text")),
        ),
        questions=_by_id(data["questions"], _question),
        grades=_by_id(data["grades"], _grade),
        yes=compiled(data["answers"]["affirm"]),
        no=compiled(data["answers"]["deny"]),
        unsure=compiled(data["answers"]["unsure"]),
        name_ends=frozenset(data["name_ends"]),
        person_titles=frozenset(data["person_titles"]),
    )
    _check_references(rules)
    return rules


def _lexicon(data: Item) -> Lexicon:
    spellings: dict[str, str] = {}
    for plain, typed in data["words"].items():
        for spelling in typed:
            if spelling in spellings:
                raise OfferRulesError(f"words: {spelling!r} stands under two words")
            spellings[spelling] = plain
    if both := sorted(set(spellings) & set(data["words"])):
        raise OfferRulesError(f"words: {both} are spellings and plain words at once")
    return Lexicon(
        spellings=spellings,
        negators=frozenset(data["negation"]["words"]),
        passes=frozenset(data["negation"]["passes"]),
        breaks=frozenset(data["clause_breaks"]),
        known=frozenset(" ".join(data["words"]).split()) | _words_of_all(data),
    )


def _words_of_all(data: Item) -> frozenset[str]:
    phrases = [phrase for phrases in data["answers"].values() for phrase in phrases]
    for item in (*data["signs"], *data["reassuring"]):
        phrases += [phrase for key in _PHRASES for phrase in item.get(key, ())]
    return frozenset().union(*map(words_of_pattern, phrases))


def _pattern(phrase: str, lexicon: Lexicon) -> Pattern:
    for word in words_of_pattern(phrase):
        # A pattern in another spelling than the plain one would never match.
        if (plain := lexicon.spellings.get(word)) is not None:
            raise OfferRulesError(f"pattern {phrase!r}: write {plain!r} for {word!r}")
    try:
        return compile_pattern(phrase, lexicon)
    except re.error as error:
        raise OfferRulesError(f"pattern {phrase!r}: {error}") from error


def _rule(item: Item, compiled: Callable[[Iterable[str]], tuple[Pattern, ...]]) -> Rule:
    return Rule(
        id=item["id"],
        any=compiled(item.get("any", ())),
        unless=compiled(item.get("unless", ())),
        not_as=compiled(item.get("not_as", ())),
        absent=tuple(item.get("absent", ())),
        needs=tuple(item.get("needs", ())),
        countries=frozenset(item.get("countries", ())),
        denied=item.get("denied"),
        age_below=item.get("age_below"),
        age_from=item.get("age_from"),
        pay_above=item.get("pay_above"),
    )


def _sign(item: Item, compiled: Callable[[Iterable[str]], tuple[Pattern, ...]]) -> Sign:
    try:
        weight = Weight(item["weight"])
    except (KeyError, ValueError) as error:
        raise OfferRulesError(f"{item['id']}: weight is strong, medium or weak") from error
    texts = [_text(item, key) for key in ("text", "sms", "source", "as_of", "mark")]
    return Sign(_rule(item, compiled), weight, *texts)


def _question(item: Item) -> Question:
    return Question(
        id=item["id"],
        text=_text(item, "text"),
        sms=_text(item, "sms"),
        choices=tuple(Choice(one["title"], one["value"]) for one in item["choices"]),
        source=_text(item, "source"),
        answered_by=frozenset(item["answered_by"]),
        context=item.get("context", ""),
        yes=item.get("if_yes"),
        no=item.get("if_no"),
        takes_name=bool(item.get("takes_name", False)),
    )


def _grade(item: Item) -> Grade:
    return Grade(item["id"], *[_text(item, key) for key in ("title", "text", "sms")])


def _text(item: Item, key: str) -> str:
    text = str(item.get(key) or "").strip()
    if not text:
        raise OfferRulesError(f"{item['id']}: {key} is missing")
    return text


def _by_id[T](items: Iterable[Item], make: Callable[[Item], T]) -> dict[str, T]:
    made: dict[str, T] = {}
    for item in items:
        if "id" not in item:
            raise OfferRulesError(f"an item has no id: {item}")
        if item["id"] in made:
            raise OfferRulesError(f"{item['id']}: stands there twice")
        made[item["id"]] = make(item)
    return made


def _check_references(rules: OfferRules) -> None:
    names = {*rules.signs, *rules.good_points}
    for sign in rules.signs.values():
        _must_be_known(sign.id, {*sign.rule.absent, sign.rule.denied} - {None}, rules.good_points)
        _must_be_known(sign.id, sign.rule.needs, rules.signs)
    for question in rules.questions.values():
        _must_be_known(question.id, question.answered_by, names)
        _must_be_known(question.id, {question.yes, question.no} - {None}, names)
    _must_be_known("grades", list(OfferGrade), rules.grades)


def _must_be_known(owner: str, wanted: Iterable[str | None], known: Iterable[str]) -> None:
    if missing := sorted(str(name) for name in set(wanted) - set(known)):
        raise OfferRulesError(f"{owner}: refers to {missing}, which is not in the file")
