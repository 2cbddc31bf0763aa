"""What a list of tickets is narrowed to, as it stands in an address, a form and a page."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode

from fastapi import HTTPException, Query

from hotline.tickets import Category, State, Urgency
from store.regions import load_regions
from store.ticket_list import NOWHERE, Filter

_Word = Annotated[str, Query(max_length=24)]
_CODES = re.compile(r"(?:\d{2}|\d{4}|[A-Z]{2})(?: (?:\d{2}|\d{4}|[A-Z]{2}))*")


def _word[T: StrEnum](kind: type[T], word: str) -> T | None:
    """Read a chosen word of a list; an empty one chooses nothing."""
    try:
        return kind(word) if word else None
    except ValueError:
        raise HTTPException(422) from None


def read(category: str, urgency: str, state: str, label: str, region: str) -> Filter:
    """Read a filter out of typed words; raises a 422 for a word of no list."""
    return Filter(
        _word(Category, category),
        _word(Urgency, urgency),
        _word(State, state),
        label.strip(),
        _regions(region.strip()),
    )


def _regions(said: str) -> tuple[str, ...]:
    if not said:
        return ()
    if _CODES.fullmatch(said):
        return tuple(dict.fromkeys(said.split()))
    # A place nobody knows must not show everything.
    return load_regions().find_all(said) or (NOWHERE,)


def of_address(
    category: _Word = "",
    urgency: _Word = "",
    state: _Word = "",
    label: Annotated[str, Query(max_length=40)] = "",
    region: Annotated[str, Query(max_length=200)] = "",
) -> Filter:
    """Read a filter out of a page's address."""
    return read(category, urgency, state, label, region)


def words(chosen: Filter) -> dict[str, str]:
    """Give a filter as an address and a form carry it, without what is not chosen."""
    found = {
        "category": str(chosen.category or ""),
        "urgency": str(chosen.urgency or ""),
        "state": str(chosen.state or ""),
        "label": chosen.label,
        "region": " ".join(chosen.regions),
    }
    return {name: value for name, value in found.items() if value}


def kept(chosen: Filter) -> str:
    """Give a filter as the further part of an address."""
    return "".join(f"&{urlencode({name: value})}" for name, value in words(chosen).items())


def region_names(chosen: Filter) -> str:
    """Name the regions of a filter as they can be typed again."""
    return ", ".join(load_regions().name(code) for code in chosen.regions if code != NOWHERE)
