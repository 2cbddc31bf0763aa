"""What day a caller means, where the year is clear."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.dates import read_days, the_feasts

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kemarin", "2026-11-21"), ("wingi", "2026-11-21"), ("kamari", "2026-11-21"),
        ("kapatang", "2026-11-21"), ("uik", "2026-11-21"), ("riwenni", "2026-11-21"),
        ("bieu", "2026-11-22"), ("hari ini", "2026-11-22"), ("besok subuh", "2026-11-23"),
        ("jemak", "2026-11-23"), ("lusa", "2026-11-24"), ("12/03/2026", "2026-03-12"),
        ("5-3-26", "2026-03-05"), ("tgl 5 maret", "2026-03-05"),
        ("tanggal 12 Maret 2025", "2025-03-12"), ("bulan maret 2024", "2024-03-01..2024-03-31"),
        ("tahun 2023", "2023-01-01..2023-12-31"), ("minggu lalu", "2026-11-09..2026-11-15"),
        ("bulan lalu", "2026-10-01..2026-10-31"), ("bulan depan", "2026-12-01..2026-12-31"),
        ("tahun lalu", "2025-01-01..2025-12-31"), ("hari senin kemarin", "2026-11-16"),
        ("last friday", "2026-11-20"),
    ],
)  # fmt: skip
def test_days_are_read(typed: str, meant: str) -> None:
    """Near days in several languages, written dates, weeks, months and years."""
    assert str(read_days(typed, SUNDAY)) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sebelum idul adha", "2026-04-27..2026-05-26"),
        ("malam takbiran", "2026-03-20"),
        ("malam takbiran tahun lalu", "2025-03-30"),
        ("habis lebaran", "2026-03-22..2026-04-20"),
        ("bar riyaya", "2026-03-22..2026-04-20"),
        ("bulan puasa", "2026-02-19..2026-03-20"),
        ("lebaran 2025", "2025-03-31"),
        ("lebaran haji", "2026-05-27"),
    ],
)
def test_feasts_date_what_happened(typed: str, meant: str) -> None:
    """Many callers know no other date."""
    assert str(read_days(typed, SUNDAY)) == meant


@pytest.mark.parametrize(
    "typed", ["natal", "sebelum natal", "tanggal 20 desember", "hari senin", "3 hari lalu", "kapan"]
)
def test_a_day_that_may_be_to_come_is_left_open(typed: str) -> None:
    """A month before Christmas nobody can say which Christmas is meant."""
    assert read_days(typed, SUNDAY) is None


def test_every_feast_has_a_day_from_2024_to_2030() -> None:
    """The table reaches as far as the installation will."""
    for name, days in the_feasts().items():
        assert {day.year for day in days} == set(range(2024, 2031)), name


@given(st.text(), st.dates(date(2024, 1, 1), date(2030, 12, 31)))
def test_any_text_can_be_read(text: str, today: date) -> None:
    """No text makes it fail."""
    read_days(text, today)
