"""Finding listed names - countries, regions, occupations - in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.components.spans import Span
from bot.components.text import fold, squeeze, undisguise


class Gazetteer:
    """Names of one kind from a list; doubtful ones count only after a word such as "di"."""

    def __init__(self, kind: str, lines: Iterable[str], *, cues: str) -> None:
        """Make a finder of `lines`, of which those ending in "?" need one of `cues` before."""
        self.kind = kind
        names: dict[str, bool] = {}
        for line in lines:
            name = " ".join(map(even, line.rstrip("? ").lower().split()))
            if name:
                names[name] = names.get(name, True) and line.endswith("?")
        self._doubtful = {name for name, doubt in names.items() if doubt}
        self._first: dict[str, list[list[str]]] = {}
        for name in names:
            words = name.split()
            self._first.setdefault(words[0], []).append(words)
        for choices in self._first.values():
            choices.sort(key=len, reverse=True)
        self._cue = re.compile(rf"(?:^|[^\w])(?:{cues})[\s.]+$", re.I)

    def spans(self, text: str, words: Sequence[tuple[str, int, int]]) -> Iterator[Span]:
        """Yield the longest names, from left to right; `words` are folded words with places."""
        i = 0
        while i < len(words):
            length = self._length_at(text, words, i)
            if length:
                yield Span(self.kind, words[i][1], words[i + length - 1][2])
            i += length or 1

    def _length_at(self, text: str, words: Sequence[tuple[str, int, int]], i: int) -> int:
        for name in self._first.get(words[i][0], ()):
            is_here = [word for word, _, _ in words[i : i + len(name)]] == name
            is_doubtful = " ".join(name) in self._doubtful
            if is_here and (not is_doubtful or self._cue.search(text[: words[i][1]])):
                return len(name)
        return 0


PLACE_CUES = (
    r"di|dari|dr|ke|asal|kab|kabupaten|kota|kec|kecamatan|desa|ds|prov|provinsi|propinsi|pulau|"
    r"daerah|wilayah|disnaker|bp3mi|imigrasi|polres|orang|wong|urang|warga|nang|ning|ing|saking|"
    r"teko|seko|saka|sekang|wonten|ti|ka|in|from|to|at|near|pelabuhan|bandara|dinas|kantor|"
    # Madurese, Sasak, Buginese, Toba Batak, Acehnese, Balinese, Kupang Malay
    r"deri|lek|lekan|jok|ri|pole|lao|sian|tu|u|bak|uli|pi|sampe|neng|tiyang|reng|ureng|halak|"
    r"tau"
)
# "Bali" is "go home" in Javanese: only a word that wants a place before it makes it the island.
_GO_HOME = re.compile(
    r"(?:^|\W)(?:pengin|pingin|kepengin|kepingin|pengen|arep|meh|ape|iso|isa|saged|oleh|bisa|"
    r"ora|rung|durung|njaluk|kudu|gek|ndang|kapan|mau|ayo|wis|wes|nek|saget|badhe|ajeng|entuk|ndak|ra|gak|ga)\s+$",
    re.I,
)
_ISLAND = re.compile(
    r"(?:^|\W)(?:nang|ning|ing|pulau|prov|provinsi|propinsi|ke|di|dari|dr|asal|teko|seko|saka|"
    r"saking|wong|orang|kota|neng|from|in|to|wonten|jawa|ti|ka|deri|lek|lekan|ri|sian|tu|u|uli)\.?\s+$",
    re.I,
)


def is_island(text: str, start: int) -> bool:
    """Say whether the "bali" at `start` is the island rather than Javanese for going home."""
    before = text[:start]
    return bool(_ISLAND.search(before)) and not _GO_HOME.search(before)


# "Loteng" is Lombok Tengah after what speaks of people or origin, else it is an attic.
_PEOPLE = re.compile(
    r"(?:^|\W)(?:asal|dari|dr|kab|kabupaten|warga|orang|org|wong|dengan|dengahn|lekan|disnaker|"
    r"polres|kantor|lombok|pemda|bupati)\.?\s+$",
    re.I,
)


def is_attic(text: str, start: int) -> bool:
    """Say whether the "loteng" at `start` is an attic rather than Central Lombok."""
    return not _PEOPLE.search(text[:start])


_TONGUES = frozenset(("bahasa", "bhs", "boso", "basa", "bhasa", "base", "basobaso", "hata"))
_FOLD = re.compile(r"[^\W_]+")


def folded_words(text: str) -> list[tuple[str, int, int]]:
    """Return the evened-out words of a text with their places."""
    return [(even(m.group()), m.start(), m.end()) for m in _FOLD.finditer(text)]


def even(word: str) -> str:
    """Return a word as names are compared: no accents, digits for letters or stretched letters."""
    return squeeze(undisguise(fold(word)))


def is_tongue(text: str, span: Span) -> bool:
    """Say whether a place's name here means its language ("bahasa Jerman", "basa Bali")."""
    before = text[: span.start].lower().split()
    return span.kind != "occupation" and bool(before) and before[-1] in _TONGUES
