"""Hours of the day: within or not, and when they next begin, wherever the caller is."""

from datetime import UTC, datetime

import pytest

from hotline.hours import next_beginning, within

EVENING = (21 * 60, 23 * 60)
NIGHT = (22 * 60, 5 * 60)


def at(hour: int, minute: int = 0, day: int = 22) -> float:
    """Give a moment of November 2024, UTC."""
    return datetime(2024, 11, day, hour, minute, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("moment", "inside"),
    [(at(14), True), (at(15, 59), True), (at(16), False), (at(13, 59), False)],
)
def test_a_span_holds_its_first_minute_and_not_its_last(moment: float, inside: bool) -> None:
    """21:00 to 23:00 in Jakarta is 14:00 to 16:00 UTC."""
    assert within([EVENING], "Asia/Jakarta", moment) is inside


@pytest.mark.parametrize(
    ("moment", "inside"), [(at(15), True), (at(21, 59), True), (at(22), False), (at(14), False)]
)
def test_a_span_may_cross_midnight(moment: float, inside: bool) -> None:
    """22:00 to 05:00 in Jakarta."""
    assert within([NIGHT], "Asia/Jakarta", moment) is inside


def test_the_place_decides_not_the_server() -> None:
    """14:00 UTC is 21:00 in Jakarta and 17:00 in Kuwait."""
    assert within([EVENING], "Asia/Jakarta", at(14))
    assert not within([EVENING], "Asia/Kuwait", at(14))


def test_the_next_beginning_is_today_or_tomorrow() -> None:
    """Before nine it is tonight, after nine tomorrow."""
    assert next_beginning([EVENING], "Asia/Jakarta", at(13)) == at(14)
    assert next_beginning([EVENING], "Asia/Jakarta", at(14)) == at(14, day=23)
    assert next_beginning([EVENING, NIGHT], "Asia/Jakarta", at(14)) == at(15)


def test_a_whole_day_is_always_open() -> None:
    """Midnight to midnight."""
    assert within([(0, 24 * 60)], "Asia/Jakarta", at(3))


def test_no_hours_never_begin() -> None:
    """Nothing to wait for."""
    assert next_beginning([], "Asia/Jakarta", at(3)) is None
    assert not within([], "Asia/Jakarta", at(3))


@pytest.mark.parametrize("name", ["Asia/Nowhere", "", "../etc/passwd"])
def test_an_unknown_place_is_jakarta(name: str) -> None:
    """A wrong name must not stop the sender."""
    assert within([EVENING], name, at(14))


def test_a_clock_that_is_put_forward_still_opens() -> None:
    """02:30 does not exist in Berlin on 30 March 2025; the span begins all the same."""
    before = datetime(2025, 3, 29, 12, tzinfo=UTC).timestamp()
    begins = next_beginning([(150, 240)], "Europe/Berlin", before)
    assert begins is not None
    assert 12 * 3600 < begins - before < 14 * 3600
