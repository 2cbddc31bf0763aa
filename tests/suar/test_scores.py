"""The figures of an evaluation."""

import math

import pytest

from suar.scores import Share, calibration_error, f1, mcnemar, reliability, share


def test_wilson_stays_inside_nought_and_one_for_a_perfect_score() -> None:
    """Twenty out of twenty is not certainty."""
    low, high = Share(20, 20).interval()
    assert low == pytest.approx(0.839, abs=0.001)
    assert high == 1.0


def test_wilson_of_half_is_even_on_both_sides() -> None:
    """Fifty of a hundred lies between 40 and 60 in a hundred."""
    low, high = Share(50, 100).interval()
    assert (low, high) == (pytest.approx(0.404, abs=0.001), pytest.approx(0.596, abs=0.001))


@pytest.mark.parametrize("total", range(1, 200))
def test_an_interval_holds_its_share(total: int) -> None:
    """Rounded sums of all or none must not leave the share outside: nobody could draw that."""
    for hits in range(total + 1):
        one = Share(hits, total)
        low, high = one.interval()
        assert 0.0 <= low <= one.value <= high <= 1.0


def test_a_share_of_nothing_is_shown_as_a_dash() -> None:
    """No examples give no figure."""
    assert str(share([])) == "-"
    assert math.isnan(share([]).value)


def test_f1_counts_each_entity_once() -> None:
    """One of two found, and one invented: precision and recall are a half."""
    told = [("country", "taiwan"), ("amount", "5jt")]
    read = [("country", "taiwan"), ("region", "taiwan")]
    assert f1([(told, read)]) == pytest.approx(0.5)


def test_confidence_that_keeps_its_word_has_no_calibration_error() -> None:
    """Of ten readings at 0.8, eight are right."""
    told = [(0.8, number < 8) for number in range(10)]
    assert calibration_error(told) == pytest.approx(0.0)


def test_boastful_confidence_shows_as_calibration_error() -> None:
    """Certain of everything and right half the time: the error is a half."""
    assert calibration_error([(1.0, True), (1.0, False)]) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("lost", "gained", "chance"),
    [(0, 0, 1.0), (1, 0, 1.0), (5, 0, 0.0625), (6, 0, 0.03125), (9, 1, 0.021484375), (3, 3, 1.0)],
)
def test_an_uneven_change_is_seldom_chance(lost: int, gained: int, chance: float) -> None:
    """Twice the tail of a fair coin; the same the other way round."""
    assert mcnemar(lost, gained) == pytest.approx(chance)
    assert mcnemar(gained, lost) == pytest.approx(chance)


def test_reliability_lists_the_bands_that_occur() -> None:
    """The highest band holds what is wholly sure."""
    told = [(0.15, False), (0.95, True), (1.0, True), (0.91, False)]
    rows = [(band, round(mean, 2), right) for band, mean, right in reliability(told)]
    assert rows == [(1, 0.15, Share(0, 1)), (9, 0.95, Share(2, 3))]
