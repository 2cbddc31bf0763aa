"""A date is told as people say it, and as exactly as it is known."""

import pytest

from hotline.told_dates import told_date


@pytest.mark.parametrize(
    ("as_of", "told"),
    [("2026", "2026"), ("2026-08", "Agu 2026"), ("2026-11-22", "22 Nov 2026"),
     ("2025-04-05", "5 Apr 2025"), ("2025-12", "Des 2025"), ("2026-01-28", "28 Jan 2026")],
)  # fmt: skip
def test_a_date_is_told_in_words(as_of: str, told: str) -> None:
    """The month by name, without a day that nobody knows."""
    assert told_date(as_of, "id") == told
    assert told_date(as_of, "bug") == told, "the months are called so everywhere in Indonesia"


@pytest.mark.parametrize(("as_of", "told"), [("2026-08", "Aug 2026"), ("2026-05-02", "2 May 2026")])
def test_in_english_the_months_have_their_own_names(as_of: str, told: str) -> None:
    """Two thirds are the same."""
    assert told_date(as_of, "en") == told


@pytest.mark.parametrize("as_of", ["", "sekitar 2025", "2026-13", "2026-00-01"])
def test_what_is_no_date_stays_as_it_is(as_of: str) -> None:
    """A file's own words are better than an error in the middle of an emergency."""
    assert told_date(as_of, "id") == as_of
