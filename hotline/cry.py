"""The word that callers are told to write when they are in danger, as the whole of a message."""

from __future__ import annotations

import re

# As the texts name it, in Indonesian and in English, however loudly it is typed.
_CRY = re.compile(r"^\W*(?:d+a+r+u+r+a+t+|e+m+e+r+g+e+n+c+y+)\W*$", re.IGNORECASE)


def is_the_cry(text: str) -> bool:
    """Say whether a message is that word and nothing else: then no model is asked whether."""
    return bool(_CRY.match(text))
