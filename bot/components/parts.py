"""The parts of a long message: its sentences, and in long sentences overlapping runs of words."""

from __future__ import annotations

import re

_END = re.compile(r"[.!?;\n]+")
LENGTH, STEP = 12, 6  # words in a run, and from one run to the next
MOST = 40  # parts of one message; a story of 300 words has about fifty


def parts(text: str) -> list[str]:
    """Return the parts of a text; a short sentence is one part."""
    found = []
    for sentence in _END.split(text):
        words = sentence.split()
        if not words:
            continue
        starts = range(0, max(len(words) - STEP, 1), STEP)
        found += [" ".join(words[start : start + LENGTH]) for start in starts]
    return found[:MOST]
