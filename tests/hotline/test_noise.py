"""Typing that says nothing is told from a short answer."""

import pytest

from hotline.noise import says_nothing


@pytest.mark.parametrize(
    "text", ["asdfgh", "hmm", "wkwkwk", "hahaha", "123", "...", "😭", "halo pak", "p", "tes", ""]
)
def test_noise_says_nothing(text: str) -> None:
    """It is no place and no name."""
    assert says_nothing(text)


@pytest.mark.parametrize(
    "text",
    ["Johor", "jkt", "mlg", "sby", "di rumah majikan", "Kampung Sungai Buluh", "kk park", "Sri",
     "ibu saya", "aku", "Bangkok", "Ngklik", "Phnom Penh", "Myawaddy", "Sragen"],
)  # fmt: skip
def test_a_short_answer_says_something(text: str) -> None:
    """Many places are shortened to three letters."""
    assert not says_nothing(text)
