"""Who works at the desk and what each may see and do: the one place where that is decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is there for."""

    OPERATOR = "operator"  # runs the installation: accounts and settings, no narratives
    SUPERVISOR = "supervisor"  # leads a level of the task force in a scope
    RESPONDER = "responder"  # works on tickets
    DATA_OFFICER = "data_officer"  # verifies and clears
    AUDITOR = "auditor"  # reads the log, no narratives


class Level(StrEnum):
    """How wide a scope is."""

    NATIONAL = "national"
    PROVINCE = "province"
    REGENCY = "regency"


class May(StrEnum):
    """What one can be allowed to do."""

    READ = "read"  # open a ticket and its conversation
    UNMASK = "unmask"  # see names and numbers in clear, with a reason that is logged
    WRITE = "write"  # facts, notes, labels, drafts
    REPLY = "reply"  # claim a conversation and answer in it
    OPEN = "open"  # open a ticket for somebody who called, came or sent a letter
    ASSIGN = "assign"  # give a ticket to somebody else
    LIFT_CONFLICT = "lift_conflict"  # let those see a ticket again from whom a conflict hid it
    REFER = "refer"
    CLOSE = "close"
    VERIFY = "verify"  # verification and clearing, merging
    EXPORT = "export"
    READ_LOG = "read_log"
    MANAGE_STAFF = "manage_staff"
    EDIT_CONTENT = "edit_content"  # look after the knowledge pages and the register
    # Change what callers are told; only with a national scope, for every caller reads it.
    CHANGE_KNOWLEDGE = "change_knowledge"
    SEE_FIGURES = "see_figures"  # counts, never who


_WORK = frozenset({May.READ, May.UNMASK, May.WRITE, May.REPLY, May.OPEN, May.REFER, May.CLOSE})
ALLOWED: Mapping[Role, frozenset[May]] = {
    Role.OPERATOR: frozenset({May.MANAGE_STAFF, May.EDIT_CONTENT, May.SEE_FIGURES}),
    Role.SUPERVISOR: _WORK
    | {May.ASSIGN, May.LIFT_CONFLICT, May.EXPORT, May.READ_LOG, May.SEE_FIGURES, May.VERIFY}
    | {May.EDIT_CONTENT, May.CHANGE_KNOWLEDGE},
    Role.RESPONDER: _WORK | {May.SEE_FIGURES},
    Role.DATA_OFFICER: frozenset(
        {May.READ, May.UNMASK, May.WRITE, May.VERIFY, May.EXPORT, May.EDIT_CONTENT, May.SEE_FIGURES}
    )
    | {May.CHANGE_KNOWLEDGE},
    Role.AUDITOR: frozenset({May.READ_LOG, May.SEE_FIGURES}),
}


@dataclass(frozen=True)
class Scope:
    """A part of the country: `region` is a code of the national region table, 2 or 4 digits."""

    level: Level = Level.NATIONAL
    region: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError when level and code do not belong together."""
        digits = {Level.NATIONAL: 0, Level.PROVINCE: 2, Level.REGENCY: 4}[self.level]
        if len(self.region) != digits or not (self.region.isdigit() or not self.region):
            raise ValueError(f"a {self.level} scope needs a region code of {digits} digits")

    def holds(self, region: str) -> bool:
        """Say whether a region's code lies in this scope."""
        return region.startswith(self.region)


@dataclass(frozen=True, kw_only=True)
class Staff:
    """Somebody with an account."""

    id: int
    login: str
    name: str
    role: Role
    scope: Scope
    unit: str  # an id of the unit directory; empty for none
    language: str = "id"

    def may(self, what: May) -> bool:
        """Say whether the role allows it at all; what is visible is another question."""
        return what in ALLOWED[self.role]

    @property
    def changes_knowledge(self) -> bool:
        """Say whether somebody may change what callers all over the nation are told."""
        return self.may(May.CHANGE_KNOWLEDGE) and self.scope.level is Level.NATIONAL


@dataclass(frozen=True, kw_only=True)
class Place:
    """What decides who sees a ticket."""

    regions: frozenset[str]  # codes of origin, transit and destination within Indonesia
    conflict: bool  # an influential local person is involved
    unit: str  # the unit it is assigned to
    staff_id: int | None  # whom it is assigned to
    referred_units: frozenset[str] = frozenset()  # units that have accepted a referral
    barred_regions: frozenset[str] = frozenset()  # levels whose people are named as involved
    barred_staff: frozenset[int] = frozenset()  # colleagues who are
    # The regions of each other ticket of the same caller that has a conflict; what is barred above
    # is meant for all of her tickets as well.
    conflicts_of_caller: frozenset[frozenset[str]] = frozenset()


def sees(staff: Staff, place: Place) -> bool:
    """Say whether somebody may know that this ticket exists.

    A conflict of interest hides a ticket from everyone at the level of its own region, its units
    and even whom it was assigned to there; the next level up sees it. A level or a colleague that
    somebody has named as involved is kept away whatever else they are to the ticket. A bar or a
    conflict follows the caller: who is kept from one of her tickets knows of none of them.
    """
    if not staff.may(May.READ) or staff.id in place.barred_staff:
        return False
    if place.conflict and _too_near(staff.scope, place.regions):
        return False
    if any(_too_near(staff.scope, regions) for regions in place.conflicts_of_caller):
        return False
    if place.barred_regions and is_near(staff.scope, place.barred_regions):
        return False
    if staff.scope.level is Level.NATIONAL:
        return True
    if place.staff_id == staff.id:
        return True
    if staff.unit and staff.unit in {place.unit, *place.referred_units}:
        return True
    return any(staff.scope.holds(region) for region in place.regions)


def _too_near(scope: Scope, regions: frozenset[str]) -> bool:
    """Say whether a scope is at or below the level on which the influential person is known."""
    if not regions:  # nobody knows where he sits: only the national level is far enough
        return scope.level is not Level.NATIONAL
    return is_near(scope, regions)


def is_near(scope: Scope, regions: Iterable[str]) -> bool:
    """Say whether a scope is one of some regions, or lies in one; the nation's never does."""
    if scope.level is Level.NATIONAL:
        return False
    return any(scope.region.startswith(region) for region in regions)


def may_lift(staff: Staff, place: Place, regions: frozenset[str]) -> bool:
    """Say whether somebody may lift a conflict that hides a ticket from some regions' levels.

    It takes who still sees the ticket and leads a scope above all of them; without any region
    (nobody knows where, or a colleague of the national level) the nation.
    """
    if not staff.may(May.LIFT_CONFLICT) or not sees(staff, place):
        return False
    if staff.scope.level is Level.NATIONAL:
        return True
    return bool(regions) and all(
        region != staff.scope.region and staff.scope.holds(region) for region in regions
    )
