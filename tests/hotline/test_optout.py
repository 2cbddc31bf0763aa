"""STOP and its kin as a whole message, and nothing else."""

import pytest

from hotline.optout import IN_WORDS, OUT_WORDS, Wish, wish


@pytest.mark.parametrize("text", ["STOP", "stop", " Stop. ", "BERHENTI", "UNSUBSCRIBE", "/stop"])
def test_the_word_alone_stops(text: str) -> None:
    """However it is written."""
    assert wish(text) is Wish.OUT


@pytest.mark.parametrize("text", ["START", "MULAI", "/start", "unstop"])
def test_the_word_alone_allows_again(text: str) -> None:
    """As above."""
    assert wish(text) is Wish.IN


@pytest.mark.parametrize(
    "text", ["", "BATAL", "LANJUT", "stop dulu", "tolong berhenti kirim", "majikan bilang stop"]
)
def test_anything_more_is_for_the_bot(text: str) -> None:
    """BATAL ends a question, LANJUT ends the recipes, and a sentence is a sentence."""
    assert wish(text) is None


def test_no_word_does_both() -> None:
    """Otherwise the order of asking would decide."""
    assert set() == OUT_WORDS & IN_WORDS
