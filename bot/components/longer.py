"""Longer examples made of short ones: several everyday sentences said in one message.

Examples of danger are long stories more often than examples of anything else, so without these
a long message about a hotel would look like one.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Optional

OUT_OF_SCOPE = "out_of_scope"
SEED = 2026
FEWEST, MOST = 2, 4  # sentences in one message


def longer(
    texts: Sequence[str], labels: Sequence[str], languages: Sequence[Optional[str]], *, each: int
) -> list[str]:
    """Return `each` longer out_of_scope texts for every language that has enough short ones."""
    chance = random.Random(SEED)
    made = []
    for language in sorted({code for code in languages if code}):
        own = [
            text
            for text, label, code in zip(texts, labels, languages, strict=True)
            if label == OUT_OF_SCOPE and code == language
        ]
        if len(own) >= MOST:
            made += [
                " ".join(chance.sample(own, chance.randint(FEWEST, MOST))) for _ in range(each)
            ]
    return made
