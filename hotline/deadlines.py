"""How soon a ticket is answered, answered again and settled: by the clock or in working hours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from hotline.hours import JAKARTA, zone_named
from hotline.tickets import Urgency

_DAY = 86400.0
_UNITS = {"m": 60.0, "h": 3600.0, "d": _DAY}
_FARTHEST = 3660  # days looked at; no deadline is ten years away


class Deadline(StrEnum):
    """What must have happened by then."""

    FIRST = "first_response"  # a person has answered for the first time
    NEXT = "next_response"  # a person has answered what she wrote since
    RESOLUTION = "resolution"  # what can be done is done


@dataclass(frozen=True)
class Span:
    """A length of time as an operator writes it: 5m, 4h, 14d."""

    amount: float
    unit: str

    def seconds(self, day: float = _DAY) -> float:
        """Give the length in seconds; a day of working time is shorter than one on the clock."""
        return self.amount * (day if self.unit == "d" else _UNITS[self.unit])


@dataclass(frozen=True, kw_only=True)
class WorkingHours:
    """When the desk works, by Jakarta's clock."""

    first_day: int  # 1 is Monday
    last_day: int
    opens: time
    closes: time
    holidays: frozenset[date] = frozenset()

    @property
    def day(self) -> float:
        """Give the seconds of one working day."""
        return (self.closes.hour - self.opens.hour) * 3600.0 + (
            self.closes.minute - self.opens.minute
        ) * 60.0

    def works_on(self, day: date) -> bool:
        """Say whether a day is a working day."""
        return self.first_day <= day.isoweekday() <= self.last_day and day not in self.holidays

    def within(self, now: float) -> bool:
        """Say whether the desk works at a moment."""
        local = datetime.fromtimestamp(now, zone_named(JAKARTA))
        return self.works_on(local.date()) and self.opens <= local.time() < self.closes

    def after(self, begin: float, seconds: float) -> float:
        """Give the moment at which so much working time will have passed."""
        zone, left = zone_named(JAKARTA), seconds
        today = datetime.fromtimestamp(begin, zone).date()
        for ahead in range(_FARTHEST):
            day = today + timedelta(days=ahead)
            if not self.works_on(day):
                continue
            opens = max(begin, datetime.combine(day, self.opens, zone).timestamp())
            closes = datetime.combine(day, self.closes, zone).timestamp()
            if opens + left <= closes:
                return opens + left
            left -= max(closes - opens, 0.0)
        raise ValueError("no working time is left")


@dataclass(frozen=True, kw_only=True)
class Deadlines:
    """The rules of one installation; `words` are the settings they were read from."""

    allowed: Mapping[Urgency, Mapping[Deadline, Span]]
    escalate_after: Mapping[Urgency, Span]
    hours: WorkingHours
    in_hours: frozenset[Urgency]  # whose deadlines count working time only
    words: Mapping[str, str]

    def due(self, what: Deadline, urgency: Urgency, begin: float) -> float:
        """Say until when something must have happened that could be done from `begin` on."""
        span = self.allowed[urgency][what]
        if urgency in self.in_hours:
            return self.hours.after(begin, span.seconds(self.hours.day))
        return begin + span.seconds()

    def next_step(self, urgency: Urgency, begin: float) -> float:
        """Say when a ticket that went up at `begin` goes up once more."""
        span = self.escalate_after[urgency]
        if urgency in self.in_hours:
            return self.hours.after(begin, span.seconds(self.hours.day))
        return begin + span.seconds()


# How the settings are called, and what they are worth when nobody sets them.
USUAL: Mapping[str, str] = {
    "critical": "5m/5m/3d",
    "high": "4h/4h/14d",
    "normal": "24h/24h/30d",
    "escalate": "10m/2h/24h",
    "working_hours": "1-5 08:00-16:00",
    "holidays": "",
    "in_hours": "",
}


def read_deadlines(words: Mapping[str, str]) -> Deadlines:
    """Read the rules from the words of the settings; raises ValueError naming what is wrong."""
    urgencies = (Urgency.CRITICAL, Urgency.HIGH, Urgency.NORMAL)
    allowed = {
        urgency: dict(zip(Deadline, _spans(words, urgency.value), strict=True))
        for urgency in urgencies
    }
    for urgency, spans in allowed.items():
        if spans[Deadline.RESOLUTION].seconds() < spans[Deadline.FIRST].seconds():
            raise ValueError(f"{urgency.value}: a ticket is answered before it is settled")
    return Deadlines(
        allowed=allowed,
        escalate_after=dict(zip(urgencies, _spans(words, "escalate"), strict=True)),
        hours=_hours(words["working_hours"], words["holidays"]),
        in_hours=_in_hours(words["in_hours"]),
        words=dict(words),
    )


def _spans(words: Mapping[str, str], name: str) -> list[Span]:
    parts = words[name].replace(" ", "").split("/")
    found = [re.fullmatch(r"(\d{1,4})([mhd])", part) for part in parts]
    if len(found) != 3 or not all(one and int(one[1]) for one in found):
        raise ValueError(f"{name}: three lengths such as 5m/4h/14d (m, h or d), not {words[name]}")
    return [Span(float(one[1]), one[2]) for one in found if one]


def _hours(raw: str, holidays: str) -> WorkingHours:
    found = re.fullmatch(r"([1-7])-([1-7]) (\d\d:\d\d)-(\d\d:\d\d)", raw.strip())
    opens, closes = (_clock(found[3]), _clock(found[4])) if found else (None, None)
    if found is None or opens is None or closes is None or found[1] > found[2] or opens >= closes:
        raise ValueError("working_hours: days and hours such as 1-5 08:00-16:00")
    try:
        days = frozenset(date.fromisoformat(one) for one in holidays.replace(",", " ").split())
    except ValueError:
        raise ValueError("holidays: days such as 2027-01-01,2027-03-19") from None
    return WorkingHours(
        first_day=int(found[1]), last_day=int(found[2]), opens=opens, closes=closes, holidays=days
    )


def _clock(raw: str) -> time | None:
    try:
        return time.fromisoformat(raw)
    except ValueError:
        return None


def _in_hours(raw: str) -> frozenset[Urgency]:
    try:
        chosen = frozenset(Urgency(one) for one in raw.replace(",", " ").split())
    except ValueError:
        raise ValueError("in_hours: high, normal, both, or nothing") from None
    if Urgency.CRITICAL in chosen:
        raise ValueError("in_hours: what is critical does not wait for the morning")
    return chosen


def how_late(seconds: float) -> tuple[int, str]:
    """Say how late something is in one whole unit: minutes, hours from one on, days from two on."""
    if seconds < 3600:
        return max(int(seconds // 60), 1), "m"
    if seconds < 2 * _DAY:
        return int(seconds // 3600), "h"
    return int(seconds // _DAY), "d"
