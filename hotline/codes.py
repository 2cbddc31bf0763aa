"""Ticket codes and keys: short, without look-alikes, with a check character, fit to be dictated."""

from __future__ import annotations

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0 O 1 I L U
PREFIX = "SR"
_KEY_LENGTH = 8
_MISREAD = str.maketrans({"0": "Q", "O": "Q", "1": "J", "I": "J", "L": "J", "U": "V"})
# Both of a pair may stand in a code; the check character tells that one was misread.
_ALIKE = {"S": "5", "5": "S", "B": "8", "8": "B", "Z": "2", "2": "Z", "G": "6", "6": "G"}
_LOOSE = re.compile(r"\b[S5][\s.\-]*R[\s.\-:]*((?:[0-9A-Z][\s.\-]*){6})(?![0-9A-Z])", re.IGNORECASE)
_NUMBER = re.compile(r"\+?\d(?:[\s.\-]?\d)*")


def _check_character(body: str) -> str:
    # ISO 7064's hybrid system, MOD 31,30: finds every wrong character and nearly every swap.
    size = len(ALPHABET)
    product = size
    for char in body:
        product = ((product + ALPHABET.index(char)) % size or size) * 2 % (size + 1)
    return ALPHABET[(size + 1 - product) % size]


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
        six = _six(found)
        if six[5] == _check_character(six[:5]):
            return format_code(six)
    return None


def near_codes(text: str) -> list[str]:
    """Give the codes meant if one S was read as 5, or B as 8, in a code that does not check.

    Only a guess: it opens nothing without the ticket's key, or its own conversation.
    """
    found = _LOOSE.search(text)
    if found is None or find_code(text) is not None:
        return []
    six = _six(found)
    read = [
        six[:place] + _ALIKE[sign] + six[place + 1 :]
        for place, sign in enumerate(six)
        if sign in _ALIKE
    ]
    return [format_code(one) for one in read if one[5] == _check_character(one[:5])]


def _six(found: re.Match[str]) -> str:
    return re.sub(r"[\s.\-]", "", found[1]).upper().translate(_MISREAD)


def mistyped_code(text: str) -> bool:
    """Say whether something stands there that is meant as a ticket code but cannot be one."""
    return find_code(text) is None and _LOOSE.search(text) is not None


def find_key(text: str) -> str | None:
    """Find the eight digits of a ticket key in free text; longer numbers hold no key."""
    for found in _NUMBER.findall(_LOOSE.sub(" | ", text)):
        digits = re.sub(r"\D", "", found)
        if len(digits) == _KEY_LENGTH and not found.startswith("+"):
            return digits
    return None


def format_key(key: str) -> str:
    """Write a key in two groups, as it is read aloud."""
    return f"{key[:4]} {key[4:]}"
