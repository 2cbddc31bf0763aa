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
_ALONE = re.compile(r"^\W*([a-z]+)\W*$", re.IGNORECASE)


def wish(text: str) -> Wish | None:
    """Read the word when nothing else is said; "stop dulu pertanyaannya" is for the bot."""
    found = _ALONE.match(text)
    said = found[1].lower() if found else ""
    if said in OUT_WORDS:
        return Wish.OUT
    return Wish.IN if said in IN_WORDS else None
