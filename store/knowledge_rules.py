"""Single facts as the desk edits them: by kind and id, as fields, and what an edit must keep to."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from typing import Any

from hotline.knowledge import Contact, Destination, Knowledge, Unit
from store import knowledge_items as items
from store.knowledge_items import Item

Fact = Contact | Destination | Unit
Fields = dict[str, Any]
_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,63}")
NEW = "new"  # the imprint of an item that is not there yet


class Kind(StrEnum):
    """What may be edited at the desk; the answers about the law are in bot/domain."""

    CONTACT = "contact"
    DESTINATION = "destination"
    UNIT = "unit"


_BUILD: Mapping[Kind, Callable[[Item], Fact]] = {
    Kind.CONTACT: items.contact,
    Kind.DESTINATION: items.destination,
    Kind.UNIT: items.unit,
}


def build(known: Knowledge, kind: Kind, item_id: str, fields: Mapping[str, Any]) -> Fact:
    """Make an item of its fields by the rules of the files; raises KnowledgeError."""
    item = Item(kind.value, item_id, fields)
    codes = {country.code for country in known.countries}
    code = item_id if kind is Kind.DESTINATION else fields.get("country")
    if kind is not Kind.UNIT and code not in codes:
        raise item.refuse(f"country {code} is not in countries.yml")
    return _BUILD[kind](item)


def check(
    known: Knowledge, kind: Kind, item_id: str, fields: Mapping[str, Any], today: date
) -> Fact:
    """Make an item as `build` does, by the rules for what is written today as well."""
    item = Item(kind.value, item_id, fields)
    if kind is not Kind.DESTINATION and not _ID.fullmatch(item_id):
        raise item.refuse("an id has 2 to 64 small letters, digits and hyphens")
    made = build(known, kind, item_id, fields)
    # A month or a year may be the one that is running.
    if item.as_of() > today.isoformat():
        raise item.refuse("as_of lies in the future")
    if isinstance(made, Destination) and made.review_by <= today:
        raise item.refuse("review_by must lie ahead")
    return made


def find(known: Knowledge, kind: Kind, item_id: str) -> Fact | None:
    """Find one item by its id, a destination by its country."""
    return next((one for one in of_kind(known, kind) if key_of(one) == item_id), None)


def of_kind(known: Knowledge, kind: Kind) -> tuple[Fact, ...]:
    """Give all items of a kind, in the order of the files."""
    if kind is Kind.CONTACT:
        return known.contacts
    return known.destinations if kind is Kind.DESTINATION else known.units


def key_of(one: Fact) -> str:
    """Give the id by which an item is edited."""
    return one.code if isinstance(one, Destination) else one.id


def fields_of(one: Fact | None) -> Fields:
    """Write an item as its file would hold it, without its id; what is empty is left out."""
    if one is None:
        return {}
    found = asdict(one)
    found.pop("code" if isinstance(one, Destination) else "id")
    plain = {name: list(v) if isinstance(v, tuple) else v for name, v in found.items()}
    plain |= {name: v.isoformat() for name, v in found.items() if isinstance(v, date)}
    return {name: v for name, v in plain.items() if v not in (None, "", [])}


def imprint_of(one: Fact | None) -> str:
    """Give a short imprint of what stands there; an editor brings it back to show what was read."""
    if one is None:
        return NEW
    text = json.dumps(fields_of(one), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def differences(before: Fields, after: Fields) -> list[tuple[str, Any, Any]]:
    """List the fields that differ, with both values."""
    names = dict.fromkeys([*after, *before])
    return [(n, before.get(n), after.get(n)) for n in names if before.get(n) != after.get(n)]
