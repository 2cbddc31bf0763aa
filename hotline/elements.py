"""The elements of trafficking and the signs of forced labour: check lists, and what is still open.

Act, means and purpose are those of article 1 of Law 21/2007, the forms of exploitation those that
the Counter-Trafficking Data Collaborative counts, the signs the eleven indicators of the ILO.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

SHORTEST_GROUND, LONGEST_GROUND = 5, 300  # letters


class Part(StrEnum):
    """A check list."""

    ACT = "act"
    MEANS = "means"
    PURPOSE = "purpose"
    SIGN = "ilo"


class Answer(StrEnum):
    """What is known of one line; nobody having looked and nobody knowing are the same."""

    UNKNOWN = "unknown"
    YES = "yes"
    NO = "no"


LISTS: Mapping[Part, tuple[str, ...]] = {
    Part.ACT: ("recruitment", "transport", "harbouring", "sending", "transfer", "receipt"),
    Part.MEANS: (
        "threat", "force", "abduction", "confinement", "forgery", "fraud", "abuse_of_power",
        "vulnerability", "debt", "payment",
    ),
    Part.PURPOSE: (
        "forced_labour", "sexual", "slavery", "forced_marriage", "organs", "other_exploitation",
    ),
    Part.SIGN: (
        "vulnerability", "deception", "movement", "isolation", "violence", "intimidation",
        "documents", "wages", "debt", "conditions", "overtime",
    ),
}  # fmt: skip
ELEMENTS = (Part.ACT, Part.MEANS, Part.PURPOSE)
ITEMS = tuple(f"{part.value}.{name}" for part, names in LISTS.items() for name in names)

# Where the bot's reasons for danger say that somebody should look: never an answer by themselves.
_HINTS: Mapping[str, tuple[str, ...]] = {
    "threatened": ("means.threat", "ilo.intimidation"),
    "weapon": ("means.threat", "ilo.intimidation"),
    "held_for_ransom": ("means.threat", "means.confinement", "ilo.movement", "ilo.intimidation"),
    "beaten": ("means.force", "ilo.violence"),
    "violence": ("means.force", "ilo.violence"),
    "injury": ("means.force", "ilo.violence"),
    "sexual_violence": ("means.force", "ilo.violence"),
    "carried_off": ("means.abduction",),
    "locked_in": ("means.confinement", "ilo.movement"),
    "confined": ("means.confinement", "ilo.movement"),
    "kept_here": ("means.confinement", "ilo.movement"),
    "scam_compound_captive": ("means.confinement", "purpose.forced_labour", "ilo.movement"),
    "being_sold": ("act.transfer", "means.payment"),
    "moved_across_border": ("act.transport",),
    "phone_taken": ("ilo.isolation",),
    "no_food_or_medicine": ("ilo.conditions",),
}


class Standing(StrEnum):
    """How far act, means and purpose are there."""

    NOTHING = "nothing"  # nobody has marked anything as there
    OPEN = "open"
    CHILD = "child"  # act and purpose, which are enough for a child
    ALL = "all"


@dataclass(frozen=True)
class Summary:
    """What the marks come to; an aid to whoever reads on, no legal judgement."""

    standing: Standing
    missing: tuple[Part, ...]
    signs: Mapping[Answer, int]  # how many of the eleven indicators


def hints(reasons: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Say which lines are worth a look, each with the reasons that speak for it."""
    found: dict[str, tuple[str, ...]] = {}
    for reason in dict.fromkeys(reasons):
        for item in _HINTS.get(reason, ()):
            found[item] = (*found.get(item, ()), reason)
    return found


def marked(answers: Mapping[str, Answer]) -> dict[Part, tuple[str, ...]]:
    """List what is marked as there, by check list; lists without any are left out."""
    found = {
        part: tuple(n for n in names if answers.get(f"{part.value}.{n}") is Answer.YES)
        for part, names in LISTS.items()
    }
    return {part: names for part, names in found.items() if names}


def summary(answers: Mapping[str, Answer], *, child: bool) -> Summary:
    """Sum the marks up; `child` when somebody concerned is under eighteen."""
    there = marked(answers)
    missing = tuple(part for part in ELEMENTS if part not in there)
    signs = [answers.get(f"ilo.{name}", Answer.UNKNOWN) for name in LISTS[Part.SIGN]]
    counts = {answer: signs.count(answer) for answer in Answer}
    return Summary(_standing(missing, child=child), missing, counts)


def _standing(missing: tuple[Part, ...], *, child: bool) -> Standing:
    if not missing:
        return Standing.ALL
    if child and missing == (Part.MEANS,):
        return Standing.CHILD
    return Standing.NOTHING if missing == ELEMENTS else Standing.OPEN


def changed(shown: Mapping[str, Answer], wanted: Mapping[str, Answer]) -> dict[str, Answer]:
    """Give the answers that somebody has changed on a page that showed the others."""
    return {
        item: answer
        for item, answer in wanted.items()
        if answer is not shown.get(item, Answer.UNKNOWN)
    }
