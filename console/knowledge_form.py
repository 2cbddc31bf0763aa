"""The forms in which facts are edited: which fields a kind has, and how they are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from store.knowledge_items import CHANNELS, MARKS, STATUSES
from store.knowledge_rules import Fields, Kind


@dataclass(frozen=True)
class Field:
    """One field of a form."""

    name: str
    how: str = "line"  # line, box, list, yes, country, choice
    choices: tuple[str, ...] = ()
    needed: bool = True


_ALWAYS = (Field("source"), Field("as_of"))
FORMS: Mapping[Kind, tuple[Field, ...]] = {
    Kind.CONTACT: (
        Field("country", "country"),
        Field("unit"),
        Field("area", "list", needed=False),
        Field("purpose"),
        Field("channel", "choice", CHANNELS),
        Field("number"),
        Field("dialled_as", needed=False),
        *_ALWAYS,
        Field("mark", "choice", MARKS),
        Field("verified", "yes", needed=False),
        Field("show", "yes", needed=False),
        Field("disagrees_with", needed=False),
        Field("note", needed=False),
    ),
    Kind.DESTINATION: (
        Field("status", "choice", STATUSES),
        Field("sectors"),
        Field("text", "box"),
        Field("sms", "box"),
        *_ALWAYS,
        Field("review_by"),
    ),
    Kind.UNIT: (
        Field("name"),
        Field("does", "box"),
        Field("when_to_refer", "box"),
        Field("level"),
        *_ALWAYS,
        Field("mark", "choice", MARKS),
    ),
}


def read_form(kind: Kind, given: Mapping[str, str]) -> Fields:
    """Read what was typed; empty fields are left out, lines of a text become one."""
    found: dict[str, Any] = {}
    for field in FORMS[kind]:
        typed = " ".join(given.get(field.name, "").split())
        if field.how == "yes":
            found[field.name] = bool(typed)
        elif field.how == "list":
            found[field.name] = [part.strip() for part in re.split("[,;]", typed) if part.strip()]
        elif typed:
            found[field.name] = typed
    return {name: value for name, value in found.items() if value != []}


def write_form(fields: Fields) -> dict[str, str]:
    """Write fields as a form holds them."""
    return {name: as_typed(value) for name, value in fields.items()}


def as_typed(value: Any) -> str:
    """Write one value as somebody would type it."""
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, bool):
        return "1" if value else ""
    return str(value)
