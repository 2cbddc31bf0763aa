"""Which facts a ticket of its category should hold, and which are missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from hotline.tickets import Category

# Any one fact of a group will do; the group is named by its first.
Group = tuple[str, ...]
_BASE: tuple[Group, ...] = (
    ("story",),
    ("who",),
    ("where", "country", "location"),
    ("origin", "region"),
    ("consent",),
)
_RECRUITER: Group = ("recruiter", "recruiter_matched", "recruited_by")
_VICTIMS: tuple[Group, ...] = (("victim_count",), ("is_minor",))
WANTED: Mapping[Category, tuple[Group, ...]] = {
    Category.EMERGENCY: (*_BASE, *_VICTIMS),
    Category.REPORT: (*_BASE, *_VICTIMS, _RECRUITER, ("date",)),
    Category.MISSING: (*_BASE, ("last_contact",), _RECRUITER),
    Category.RETURN: (*_BASE, ("reason",), ("papers",)),
    Category.COMPLAINT: (*_BASE, ("recruiter", "recruiter_matched"), ("amount",), ("date",)),
    Category.OTHER: (("story",), ("who",)),
}


def missing(category: Category, known: Collection[str]) -> tuple[str, ...]:
    """Name what is missing, in the order it is asked for."""
    return tuple(group[0] for group in WANTED[category] if not set(group) & set(known))


def score(category: Category, known: Collection[str]) -> int:
    """Say how complete a ticket is, from 0 to 100."""
    wanted = len(WANTED[category])
    return round(100 * (wanted - len(missing(category, known))) / wanted)
