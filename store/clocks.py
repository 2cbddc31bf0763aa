"""By which clock a caller's hours are meant: where she is, not where the one she reports is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

import phonenumbers
from babel.core import get_global

from hotline.contact_rules import DEFAULT_ZONE
from hotline.hours import zone_named
from hotline.persons import about_whom
from hotline.relatives import is_oneself

_HOME = "ID"
_SELF = r"(?:saya|sya|sy|aku|ku|kulo|kula|abdi|kuring|kami|kita|gue|gw|myself|me|i)"
_AND = r"(?:dan|dn|dengan|sama|sm|karo|kalih|jeung|lan|and|with|&|\+|,)"
# "saya dan adik saya" is there herself.
_TOGETHER = re.compile(rf"\b{_SELF}\W*{_AND}(?!\w)|(?<!\w){_AND}\W*{_SELF}\b", re.IGNORECASE)
# Who reports one of these may well work beside them; a family is told of at home.
_BESIDE_HER = re.compile(
    r"\b(?:te?man|temen|kawan|konco|kanca|kancana|kantin|babaturan|baturan|dongan|ngawan|rekan|"
    r"sejawat|tetangga|tonggo|tangga|tatangga|tatanggo|kenalan|friend|colleague|co-?worker|"
    r"neighbou?r|room-?mate|pacar|boyfriend|girlfriend)",
    re.IGNORECASE,
)


def zone_of(country: str) -> str | None:
    """Give a country's time zone; None where its clocks differ, or the country is unknown.

    Indonesia counts as Jakarta: who is there says WITA or WIT when she means it.
    """
    if country == _HOME:
        return DEFAULT_ZONE
    zones: list[str] = sorted(get_global("territory_zones").get(country, []))
    return zones[0] if zones and _agree(zones) else None


def clock(*, country: str | None, who: str | None, missing: bool, address: str) -> str | None:
    """Say by whose clock a caller tells hours; None when nobody can know, so they are unclear.

    `country` is where the person is whom it happened to, `who` that person in the caller's words,
    and `missing` says that somebody is looked for. An Indonesian number alone tells nothing of
    where its owner is: workers keep the one they had at home.
    """
    home = _country(address)
    hers = zone_of(home) if home else None
    there = zone_of(country) if country else None
    if who is not None and (is_oneself(who) or about_whom(who) == "saya sendiri"):
        return there if country else hers or DEFAULT_ZONE
    if _is_elsewhere(who, missing=missing, abroad=home not in (None, _HOME)):
        return hers
    if country in (None, _HOME):
        return hers or DEFAULT_ZONE
    return there if there and hers and _agree([there, hers]) else None


def _is_elsewhere(who: str | None, *, missing: bool, abroad: bool) -> bool:
    """Say whether the caller is surely not where the person is whom it happened to."""
    if who is None:
        return missing
    if _TOGETHER.search(who):
        return False
    family = missing or about_whom(who) is not None
    return abroad or (family and not _BESIDE_HER.search(who))


def _country(address: str) -> str | None:
    """Give the country of a telephone number; None for what is none."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(address))
    except phonenumbers.NumberParseException:
        return None


def _agree(zones: Iterable[str]) -> bool:
    # Winter and summer of one year tell clocks apart that only sometimes agree.
    moments = [datetime(2026, month, 1, tzinfo=UTC) for month in (1, 7)]
    named = [zone_named(zone) for zone in zones]
    return len({tuple(m.astimezone(zone).utcoffset() for m in moments) for zone in named}) == 1
