"""Who is on duty: what a shift may look like, and which tickets it is for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hotline.errors import Refused
from hotline.staff import May, Place, Staff

LONGEST = 12 * 3600.0  # as long as a session of the console lives at most
_SHORTEST = 15 * 60.0
_LATE = 3600.0  # a shift that has just begun may still be entered
_FARTHEST = 366 * 86400.0
MOST_WEEKS = 13  # a shift of every week is entered for a quarter of a year at once
# After its end the hand-over note can still be written.
HANDOVER_SECONDS = 2 * 3600.0
# Offered first; any other name of the time zone database does too.
ZONES = (
    "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Asia/Kuala_Lumpur", "Asia/Singapore",
    "Asia/Hong_Kong", "Asia/Taipei", "Asia/Phnom_Penh", "Asia/Yangon", "Asia/Riyadh",
    "Asia/Dubai", "Asia/Seoul", "Asia/Tokyo",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Shift:
    """Somebody's time on duty."""

    id: int
    staff_id: int
    name: str
    unit: str  # empty: every unit
    region: str  # empty: the nation
    begins_at: float
    ends_at: float
    zone: str

    def holds(self, now: float) -> bool:
        """Say whether it runs at a moment."""
        return self.begins_at <= now < self.ends_at

    def covers(self, place: Place) -> bool:
        """Say whether it is for a ticket; who is on duty must also be allowed to see it."""
        if self.unit and self.unit not in {place.unit, *place.referred_units}:
            return False
        return not self.region or any(one.startswith(self.region) for one in place.regions)


def moments(day: date, begins: time, ends: time, zone: str) -> tuple[float, float]:
    """Give when a shift begins and ends; one that ends before it begins ends the next day.

    Raises Refused for a zone or an hour that does not exist.
    """
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused("no time zone has this name") from None
    first = datetime.combine(day, begins, place)
    last = datetime.combine(day + timedelta(days=ends <= begins), ends, place)
    for one in (first, last):
        # Where clocks are put forward an hour is missing.
        if one.astimezone(UTC).astimezone(place).replace(tzinfo=None) != one.replace(tzinfo=None):
            raise Refused("this hour does not exist on that day in that zone")
    return first.timestamp(), last.timestamp()


def check_shift(
    begins_at: float, ends_at: float, others: Iterable[tuple[float, float]], *, now: float
) -> None:
    """Raise Refused for a shift that is over, too long, or overlaps another of the same person."""
    length = ends_at - begins_at
    if length < _SHORTEST:
        raise Refused("a shift lasts at least a quarter of an hour")
    if length > LONGEST:
        raise Refused(f"a shift lasts at most {LONGEST / 3600:.0f} hours")
    if begins_at < now - _LATE:
        raise Refused("a shift in the past cannot be entered")
    if begins_at > now + _FARTHEST:
        raise Refused("a shift lies within the next year")
    if any(begins_at < end and begin < ends_at for begin, end in others):
        raise Refused("this person has another shift at that time")


def may_roster(supervisor: Staff, person: Staff) -> bool:
    """Say whether a supervisor plans somebody's shifts: those of his own scope and below."""
    if not supervisor.may(May.ASSIGN) or not person.may(May.READ):
        return False
    return person.scope.region.startswith(supervisor.scope.region)


def near(reader: Staff, region: str) -> bool:
    """Say whether a shift for a region concerns somebody: at, below or above the own scope."""
    own = reader.scope.region
    return region.startswith(own) or own.startswith(region)
