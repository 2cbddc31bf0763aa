"""Read which offered choice a caller means: by number, ordinal word, or title."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hotline.messages import Choice

# Cardinals and ordinals in the languages callers use; the position in the tuple is the number.
_NUMBERS: tuple[frozenset[str], ...] = (
    frozenset(
        {
            "1",
            "satu",
            "pertama",
            "kesatu",
            "siji",
            "setunggal",
            "kapisan",
            "hiji",
            "kahiji",
            "one",
            "first",
            "sada",
            "ciek",
            "satunggal",
        }
    ),
    frozenset(
        {
            "2",
            "dua",
            "kedua",
            "loro",
            "kalih",
            "kapindho",
            "kaloro",
            "kadua",
            "two",
            "second",
        }
    ),
    frozenset({"3", "tiga", "ketiga", "telu", "katelu", "tilu", "katilu", "three", "third"}),
    frozenset(
        {"4", "empat", "keempat", "papat", "sekawan", "kapapat", "opat", "kaopat", "four", "fourth"}
    ),
    frozenset({"5", "lima", "kelima", "gangsal", "kalima", "five", "fifth"}),
    frozenset({"6", "enam", "keenam", "nem", "kaenem", "genep", "kagenep", "six", "sixth"}),
    frozenset({"7", "tujuh", "ketujuh", "pitu", "kapitu", "katujuh", "seven", "seventh"}),
    frozenset({"8", "delapan", "kedelapan", "wolu", "kawolu", "dalapan", "eight", "eighth"}),
    frozenset({"9", "sembilan", "kesembilan", "sanga", "kasanga", "salapan", "nine", "ninth"}),
)
_FILLER = frozenset(
    "yang yg no nomor nomer nmr pilih pilihan opsi angka ke sing ingkang nu anu mangga number "
    "option the please pls aja saja ya dong pak bu min kak deh".split()
)


def _words(text: str) -> list[str]:
    return re.findall(r"[0-9a-z']+", text.lower())


def pick(text: str, choices: Sequence[Choice]) -> Choice | None:
    """Say which choice the text names, or None when it may mean something else.

    A number counts only when nothing but filler stands beside it: "2 tahun" is no choice.
    """
    words = [w for w in _words(text) if w not in _FILLER]
    if not words:
        return None
    if len(words) == 1:
        for place, names in enumerate(_NUMBERS[: len(choices)]):
            if words[0] in names:
                return choices[place]
    said = " ".join(_words(text))
    matching = [c for c in choices if " ".join(_words(c.title)) == said]
    return matching[0] if len(matching) == 1 else None
