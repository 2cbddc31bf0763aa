"""How soon: by the clock or in working hours, and how late something is in words."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.deadlines import USUAL, Deadline, how_late, read_deadlines
from hotline.environment import SettingsError
from hotline.settings import load_settings
from hotline.tickets import USUAL_URGENCY, Category, Urgency

RULES = read_deadlines(USUAL)
HOUR, DAY = 3600.0, 86400.0
# Friday 27 November 2026, by Jakarta's clock.
FRIDAY = datetime(2026, 11, 27, 0, 0, tzinfo=UTC).timestamp() - 7 * HOUR


def at(days: int, clock: float) -> float:
    """Give an hour of a day counted from that Friday."""
    return FRIDAY + days * DAY + clock * HOUR


def test_danger_is_answered_within_five_minutes() -> None:
    """The shortest deadline belongs to the most urgent."""
    urgency = USUAL_URGENCY[Category.EMERGENCY]
    assert RULES.due(Deadline.FIRST, urgency, 1000.0) == 1000.0 + 300


def test_a_deadline_round_the_clock_is_a_length_of_time() -> None:
    """As before there were settings."""
    assert RULES.due(Deadline.FIRST, Urgency.HIGH, 0.0) == 4 * HOUR
    assert RULES.due(Deadline.NEXT, Urgency.NORMAL, 0.0) == 24 * HOUR
    assert RULES.due(Deadline.RESOLUTION, Urgency.NORMAL, 0.0) == 30 * DAY


@pytest.mark.parametrize(
    ("begin", "due"),
    [
        (at(0, 9), at(0, 13)),  # within one day
        (at(0, 14), at(3, 10)),  # Friday afternoon goes on on Monday
        (at(1, 12), at(3, 12)),  # a Saturday waits for Monday
        (at(0, 2), at(0, 12)),  # before the desk opens
        (at(0, 12), at(0, 16)),  # ends with the day
    ],
)
def test_working_hours_are_counted_only_while_the_desk_works(begin: float, due: float) -> None:
    """Four hours of work, eight hours a day, Monday to Friday."""
    rules = read_deadlines({**USUAL, "in_hours": "high"})
    assert rules.due(Deadline.FIRST, Urgency.HIGH, begin) == due


def test_a_day_is_a_working_day_and_a_holiday_is_none() -> None:
    """Two days from Thursday noon, with Friday off: Tuesday noon."""
    words = {**USUAL, "in_hours": "normal", "normal": "1d/1d/2d", "holidays": "2026-11-27"}
    rules = read_deadlines(words)
    assert rules.due(Deadline.RESOLUTION, Urgency.NORMAL, at(-1, 12)) == at(4, 12)


@given(st.floats(0, 4e9), st.floats(0, 4e9), st.sampled_from(Deadline), st.booleans())
def test_who_wrote_later_is_never_due_sooner(
    one: float,
    other: float,
    what: Deadline,
    working: bool,
) -> None:
    """Also over nights, weekends and holidays; and nothing is due before it began."""
    words = {**USUAL, "in_hours": "normal" if working else "", "holidays": "2026-11-27"}
    rules = read_deadlines(words)
    first, last = sorted((one, other))
    due = rules.due(what, Urgency.NORMAL, first)
    assert first < due <= rules.due(what, Urgency.NORMAL, last)


def test_critical_never_waits_for_the_morning() -> None:
    """Also where everything else keeps office hours."""
    rules = read_deadlines({**USUAL, "in_hours": "high,normal"})
    night = at(1, 2)
    assert rules.due(Deadline.FIRST, Urgency.CRITICAL, night) == night + 300
    with pytest.raises(SettingsError, match="SUAR_DEADLINES_IN_HOURS"):
        load_settings({"SUAR_DEADLINES_IN_HOURS": "critical"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SUAR_DEADLINES_HIGH", "4h/4h"),
        ("SUAR_DEADLINES_HIGH", "0m/4h/1d"),
        ("SUAR_DEADLINES_HIGH", "4h/4h/30m"),
        ("SUAR_ESCALATE_AFTER", "soon"),
        ("SUAR_WORKING_HOURS", "1-5 16:00-08:00"),
        ("SUAR_WORKING_HOURS", "5-1 08:00-16:00"),
        ("SUAR_WORKING_HOURS", "1-5 08:00-25:00"),
        ("SUAR_HOLIDAYS", "17 August"),
        ("SUAR_DEADLINES_IN_HOURS", "low"),
        ("SUAR_SMTP_HOST", "mail.example.org"),
        ("SUAR_SMTP_NAME", "suar"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    """An operator reads which line to mend."""
    with pytest.raises(SettingsError, match=name if "SMTP" not in name else "SUAR_SMTP"):
        load_settings({name: value})


def test_the_password_of_the_mail_server_is_not_shown() -> None:
    """Settings end in error reports."""
    env = {
        "SUAR_SMTP_HOST": "mail.example.org", "SUAR_SMTP_FROM": "suar@example.org",
        "SUAR_SMTP_NAME": "suar", "SUAR_SMTP_PASSWORD": "kata-sandi-surat",
    }  # fmt: skip
    assert "kata-sandi-surat" not in repr(load_settings(env))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(5, (1, "m")), (59 * 60, (59, "m")), (2 * HOUR + 60, (2, "h")), (47 * HOUR, (47, "h")),
     (49 * HOUR, (2, "d"))],
)  # fmt: skip
def test_lateness_is_told_in_one_unit(seconds: float, said: tuple[int, str]) -> None:
    """ "terlambat 2 jam", not "2:01:00"."""
    assert how_late(seconds) == said
