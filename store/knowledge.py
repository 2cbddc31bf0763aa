"""Reads the knowledge folder and refuses what is corrupt, doubled or out of place."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import yaml

from hotline.knowledge import Country, Knowledge, KnowledgeError, key
from store import knowledge_items as items
from store.knowledge_items import Item


def load_knowledge(folder: Path) -> Knowledge:
    """Read the four knowledge files.

    Raises KnowledgeError for the first item that cannot be trusted.
    """
    countries = _read(folder / "countries.yml", items.country, "code")
    _refuse_shared_names(countries)
    codes = {one.code for one in countries}
    contacts = _read(folder / "contacts.yml", items.contact, "id")
    destinations = _read(folder / "destinations.yml", items.destination, "code")
    _refuse_strangers("contacts.yml", ((one.id, one.country) for one in contacts), codes)
    _refuse_strangers("destinations.yml", ((one.code, one.code) for one in destinations), codes)
    units = _read(folder / "units.yml", items.unit, "id")
    return Knowledge(tuple(contacts), tuple(countries), tuple(destinations), tuple(units))


def _read[T](path: Path, build: Callable[[Item], T], name_field: str) -> list[T]:
    seen: set[str] = set()
    built = []
    for number, fields in enumerate(_rows(path), start=1):
        if not isinstance(fields, dict):
            raise KnowledgeError(path.name, f"item {number}", "must be fields with values")
        name = Item(path.name, f"item {number}", fields).text(name_field)
        item = Item(path.name, name, fields)
        if name in seen:
            raise item.refuse(f"{name_field} is used twice")
        seen.add(name)
        built.append(build(item))
    return built


def _rows(path: Path) -> list[Any]:
    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError(path.name, "file", f"cannot be read ({error})") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise KnowledgeError(path.name, f"line {line}", f"is not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise KnowledgeError(path.name, "file", f"is not YAML: {error}") from error
    if not isinstance(rows, list) or not rows:
        raise KnowledgeError(path.name, "file", "must be a list with at least one item")
    return rows


def _refuse_shared_names(countries: Iterable[Country]) -> None:
    owners: dict[tuple[str, ...], str] = {}
    for country in countries:
        for name in (country.name, *country.aliases, *country.cities):
            folded = key(name)
            if not folded:
                raise KnowledgeError("countries.yml", country.code, f"{name!r} has no letters")
            owner = owners.setdefault(folded, country.code)
            if owner != country.code:
                raise KnowledgeError("countries.yml", country.code, f"{name} also names {owner}")


def _refuse_strangers(file: str, uses: Iterable[tuple[str, str]], codes: set[str]) -> None:
    for item, code in uses:
        if code not in codes:
            raise KnowledgeError(file, item, f"country {code} is not in countries.yml")
