"""What numbers and days mean, written beside the words they were told in.

A responder reads "3jt (IDR 3000000)" and "habis lebaran (2026-03-22..2026-04-20)": the caller's own
words stay, and what cannot be read surely is left as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import phonenumbers

from hotline.dates import read_days
from hotline.money import read_money

_BETWEEN = "; "
_HOME = "ID"


def with_readings(found: Mapping[str, str], country: str, today: date) -> dict[str, str]:
    """Add to phone numbers, amounts and dates what they mean; `country` is where she is."""
    readers: dict[str, Callable[[str], object]] = {
        "phone": lambda words: international(words, country),
        "amount": lambda words: read_money(words, country=country),
        "date": lambda words: read_days(words, today),
    }
    return {
        name: _each(value, readers[name]) if name in readers else value
        for name, value in found.items()
    }


def _each(value: str, read: Callable[[str], object]) -> str:
    return _BETWEEN.join(_beside(words, read(words)) for words in value.split(_BETWEEN))


def _beside(words: str, meant: object) -> str:
    told = str(meant) if meant else ""
    return words if told in {"", words} else f"{words} ({told})"


def international(words: str, country: str = "") -> str:
    """Give a telephone number in the form that is dialled from anywhere; empty if it is none."""
    digits = "".join(sign for sign in words if sign.isdigit())
    for typed, region in ((words, _HOME), (f"+{digits}", None), (words, country or None)):
        try:
            number = phonenumbers.parse(typed, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return ""
