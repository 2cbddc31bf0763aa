"""By whose clock hours are meant: hers, and nobody's where that cannot be known."""

import pytest

from store.clocks import clock, zone_of

JAVA, RIYADH, CHAT = "+6281234567890", "+966501234567", "123456789"


@pytest.mark.parametrize(
    ("country", "zone"),
    [("KW", "Asia/Kuwait"), ("SG", "Asia/Singapore"), ("ID", "Asia/Jakarta"), ("US", None),
     ("AU", None), ("XX", None)],
)  # fmt: skip
def test_a_country_has_one_zone_or_none_that_is_sure(country: str, zone: str | None) -> None:
    """Where clocks differ, hours alone say nothing."""
    assert zone_of(country) == zone


def test_malaysias_two_zones_show_one_time() -> None:
    """Kuching and Kuala Lumpur agree."""
    assert zone_of("MY") in {"Asia/Kuching", "Asia/Kuala_Lumpur"}


@pytest.mark.parametrize("who", ["saya sendiri", "kami berlima", "myself", "pelapor sendiri"])
@pytest.mark.parametrize("address", [JAVA, CHAT])
def test_a_worker_means_the_clock_of_the_country_she_is_in(who: str, address: str) -> None:
    """Whatever number she has kept."""
    found = clock(country="SA", who=who, missing=False, address=address)
    assert found == "Asia/Riyadh"


@pytest.mark.parametrize(("who", "missing"), [("anak saya", False), ("Siti", True), (None, True)])
def test_her_family_means_its_own(who: str | None, missing: bool) -> None:
    """A mother in Java whose daughter is missing in Saudi Arabia."""
    assert clock(country="SA", who=who, missing=missing, address=JAVA) == "Asia/Jakarta"
    assert clock(country="SA", who=who, missing=missing, address="+85291234567") == zone_of("HK")
    assert clock(country="SA", who=who, missing=missing, address=CHAT) is None


@pytest.mark.parametrize("who", ["teman saya", "Siti", "saya dan adik saya", "tetangga", None])
def test_who_may_well_be_beside_her_has_no_sure_clock(who: str | None) -> None:
    """Unless both agree: a home number is carried along."""
    assert clock(country="SA", who=who, missing=False, address=JAVA) is None
    assert clock(country="SA", who=who, missing=False, address=CHAT) is None
    assert clock(country="SA", who=who, missing=False, address=RIYADH) == "Asia/Riyadh"


@pytest.mark.parametrize(
    ("address", "zone"), [(CHAT, "Asia/Jakarta"), (JAVA, "Asia/Jakarta"), (RIYADH, "Asia/Riyadh")]
)
def test_while_no_country_is_told_her_number_tells_it(address: str, zone: str) -> None:
    """And without one, Jakarta."""
    assert clock(country=None, who=None, missing=False, address=address) == zone


def test_a_number_of_a_country_with_many_clocks_tells_none() -> None:
    """New York or Honolulu."""
    assert clock(country=None, who="anak saya", missing=False, address="+12025550123") is None
