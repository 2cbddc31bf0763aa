"""The recruiter register: statuses, records and what a check may answer."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

FRESHNESS_DAYS = 30
"""Days after its as-of date during which a register may be called current."""

DEMO_MARK = "data uji"
"""The words that stand in every answer drawn from the invented register."""


class RegisterFileError(Exception):
    """A file that must not become the register; the text tells the operator what to do."""


class RecruiterStatus(StrEnum):
    """What the register says about a recruiter's licence."""

    ACTIVE = "active"
    ACTIVE_UNDER_SUPERVISION = "active_under_supervision"
    SUSPENDED_PARTIAL = "suspended_partial"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NEEDS_VERIFICATION = "needs_verification"


class Match(StrEnum):
    """How firmly a query points at a recruiter."""

    EXACT = "exact"
    CANDIDATES = "candidates"
    NONE = "none"


class CheckOutcome(StrEnum):
    """The one thing an answer to a check is about; none of them says that an offer is safe."""

    ACTIVE = "active"
    ACTIVE_UNDER_SUPERVISION = "active_under_supervision"
    SUSPENDED_PARTIAL = "suspended_partial"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NEEDS_VERIFICATION = "needs_verification"
    CANDIDATES = "candidates"
    NOT_FOUND = "not_found"
    SOURCE_TOO_OLD = "source_too_old"
    NO_REGISTER = "no_register"


@dataclass(frozen=True, slots=True)
class Recruiter:
    """One licensed placement company as its register prints it."""

    name: str
    licence_no: str = ""
    status: RecruiterStatus = RecruiterStatus.NEEDS_VERIFICATION
    city: str = ""
    province: str = ""
    aliases: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    sanctions: tuple[str, ...] = ()
    valid_until_as_printed: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recruiter that a query may mean, with a likeness of 0 to 100."""

    recruiter: Recruiter
    score: float

    def as_dict(self) -> dict[str, object]:
        """Return the fields that a person needs to tell look-alikes apart."""
        return {
            "name": self.recruiter.name,
            "city": self.recruiter.city,
            "licence_no": self.recruiter.licence_no,
            "status": self.recruiter.status.value,
            "score": self.score,
        }


@dataclass(frozen=True, slots=True)
class RegisterInfo:
    """Where the register in force comes from and how old it is."""

    source: str
    as_of: date
    rows: int
    demo: bool

    def is_too_old(self, today: date, *, freshness_days: int = FRESHNESS_DAYS) -> bool:
        """Tell whether the as-of date lies more than the given days back."""
        return today - self.as_of > timedelta(days=freshness_days)

    def as_dict(self) -> dict[str, object]:
        """Return the description as plain values for JSON."""
        return {
            "source": self.source,
            "as_of": self.as_of.isoformat(),
            "rows": self.rows,
            "demo": self.demo,
        }


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The answer to one check; `match` says how sure, `result` says what."""

    query: str
    match: Match
    result: CheckOutcome
    candidates: tuple[Candidate, ...] = ()
    register: RegisterInfo | None = None
    recruiter: Recruiter | None = None
    branch_asked: str = ""
    branch_listed: bool | None = None
    """Whether the branch in the query is on the record; None when that cannot be told."""

    @property
    def recorded_status(self) -> RecruiterStatus | None:
        """Return what the register prints for an exact match, however old it is."""
        return self.recruiter.status if self.recruiter else None

    @property
    def demo(self) -> bool:
        """Tell whether the answer rests on invented data and must say so."""
        return self.register is not None and self.register.demo

    def as_dict(self) -> dict[str, object]:
        """Return the stable JSON form of the answer."""
        return {
            "query": self.query,
            "match": self.match.value,
            "result": self.result.value,
            "candidates": [candidate.as_dict() for candidate in self.candidates],
            "register": self.register.as_dict() if self.register else None,
        }
