"""Ticket codes and keys: short, without look-alikes, with a check character, fit to be dictated."""

from __future__ import annotations

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0 O 1 I L U
PREFIX = "SR"
_MISREAD = str.maketrans({"0": "Q", "O": "Q", "1": "J", "I": "J", "L": "J", "U": "V"})
_LOOSE = re.compile(r"\bS[\s.\-]*R[\s.\-:]*((?:[0-9A-Z][\s.\-]*){6})(?![0-9A-Z])", re.IGNORECASE)
_KEY = re.compile(r"(?<!\d)(\d{4})[\s.\-]?(\d{4})(?!\d)")


def _check_character(body: str) -> str:
    # Weighted sum modulo 29 and 30 are coprime enough to catch one wrong or two swapped characters.
    total = sum((place + 2) * ALPHABET.index(char) for place, char in enumerate(body))
    return ALPHABET[total % 29]


def new_code() -> str:
    """Make a random code such as SR-7K4M-2Q; its last character checks the others."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(5))
    return format_code(body + _check_character(body))


def format_code(six: str) -> str:
    """Write six characters in the form callers see."""
    return f"{PREFIX}-{six[:4]}-{six[4:]}"


def find_code(text: str) -> str | None:
    """Find a ticket code in free text, however it is spaced or misread; None when there is none."""
    for found in _LOOSE.finditer(text):
        six = re.sub(r"[\s.\-]", "", found[1]).upper().translate(_MISREAD)
        if len(six) == 6 and six[5] == _check_character(six[:5]):
            return format_code(six)
    return None


def find_key(text: str) -> str | None:
    """Find the eight digits of a ticket key in free text."""
    found = _KEY.search(text)
    return found[1] + found[2] if found else None


def format_key(key: str) -> str:
    """Write a key in two groups, as it is read aloud."""
    return f"{key[:4]} {key[4:]}"
