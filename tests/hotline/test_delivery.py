"""How statuses stand, how long is tried, and how the pauses grow."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.delivery import give_up_after, later, pause
from hotline.messages import OutboxState

S = OutboxState


@pytest.mark.parametrize(
    ("current", "told", "stands"),
    [
        (S.SENT, S.DELIVERED, S.DELIVERED),
        (S.DELIVERED, S.SENT, S.DELIVERED),
        (S.READ, S.DELIVERED, S.READ),
        (S.READ, S.FAILED, S.READ),
        (S.DELIVERED, S.FAILED, S.DELIVERED),
        (S.SENT, S.FAILED, S.FAILED),
        (S.FAILED, S.SENT, S.FAILED),
        (S.FAILED, S.DELIVERED, S.DELIVERED),  # it failed in one network and came by another
        (S.UNCERTAIN, S.SENT, S.SENT),
        (S.SENT, S.UNCERTAIN, S.SENT),
        (S.QUEUED, S.SENT, S.SENT),  # we thought it had not gone out
        (S.SENDING, S.READ, S.READ),
    ],
)
def test_a_status_moves_forward_only(current: S, told: S, stands: S) -> None:
    """Receipts come in any order."""
    assert later(current, told) is stands


@given(st.lists(st.sampled_from(OutboxState), min_size=1, max_size=5))
def test_the_order_of_receipts_does_not_matter(told: list[OutboxState]) -> None:
    """Every order of the same receipts ends at the same status."""
    ends = set()
    for order in itertools.permutations(told):
        state = S.SENDING
        for one in order:
            state = later(state, one)
        ends.add(state)
    assert len(ends) == 1


@pytest.mark.parametrize("urgency", ["critical", "high", "normal"])
def test_pauses_double_up_to_a_ceiling_and_are_spread(urgency: str) -> None:
    """Between half and the whole of the pause, never nothing."""
    whole = [pause(n, urgency, lambda: 0.0) for n in range(1, 60)]
    assert whole == sorted(whole)
    assert whole[0] == 4
    assert whole[-1] == whole[-2]
    assert [pause(n, urgency, lambda: 1.0) for n in range(1, 60)] == [one / 2 for one in whole]


def test_the_more_urgent_the_longer_and_the_closer() -> None:
    """A critical message is tried for a day, at least once a minute."""
    assert give_up_after("critical") > give_up_after("high") > give_up_after("normal")
    assert pause(50, "critical", lambda: 0.0) == 60
    assert give_up_after("unheard of") == give_up_after("normal")
