"""One item of a knowledge file or of the desk: what its fields must be."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import phonenumbers
import smsutil

from hotline.knowledge import Contact, Country, Destination, Emergency, KnowledgeError, Unit
from hotline.promises import promises_in

CHANNELS = ("phone", "whatsapp", "email", "web")
MARKS = ("found", "known")
STATUSES = ("open", "closed", "one_channel", "moratorium", "no_agreement", "unclear")
_SMS_LIMIT = 200
_OFFICE = "BP3MI"
# The longest that still fits a message with everything that stands around it.
_LONGEST = {"text": 650, "unit": 33, "number": 40, "name": 60, "source": 150}
_LONGEST_OTHER = 300
_SHORT_CODE = re.compile(r"\d{3,4}")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_WEB = re.compile(r"(https://)?[\w-]+(\.[\w-]+)+(/\S*)?")
_AS_OF = re.compile(r"20\d\d(-\d\d(-\d\d)?)?")
_UNFIT = re.compile(r"[{}\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e]")


class Item:
    """Reads the fields of one item; every complaint about it names it."""

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
        value = value.strip()
        longest = _LONGEST.get(field, _LONGEST_OTHER)
        if len(value) > longest:
            raise self.refuse(f"{field} is longer than {longest} characters")
        if _UNFIT.search(value):
            raise self.refuse(f"{field} holds braces or signs that cannot be seen")
        return value

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
        try:
            date.fromisoformat(value + "-01-01"[len(value) - 4 :])
        except ValueError:
            fits = False
        else:
            fits = _AS_OF.fullmatch(value) is not None
        if not fits:
            raise self.refuse(f"as_of is {value}, not YYYY, YYYY-MM or YYYY-MM-DD")
        return value


def contact(item: Item) -> Contact:
    """Build a contact; a number that is shown must be one of its country."""
    channel = item.one_of("channel", CHANNELS)
    made = Contact(
        id=item.name,
        country=item.text("country"),
        unit=item.text("unit"),
        area=item.texts("area"),
        purpose=item.text("purpose"),
        channel=channel,
        number=item.text("number"),
        source=item.text("source"),
        as_of=item.as_of(),
        mark=item.one_of("mark", MARKS),
        verified=item.flag("verified"),
        show=item.flag("show"),
        disagrees_with=item.text_or_none("disagrees_with"),
        note=item.text_or_none("note"),
        dialled_as=item.text_or_none("dialled_as"),
    )
    if made.show:
        _refuse_bad_address(item, channel, made.number, made.dialled_as)
    if made.verified and made.mark == "known":
        raise item.refuse("general knowledge (mark: known) cannot be verified: true")
    _refuse_promises(item, made.unit, made.purpose)
    return made


def _refuse_promises(item: Item, *texts: str) -> None:
    for text in texts:
        for words in promises_in(text):
            raise item.refuse(f"no text may promise or vouch: {words}")


def _refuse_bad_address(item: Item, channel: str, number: str, dialled_as: str | None) -> None:
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


def country(item: Item) -> Country:
    """Build a country with its names."""
    given = item.fields.get("emergency")
    emergency = None
    if given is not None:
        if not isinstance(given, dict):
            raise item.refuse("emergency must be fields with values")
        inner = Item(item.file, f"{item.name} emergency", given)
        emergency = Emergency(
            number=inner.text("number"),
            what=inner.text("what"),
            mark=inner.one_of("mark", MARKS),
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


def destination(item: Item) -> Destination:
    """Build what is known about a destination; both forms of its text are there."""
    text, sms = item.text("text"), item.text("sms")
    _refuse_promises(item, text, sms)
    if _OFFICE not in text:
        raise item.refuse(f"text must name whom to ask ({_OFFICE})")
    if len(sms) > _SMS_LIMIT or not smsutil.is_valid_gsm(sms):
        raise item.refuse(f"sms must be at most {_SMS_LIMIT} characters of the GSM-7 alphabet")
    try:
        review_by = date.fromisoformat(item.text("review_by"))
    except ValueError as error:
        raise item.refuse("review_by must be YYYY-MM-DD") from error
    return Destination(
        code=item.name,
        status=item.one_of("status", STATUSES),
        sectors=item.text("sectors"),
        text=text,
        sms=sms,
        source=item.text("source"),
        as_of=item.as_of(),
        review_by=review_by,
    )


def unit(item: Item) -> Unit:
    """Build a type of unit; the file's units carry no date of their own."""
    return Unit(
        id=item.name,
        name=item.text("name"),
        does=item.text("does"),
        when_to_refer=item.text("when_to_refer"),
        level=item.text("level"),
        source=item.text("source"),
        mark=item.one_of("mark", MARKS),
        as_of=item.as_of() if item.fields.get("as_of") else "",
    )
