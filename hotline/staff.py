"""Who works at the desk and what each may see and do: the one place where that is decided."""

from __future__ import annotations

from collections.abc import Mapping
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
    ASSIGN = "assign"  # give a ticket to somebody else
    REFER = "refer"
    CLOSE = "close"
    VERIFY = "verify"  # verification and clearing, merging
    EXPORT = "export"
    READ_LOG = "read_log"
    MANAGE_STAFF = "manage_staff"
    EDIT_CONTENT = "edit_content"  # knowledge pages and the register
    SEE_FIGURES = "see_figures"  # counts, never who


_WORK = frozenset({May.READ, May.UNMASK, May.WRITE, May.REPLY, May.REFER, May.CLOSE})
ALLOWED: Mapping[Role, frozenset[May]] = {
    Role.OPERATOR: frozenset({May.MANAGE_STAFF, May.EDIT_CONTENT, May.SEE_FIGURES}),
    Role.SUPERVISOR: _WORK | {May.ASSIGN, May.EXPORT, May.READ_LOG, May.SEE_FIGURES, May.VERIFY},
    Role.RESPONDER: _WORK | {May.SEE_FIGURES},
    Role.DATA_OFFICER: frozenset(
        {May.READ, May.UNMASK, May.WRITE, May.VERIFY, May.EXPORT, May.EDIT_CONTENT, May.SEE_FIGURES}
    ),
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


@dataclass(frozen=True, kw_only=True)
class Place:
    """What decides who sees a ticket."""

    regions: frozenset[str]  # codes of origin, transit and destination within Indonesia
    conflict: bool  # an influential local person is involved
    unit: str  # the unit it is assigned to
    staff_id: int | None  # whom it is assigned to
    referred_units: frozenset[str] = frozenset()  # units that have accepted a referral


def sees(staff: Staff, place: Place) -> bool:
    """Say whether somebody may know that this ticket exists.

    A conflict of interest hides a ticket from everyone at the level of its own region, its units
    and even whom it was assigned to there; the next level up sees it.
    """
    if not staff.may(May.READ):
        return False
    if place.conflict and _too_near(staff.scope, place.regions):
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
    if scope.level is Level.NATIONAL:
        return False
    if not regions:
        return True  # nobody knows where he sits: only the national level is far enough
    return any(region == scope.region or scope.region.startswith(region) for region in regions)
