"""Hours of the day in a place: whether a moment lies within them, and when they next begin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

JAKARTA = "Asia/Jakarta"
Span = tuple[int, int]  # minutes of the day, from and until; until may lie after midnight
_DAY = 24 * 60


def zone_named(name: str) -> tzinfo:
    """Give a time zone; an unknown name, or a machine without the table of zones, means Jakarta."""
    for known in (name, JAKARTA):
        try:
            return ZoneInfo(known)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return timezone(timedelta(hours=7))


def within(spans: Sequence[Span], zone: str, now: float) -> bool:
    """Say whether a moment lies in one of the spans."""
    local = datetime.fromtimestamp(now, zone_named(zone))
    minute = local.hour * 60 + local.minute
    return any(_holds(span, minute) for span in spans)


def _holds(span: Span, minute: int) -> bool:
    begin, end = span[0] % _DAY, span[1] % _DAY
    if begin == end:
        return True  # from midnight to midnight
    return begin <= minute < end if begin < end else minute >= begin or minute < end


def next_beginning(spans: Sequence[Span], zone: str, now: float) -> float | None:
    """Give the moment after `now` when the next span begins; none without spans."""
    local = datetime.fromtimestamp(now, zone_named(zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    # The clock may be put forward or back in between, so local days are counted, not seconds.
    moments = [
        (midnight + timedelta(days=days, minutes=span[0] % _DAY)).astimezone(UTC).timestamp()
        for days in range(3)
        for span in spans
    ]
    return min((moment for moment in moments if moment > now), default=None)
