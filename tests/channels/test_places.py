"""Countries of places, found without a network: also on both sides of a border."""

import pytest

from channels.places import country_namer
from hotline.settings import ROOT
from store.knowledge import load_knowledge

PLACES = {
    "Johor Bahru": (1.4927, 103.7414, "Malaysia"),
    "Woodlands": (1.4360, 103.7865, "Singapura"),
    "Batam": (1.1300, 104.0500, "Indonesia"),
    "Tawau": (4.2400, 117.8900, "Malaysia"),
    "Nunukan": (4.1300, 117.6600, "Indonesia"),
    "Hong Kong": (22.3000, 114.1700, "Hong Kong"),
    "Sihanoukville": (10.6300, 103.5000, "Kamboja"),
    "Myawaddy": (16.6900, 98.5100, "Myanmar"),
    "Riyadh": (24.7000, 46.7000, "Arab Saudi"),
    "Kuwait": (29.3700, 47.9700, "Kuwait"),
    "Taipei": (25.0300, 121.5600, "Taiwan"),
    "Port Moresby": (-9.4400, 147.1800, "Papua Nugini"),
}


@pytest.mark.parametrize(("latitude", "longitude", "country"), PLACES.values(), ids=PLACES)
def test_a_place_is_in_its_country(latitude: float, longitude: float, country: str) -> None:
    """Named as the knowledge names it, or as Indonesian does."""
    assert country_namer(load_knowledge(ROOT / "knowledge"))(latitude, longitude) == country


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(5.0, 90.0), (91.0, 0.0), (0.0, 181.0), (float("nan"), 0.0)]
)
def test_the_sea_and_nonsense_are_nowhere(latitude: float, longitude: float) -> None:
    """No country is guessed."""
    assert country_namer(load_knowledge(ROOT / "knowledge"))(latitude, longitude) == ""
