"""A visitor's bucket: full at first, emptied by asking, refilled by waiting."""

import pytest

from channels.limits import Limit
from hotline.networks import network_of


def test_a_burst_is_allowed_and_then_one_as_time_passes() -> None:
    """Three at once, and one more each two seconds."""
    limit = Limit(burst=3, per_second=0.5)
    assert [limit.allows("siti", 100.0) for _ in range(4)] == [True, True, True, False]
    assert not limit.allows("siti", 101.0)
    assert limit.allows("siti", 102.0)
    assert not limit.allows("siti", 102.0)


def test_nobody_is_slowed_down_by_another() -> None:
    """Each visitor has a bucket of her own."""
    limit = Limit(burst=1, per_second=0.5)
    assert limit.allows("siti", 100.0)
    assert limit.allows("budi", 100.0)


def test_a_bucket_never_holds_more_than_its_burst() -> None:
    """Who was away for a night has no night's worth of messages."""
    limit = Limit(burst=2, per_second=1)
    limit.allows("siti", 100.0)
    assert [limit.allows("siti", 9999.0) for _ in range(3)] == [True, True, False]


def test_a_million_visitors_do_not_fill_the_memory() -> None:
    """Those quiet longest are forgotten; the one who asks all the time is not."""
    limit = Limit(burst=5, per_second=0)
    for number in range(30_000):
        limit.allows(str(number), 100.0)
        if number % 1000 == 0:
            limit.allows("loud", 100.0)
    assert len(limit._left) == 20_000
    assert not limit.allows("loud", 100.0)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.7", "192.0.2.8", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("testclient", "testclient", True),
    ],
)
def test_one_line_is_one_visitor(one: str, other: str, same: bool) -> None:
    """One IPv6 line hands out addresses without end."""
    assert (network_of(one) == network_of(other)) is same
