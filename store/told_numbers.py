"""Telephone numbers in what was told, in one form: only whole numbers are ever compared."""

from __future__ import annotations

import re

import phonenumbers

WRITTEN = re.compile(r"\+?\d[\d .-]{6,20}\d")


def phone(text: str) -> str:
    """Give a telephone number in one form; empty when it is none."""
    try:
        parsed = phonenumbers.parse(text, "ID")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(parsed):
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def names(text: str, number: str) -> bool:
    """Say whether a text names a whole telephone number, given in its one form."""
    # Reading numbers is slow, and few texts hold these digits at all.
    return number[-5:] in re.sub(r"\D", "", text) and number in phones(text)


def phones(text: str) -> set[str]:
    """Give all telephone numbers of a text."""
    return {phone(found.group()) for found in WRITTEN.finditer(text)} - {""}
