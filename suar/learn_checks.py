"""What a reviewed line must be before it becomes a training example; each refusal says why."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from bot.components.patterns import LICENCE, numbers
from bot.components.text import LINK
from hotline.codes import find_code
from hotline.errors import Refused
from hotline.understood import INTENTS
from suar.examples import ENTITIES, LABEL, LONG, TOO_ALIKE, Example, near_duplicates
from suar.learn_cleaning import DIGITS, EMAIL, HANDLE

LONGEST = 500
_PRIVATE = frozenset({"phone", "ticket_code", "licence_no"})


@dataclass(frozen=True)
class Known:
    """What a new example is held against."""

    languages: Collection[str]  # those that have examples
    unseen: Collection[str]  # texts that measure, in small letters
    examples: Sequence[Example]
    taken: list[Example] = field(default_factory=list)  # accepted in this run


def example_of(
    intent: object, language: object, text: object, original: str, known: Known
) -> Example:
    """Make an example of a reviewed line; raises Refused with the reason."""
    if not isinstance(intent, str) or intent not in INTENTS:
        raise Refused("the intent is none of the list")
    if not isinstance(language, str) or language not in known.languages:
        raise Refused("the language has no examples")
    if not isinstance(text, str) or not any(c.isalpha() for c in text):
        raise Refused("there is no text")
    example = Example(intent, language, " ".join(text.split()).removeprefix("- ").strip())
    if len(example.text) > LONGEST:
        raise Refused(f"the text is longer than {LONGEST} letters")
    _marks(example)
    _nothing_personal(example.text)
    if len(example.text) >= LONG and _plain(example.text) == _plain(original):
        raise Refused("it is still word for word what the caller wrote: rewrite it")
    _unlike(example, known)
    return example


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", LABEL.sub(r"\g<words>", text).lower()))


def _marks(example: Example) -> None:
    if set("[]{}\\") & set(example.text):
        raise Refused("a mark is broken: write [words](entity), and no other brackets")
    strange = set(example.entities) - ENTITIES
    if strange:
        raise Refused(f"no such entity: {', '.join(sorted(strange))}")
    private = _PRIVATE & set(example.entities)
    if private:
        raise Refused(f"it holds what belongs to somebody: {', '.join(sorted(private))}")


def _nothing_personal(text: str) -> None:
    kinds = {span.kind for span in numbers(text)}
    if EMAIL.search(text) or HANDLE.search(text) or LINK.search(text):
        raise Refused("an e-mail address, account or link is left")
    if "ticket_code" in kinds or find_code(text):
        raise Refused("a ticket code is left")
    if "licence_no" in kinds or any(pattern.search(text) for pattern in LICENCE):
        raise Refused("a licence number is left")
    money = [span for span in numbers(text) if span.kind == "amount"]
    long = [
        found
        for found in DIGITS.finditer(text)
        if not any(one.start <= found.start() and found.end() <= one.end for one in money)
    ]
    if "phone" in kinds or long:
        raise Refused("a telephone number or another long number is left")


def _unlike(example: Example, known: Known) -> None:
    small = example.text.lower()
    if len(small) >= LONG and any(
        small == other or fuzz.ratio(small, other) >= TOO_ALIKE for other in known.unseen
    ):
        raise Refused("it is one of the unseen messages, or nearly: those measure, none is learned")
    own = [
        one
        for one in (*known.examples, *known.taken)
        if (one.intent, one.language) == (example.intent, example.language)
    ]
    twins = [pair for pair in near_duplicates([*own, example]) if example.marked in pair]
    if twins:
        other = next((one for one in twins[0] if one != example.marked), example.marked)
        raise Refused(f"there is an example too much alike: {other}")
