"""What printed headings, status words and dates mean."""

from datetime import date
from pathlib import Path

import pytest

from hotline.register import RecruiterStatus
from store.register.printed import HEADINGS, field_of, printed_date, status_of


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("NAMA PERUSAHAAN", "name"),
        ("Nama P3MI", "name"),
        ("No. SIP3MI", "licence_no"),
        ("Kab/Kota", "city"),
        ("Berlaku s/d", "valid_until"),
        ("Telepon", None),
    ],
)
def test_headings_met_before_are_mapped(heading: str, field: str | None) -> None:
    """Case and punctuation differ from list to list."""
    assert field_of(heading) == field


@pytest.mark.parametrize(
    ("printed", "status"),
    [
        ("AKTIF", RecruiterStatus.ACTIVE),
        ("Aktif dalam pengawasan", RecruiterStatus.ACTIVE_UNDER_SUPERVISION),
        ("DIHENTIKAN SEMENTARA (SEBAGIAN)", RecruiterStatus.SUSPENDED_PARTIAL),
        ("Dihentikan sementara (seluruh)", RecruiterStatus.SUSPENDED),
        ("Skorsing 3 bulan sejak 1 Juni", RecruiterStatus.SUSPENDED),
        ("Izin DICABUT per 12 Mei 2025", RecruiterStatus.REVOKED),
        ("Berakhir", RecruiterStatus.EXPIRED),
        ("Tidak aktif", RecruiterStatus.NEEDS_VERIFICATION),
    ],
)
def test_status_words_are_understood(printed: str, status: RecruiterStatus) -> None:
    """Bad news is read out of longer texts too."""
    assert status_of(printed) is status


@pytest.mark.parametrize(
    "printed",
    ["Aktif (belum daftar ulang)", "Sanksi telah dicabut", "Tidak diskors", "Aktif, lihat nota"],
)
def test_doubtful_status_words_are_left_to_a_person(printed: str) -> None:
    """Nothing but the plain word makes a firm active, and a lifted sanction is no revocation."""
    assert status_of(printed) is None


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("31 Desember 2026", date(2026, 12, 31)),
        ("2026-12-31", date(2026, 12, 31)),
        ("31/12/2026", date(2026, 12, 31)),
        ("1 Jan 2022 s.d. 05 Agt 2027", date(2027, 8, 5)),
        ("31 Februari 2026", None),
        ("5 tahun", None),
    ],
)
def test_printed_dates_are_read_day_first(printed: str, day: date | None) -> None:
    """The end of a range counts, and a duration is never turned into a date."""
    assert printed_date(printed) == day


def test_every_heading_that_is_understood_is_documented() -> None:
    """The refusal of a file without a known heading points its reader there."""
    documented = Path(__file__).parents[3].joinpath("docs", "register.md").read_text("utf-8")
    for field, headings in HEADINGS.items():
        assert f"| {field} | {headings.replace('|', ', ')} |" in documented
