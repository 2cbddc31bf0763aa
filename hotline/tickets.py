"""What a ticket is: its closed sets, which moves are allowed, and what makes it urgent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hotline.errors import WrongMove


class Category(StrEnum):
    """What a ticket is about; the higher in RANK, the more it outweighs another."""

    EMERGENCY = "emergency"
    REPORT = "report"
    MISSING = "missing"
    RETURN = "return"
    COMPLAINT = "recruiter_complaint"
    OTHER = "other"


RANK = {
    Category.OTHER: 0,
    Category.COMPLAINT: 1,
    Category.RETURN: 2,
    Category.MISSING: 3,
    Category.REPORT: 4,
    Category.EMERGENCY: 5,
}


class Urgency(StrEnum):
    """How soon a person must look."""

    CRITICAL = "critical"
    HIGH = "high"
    NORMAL = "normal"


_URGENCY_RANK = {Urgency.NORMAL: 0, Urgency.HIGH: 1, Urgency.CRITICAL: 2}

USUAL_URGENCY = {
    Category.EMERGENCY: Urgency.CRITICAL,
    Category.REPORT: Urgency.HIGH,
    Category.MISSING: Urgency.HIGH,
    Category.RETURN: Urgency.NORMAL,
    Category.COMPLAINT: Urgency.NORMAL,
    Category.OTHER: Urgency.NORMAL,
}


class State(StrEnum):
    """Where a ticket stands in the work."""

    NEW = "new"  # nobody has looked yet
    TRIAGED = "triaged"  # a responder has read and classified it
    ASSIGNED = "assigned"  # a unit or responder is named
    IN_PROGRESS = "in_progress"  # somebody is working on it
    REFERRED = "referred"  # another unit has taken it over
    RESOLVED = "resolved"  # what could be done is done; follow-up may still run
    CLOSED = "closed"  # outcome and next owner are written down
    MERGED = "merged"  # the same matter lives on in another ticket
    WITHDRAWN = "withdrawn"  # a responder has spoken with the caller and ended it
    UNFOUNDED = "unfounded"  # looked into, nothing behind it


_END = frozenset({State.MERGED, State.UNFOUNDED, State.WITHDRAWN})
MOVES: Mapping[State, frozenset[State]] = {
    State.NEW: frozenset({State.TRIAGED, State.ASSIGNED}) | _END,
    State.TRIAGED: frozenset({State.ASSIGNED, State.REFERRED}) | _END,
    State.ASSIGNED: frozenset({State.IN_PROGRESS, State.REFERRED, State.TRIAGED}) | _END,
    State.IN_PROGRESS: frozenset({State.REFERRED, State.RESOLVED, State.ASSIGNED}) | _END,
    State.REFERRED: frozenset({State.IN_PROGRESS, State.RESOLVED, State.ASSIGNED}) | _END,
    State.RESOLVED: frozenset({State.CLOSED, State.IN_PROGRESS, State.MERGED}),
    State.CLOSED: frozenset({State.IN_PROGRESS}),
    State.MERGED: frozenset({State.TRIAGED}),
    State.WITHDRAWN: frozenset({State.TRIAGED}),
    State.UNFOUNDED: frozenset({State.TRIAGED}),
}
# Ends without an outcome: only with a reason, and a critical ticket only by two people.
UNSETTLED = frozenset({State.WITHDRAWN, State.UNFOUNDED})
OPEN_STATES = frozenset(State) - {State.CLOSED, State.MERGED, State.WITHDRAWN, State.UNFOUNDED}


LABEL = re.compile(r"[\w -]{1,40}")  # what a ticket's label may be, in small letters
# What no label may hold, for labels are not sealed: four digits in a row, however spaced, or an @.
REACHES = re.compile(r"@|\d(?:[\W_]*\d){3}")


class Verification(StrEnum):
    """Whether a data officer has checked what the ticket says."""

    UNVERIFIED = "unverified"
    BEING_VERIFIED = "being_verified"
    VERIFIED = "verified"


class Clearing(StrEnum):
    """Whether a data officer has checked that this is one person, one ticket."""

    UNCLEARED = "uncleared"
    UNIQUE = "unique"
    DUPLICATE = "duplicate_of"
    MERGED = "merged"


def check_move(current: State, wanted: State) -> None:
    """Raise WrongMove unless a ticket may go from `current` to `wanted`."""
    if wanted not in MOVES[current]:
        raise WrongMove(f"a ticket that is {current} cannot become {wanted}")


def higher_category(current: Category, other: Category) -> Category:
    """Keep the category that outweighs: danger is never talked down by a later message."""
    return max(current, other, key=RANK.__getitem__)


def higher_urgency(current: Urgency, other: Urgency) -> Urgency:
    """Keep the more urgent of two."""
    return max(current, other, key=_URGENCY_RANK.__getitem__)


# What a ticket can know, in the order a responder reads it. The words are stable: exports use them.
FACT_FIELDS = (
    "caller_name", "caller_phone",
    "story", "where", "country", "region", "origin", "who", "victim_count", "is_minor",
    "recruiter", "recruiter_matched", "recruited_by", "licence_no", "phone", "amount", "date",
    "occupation",
    "last_contact", "destination", "reason", "papers", "consent", "safe_time", "contact_rule",
    "addition", "evidence", "location", "shared_contact",
    "withdrawal", "data_request", "stage",
)  # fmt: skip
# What tells who somebody is, or how to reach her: opened with a reason only.
PERSONAL = frozenset({"caller_name", "caller_phone", "phone", "shared_contact"})


_TOLD = frozenset(
    {"story", "addition", "contact_rule", "evidence"}
)  # a later one adds to an earlier one


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing somebody said about a ticket; a later one of the same field corrects it."""

    field: str
    value: str
    said_by: str  # "caller" or the responder's id
    message_id: int | None
    at: datetime


def known_of(facts: Sequence[Fact]) -> dict[str, str]:
    """Sum facts up, oldest first: the latest value of each field, and all that was told."""
    known = {fact.field: fact.value for fact in facts}
    for name in _TOLD.intersection(known):
        told = dict.fromkeys(fact.value for fact in facts if fact.field == name)
        known[name] = "\n".join(told)
    return known


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """A report or request that a person must look at."""

    id: int
    code: str
    category: Category
    urgency: Urgency
    reasons: tuple[str, ...]
    state: State
    verification: Verification
    clearing: Clearing
    conflict_of_interest: bool
    anonymous: bool
    language: str
    opened_at: datetime
    first_response_due: datetime
    facts: tuple[Fact, ...] = field(default=())
    unreadable: tuple[str, ...] = ()  # the fields of facts that are damaged

    def known(self) -> dict[str, str]:
        """Give what is known now: the latest value of every field, and all that was told."""
        return known_of(self.facts)


def merge_reasons(current: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    """Join reasons without repeating any, oldest first."""
    return tuple(dict.fromkeys([*current, *more]))
