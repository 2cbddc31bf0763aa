"""Who answers, and what the caller must be told about it."""

import pytest

from hotline.conversations import Answerer, Claim, Notice, notice, who_answers

HELD = Claim("Rini", 100.0)


def test_without_a_claim_the_bot_answers() -> None:
    """The plain case, with nothing to tell."""
    assert who_answers(Claim(), 50) is Answerer.BOT
    assert notice(Claim(), 50) is None


@pytest.mark.parametrize(("now", "answerer"), [(99.9, Answerer.PERSON), (100.0, Answerer.BOT)])
def test_a_claim_runs_out_by_itself(now: float, answerer: Answerer) -> None:
    """A responder who has gone home does not leave a caller alone."""
    assert who_answers(HELD, now) is answerer


def test_the_caller_is_told_once_that_a_person_answers() -> None:
    """And not again with every message."""
    assert notice(HELD, 50) is Notice.PERSON_HERE
    assert notice(Claim("Rini", 100.0, told_at=40.0), 50) is None


@pytest.mark.parametrize("claim", [Claim(told_at=40.0), Claim("Rini", 45.0, told_at=40.0)])
def test_the_caller_is_told_once_that_the_bot_is_back(claim: Claim) -> None:
    """Given back or run out, it is the same to her; who was told nothing is told nothing now."""
    assert notice(claim, 50) is Notice.BOT_BACK
    assert notice(Claim("Rini", 45.0), 50) is None
