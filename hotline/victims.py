"""Who is concerned by a ticket, one by one: closed sets, and what may be written of somebody."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from hotline.errors import Refused

ADULT = 18  # years
_OLDEST = 120
LONGEST_NAME, LONGEST_PLACE = 120, 200
MOST = 200  # of one ticket; more than that is a list in a file, not a form


class Relation(StrEnum):
    """What somebody is to the caller."""

    UNKNOWN = "unknown"
    SELF = "self"
    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"
    RELATIVE = "relative"
    FRIEND = "friend"  # also a neighbour or a colleague
    OTHER = "other"


class Sex(StrEnum):
    """As somebody is counted."""

    UNKNOWN = "unknown"
    FEMALE = "female"
    MALE = "male"


class Minor(StrEnum):
    """Whether somebody is under eighteen."""

    UNKNOWN = "unknown"
    YES = "yes"
    NO = "no"


class Condition(StrEnum):
    """How somebody is."""

    UNKNOWN = "unknown"
    AT_RISK = "at_risk"
    EXPLOITED = "exploited"
    MISSING = "missing"
    RESCUED = "rescued"
    RETURNED = "returned"


@dataclass(frozen=True, kw_only=True)
class Details:
    """What is known of somebody; an empty name means that nobody knows it."""

    name: str = ""
    relation: Relation = Relation.UNKNOWN
    sex: Sex = Sex.UNKNOWN
    age: int | None = None  # in years
    minor: Minor = Minor.UNKNOWN
    whereabouts: str = ""
    condition: Condition = Condition.UNKNOWN

    def filled(self) -> tuple[str, ...]:
        """Name what is known, without saying it."""
        empty = asdict(Details())
        return tuple(name for name, value in asdict(self).items() if value != empty[name])


def checked(details: Details) -> Details:
    """Give somebody as they are kept; an age says by itself whether that is a child.

    Raises Refused when a text or an age is too long, or age and "under eighteen" disagree.
    """
    name, whereabouts = " ".join(details.name.split()), " ".join(details.whereabouts.split())
    if len(name) > LONGEST_NAME or len(whereabouts) > LONGEST_PLACE:
        raise Refused("a name or a place of somebody is too long")
    minor = details.minor
    if details.age is not None:
        if not 0 <= details.age <= _OLDEST:
            raise Refused(f"an age lies between 0 and {_OLDEST} years")
        by_age = Minor.YES if details.age < ADULT else Minor.NO
        if minor not in {Minor.UNKNOWN, by_age}:
            raise Refused("the age and the answer about a child disagree")
        minor = by_age
    return replace(details, name=name, whereabouts=whereabouts, minor=minor)


def read_details(kept: Mapping[str, object]) -> Details:
    """Read what `asdict` wrote."""
    age = kept.get("age")
    return Details(
        name=str(kept.get("name", "")),
        relation=Relation(str(kept.get("relation", "unknown"))),
        sex=Sex(str(kept.get("sex", "unknown"))),
        age=age if isinstance(age, int) else None,
        minor=Minor(str(kept.get("minor", "unknown"))),
        whereabouts=str(kept.get("whereabouts", "")),
        condition=Condition(str(kept.get("condition", "unknown"))),
    )


def counted_only(details: Details) -> Details:
    """Keep what is counted and names nobody."""
    return Details(sex=details.sex, minor=details.minor, condition=details.condition)


def for_others(details: Details, *, anonymous: bool) -> Details:
    """Give what another unit may read: a caller who hides is found by her family's names too."""
    if not anonymous:
        return details
    return replace(details, name="", whereabouts="", relation=Relation.UNKNOWN)


def as_facts(filled: Collection[Collection[str]]) -> set[str]:
    """Say which facts of a ticket are known because its people are written down one by one.

    `filled` holds what is known of each person.
    """
    known = {"victim_count"} if filled else set[str]()
    for one in filled:
        if "minor" in one:
            known.add("is_minor")
        if "name" in one or "relation" in one:
            known.add("who")
    return known
