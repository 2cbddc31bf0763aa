"""Whether a whole message is the word by which callers stop, or allow again, what we begin."""

from __future__ import annotations

import re
from enum import StrEnum


class Wish(StrEnum):
    """What such a word asks for."""

    OUT = "out"
    IN = "in"


# The words networks and Twilio act on, and Indonesia's own. BATAL is not among them: it ends a
# question of the bot, and LANJUT brings the bot back from the recipes.
OUT_WORDS = frozenset(
    "stop stopall berhenti unsubscribe end quit cancel revoke optout unreg".split()
)
IN_WORDS = frozenset("start unstop mulai".split())
# Indonesia's own: Twilio acts on them, and confirms them, only where the account lists them.
_OWN_WORDS = frozenset("berhenti unreg mulai".split())
_ALONE = re.compile(r"^\W*([a-z]+)\W*$", re.IGNORECASE)


def wish(text: str) -> Wish | None:
    """Read the word when nothing else is said; "stop dulu pertanyaannya" is for the bot."""
    said = _said(text)
    if said in OUT_WORDS:
        return Wish.OUT
    return Wish.IN if said in IN_WORDS else None


def known_to_networks(text: str) -> bool:
    """Say whether a network confirms such a word by itself."""
    return _said(text) not in _OWN_WORDS


def _said(text: str) -> str:
    found = _ALONE.match(text)
    return found[1].lower() if found else ""
