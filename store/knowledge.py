"""Reads the knowledge folder and refuses what is corrupt, doubled or out of place."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import phonenumbers
import smsutil
import yaml

from hotline.knowledge import (
    Contact,
    Country,
    Destination,
    Emergency,
    Knowledge,
    KnowledgeError,
    Unit,
    key,
)

_CHANNELS = ("phone", "whatsapp", "email", "web")
_MARKS = ("found", "known")
_STATUSES = ("open", "closed", "one_channel", "moratorium", "no_agreement", "unclear")
_SMS_LIMIT = 200
_SHORT_CODE = re.compile(r"\d{3,4}")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_WEB = re.compile(r"(https://)?[\w-]+(\.[\w-]+)+(/\S*)?")
_AS_OF = re.compile(r"20\d\d(-\d\d(-\d\d)?)?")


def load_knowledge(folder: Path) -> Knowledge:
    """Read the four knowledge files.

    Raises KnowledgeError for the first item that cannot be trusted.
    """
    countries = _read(folder / "countries.yml", _country, "code")
    _refuse_shared_names(countries)
    codes = {country.code for country in countries}
    contacts = _read(folder / "contacts.yml", _contact, "id")
    destinations = _read(folder / "destinations.yml", _destination, "code")
    _refuse_strangers("contacts.yml", ((one.id, one.country) for one in contacts), codes)
    _refuse_strangers("destinations.yml", ((one.code, one.code) for one in destinations), codes)
    units = _read(folder / "units.yml", _unit, "id")
    return Knowledge(tuple(contacts), tuple(countries), tuple(destinations), tuple(units))


class _Item:
    """One item of a knowledge file; every complaint about it names it."""

    def __init__(self, file: str, name: str, fields: Mapping[str, Any]) -> None:
        self.file = file
        self.name = name
        self.fields = fields

    def refuse(self, what: str) -> KnowledgeError:
        """Make the error that says what is wrong with this item."""
        return KnowledgeError(self.file, self.name, what)

    def text(self, field: str) -> str:
        """Read a field that must hold words."""
        value = self.fields.get(field)
        if isinstance(value, date):
            value = value.isoformat()
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(f"{field} must be a text in quotes")
        return value.strip()

    def text_or_none(self, field: str) -> str | None:
        """Read a field that may be left out."""
        return None if self.fields.get(field) is None else self.text(field)

    def one_of(self, field: str, allowed: tuple[str, ...]) -> str:
        """Read a field with a closed list of values."""
        value = self.text(field)
        if value not in allowed:
            raise self.refuse(f"{field} is {value}, not one of {', '.join(allowed)}")
        return value

    def flag(self, field: str) -> bool:
        """Read a field that is true or false."""
        value = self.fields.get(field)
        if not isinstance(value, bool):
            raise self.refuse(f"{field} must be true or false")
        return value

    def texts(self, field: str) -> tuple[str, ...]:
        """Read a list of words; a missing field is an empty list."""
        values = self.fields.get(field) or []
        if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
            raise self.refuse(f"{field} must be a list of texts (quote yes, no, on, off)")
        return tuple(values)

    def as_of(self) -> str:
        """Read the date a fact was true, as year, year-month or full date."""
        value = self.text("as_of")
        if not _AS_OF.fullmatch(value):
            raise self.refuse(f"as_of is {value}, not YYYY, YYYY-MM or YYYY-MM-DD")
        return value


def _read[T](path: Path, build: Callable[[_Item], T], name_field: str) -> list[T]:
    seen: set[str] = set()
    built = []
    for number, fields in enumerate(_rows(path), start=1):
        if not isinstance(fields, dict):
            raise KnowledgeError(path.name, f"item {number}", "must be fields with values")
        name = _Item(path.name, f"item {number}", fields).text(name_field)
        item = _Item(path.name, name, fields)
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


def _contact(item: _Item) -> Contact:
    country = item.text("country")
    channel = item.one_of("channel", _CHANNELS)
    contact = Contact(
        id=item.name,
        country=country,
        unit=item.text("unit"),
        area=item.texts("area"),
        purpose=item.text("purpose"),
        channel=channel,
        number=item.text("number"),
        source=item.text("source"),
        as_of=item.as_of(),
        mark=item.one_of("mark", _MARKS),
        verified=item.flag("verified"),
        show=item.flag("show"),
        disagrees_with=item.text_or_none("disagrees_with"),
        note=item.text_or_none("note"),
    )
    if contact.show:
        _refuse_bad_address(item, channel, contact.number, item.text_or_none("dialled_as"))
    if contact.verified and contact.mark == "known":
        raise item.refuse("general knowledge (mark: known) cannot be verified: true")
    return contact


def _refuse_bad_address(item: _Item, channel: str, number: str, dialled_as: str | None) -> None:
    if channel in ("phone", "whatsapp"):
        if not _number_fits(number, dialled_as or item.text("country")):
            raise item.refuse(f"{number} is not a number of {dialled_as or item.text('country')}")
    elif not (_EMAIL if channel == "email" else _WEB).fullmatch(number):
        raise item.refuse(f"{number} is not an address for {channel}")


def _number_fits(number: str, country: str) -> bool:
    if _SHORT_CODE.fullmatch(number):
        return True
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return False
    if parsed.country_code != phonenumbers.country_code_for_region(country):
        return False
    return phonenumbers.is_possible_number(parsed)


def _country(item: _Item) -> Country:
    given = item.fields.get("emergency")
    emergency = None
    if given is not None:
        if not isinstance(given, dict):
            raise item.refuse("emergency must be fields with values")
        inner = _Item(item.file, f"{item.name} emergency", given)
        emergency = Emergency(
            number=inner.text("number"),
            what=inner.text("what"),
            mark=inner.one_of("mark", _MARKS),
            verified=inner.flag("verified"),
        )
    if not re.fullmatch("[A-Z]{2}", item.name):
        raise item.refuse("code must be two capital letters")
    return Country(
        code=item.name,
        name=item.text("name"),
        aliases=item.texts("aliases"),
        cities=item.texts("cities"),
        emergency=emergency,
    )


def _destination(item: _Item) -> Destination:
    sms = item.text("sms")
    if len(sms) > _SMS_LIMIT or not smsutil.is_valid_gsm(sms):
        raise item.refuse(f"sms must be at most {_SMS_LIMIT} characters of the GSM-7 alphabet")
    try:
        review_by = date.fromisoformat(item.text("review_by"))
    except ValueError as error:
        raise item.refuse("review_by must be YYYY-MM-DD") from error
    return Destination(
        code=item.name,
        status=item.one_of("status", _STATUSES),
        sectors=item.text("sectors"),
        text=item.text("text"),
        sms=sms,
        source=item.text("source"),
        as_of=item.as_of(),
        review_by=review_by,
    )


def _unit(item: _Item) -> Unit:
    return Unit(
        id=item.name,
        name=item.text("name"),
        does=item.text("does"),
        when_to_refer=item.text("when_to_refer"),
        level=item.text("level"),
        source=item.text("source"),
        mark=item.one_of("mark", _MARKS),
    )


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
