"""Names the country of a place, without asking anybody over the network."""

from __future__ import annotations

from collections.abc import Callable

from babel.core import Locale, get_global

from hotline.knowledge import Knowledge


def country_namer(knowledge: Knowledge) -> Callable[[float, float], str]:
    """Give a function from latitude and longitude to a country's name; empty at sea."""
    territories = get_global("zone_territories")
    others = Locale("id").territories

    def name(latitude: float, longitude: float) -> str:
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            return ""
        # Loaded with the first place: its table takes memory that most workers never need.
        from tzfpy import get_tz

        code = territories.get(get_tz(longitude, latitude), "")
        if not code.isalpha() or code == "ZZ":
            return ""  # the open sea belongs to no country
        country = knowledge.country(code)
        return country.name if country else str(others.get(code, ""))

    return name
