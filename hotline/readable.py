"""Typing made readable before anything reads it: letters in disguise, words without spaces.

The gateway and `suar parse` do this once, so that the guard, the model and the actions all read the
same plain letters. What came in stays as it is in the stored message.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parents[1] / "data" / "words" / "run_ons.txt"
# Adverts are written in these so that no filter finds their words.
_SMALL = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True))
_BOXED = {first + i: chr(ord("A") + i) for first in (0x1F130, 0x1F150, 0x1F170) for i in range(26)}
# Letters of other alphabets that look like ours. In a text of that alphabet they stay.
_ALIKE = dict(
    zip(
        "аеёіјкмнорсԁтуһхѕԛԝвАВЕЁІЈКМНОРСТУХЅαικνορτυχγΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
        "aeeijkmhopcdtyhxsqwbABEEIJKMHOPCTYXSaikvoptuxyABEZHIKMNOPTYX",
        strict=True,
    )
)
_LATIN = re.compile(r"[A-Za-z]")
_LONG = re.compile(r"(?<![\w@./-])[A-Za-z]{8,60}(?![\w@]|[./-]\w)")
_WHOLE = 4  # letters of a word that carries something
_SHARE = 0.5  # of a run-on's letters are in such words


@dataclass(frozen=True)
class Readable:
    """A readable text, and for each of its characters the place it had in the text as typed."""

    text: str
    places: tuple[int, ...]

    def typed_at(self, start: int, end: int) -> tuple[int, int]:
        """Give where a stretch of the readable text stands in the text as typed."""
        return self.places[start], self.places[end - 1] + 1


def latin(text: str) -> str:
    """Put our letters for look-alikes and ornamental forms; every character stays one character."""
    if text.isascii():
        return text
    plain = "".join(map(_plain_form, text))
    if not _LATIN.search(plain):
        return plain  # all of it is in another alphabet
    return "".join(_ALIKE.get(sign, sign) for sign in plain)


def _plain_form(sign: str) -> str:
    if sign.isascii():
        return sign
    if sign in _SMALL:
        return _SMALL[sign]
    if ord(sign) in _BOXED:
        return _BOXED[ord(sign)]
    whole = unicodedata.normalize("NFKC", sign)
    return whole if len(whole) == 1 and (whole.isascii() or whole in _ALIKE) else sign


def readable(text: str, words: frozenset[str] | None = None) -> Readable:
    """Make a text readable: plain letters, and spaces in words that were run together."""
    plain = latin(text)
    breaks = _breaks(plain, the_words() if words is None else words)
    if not breaks:
        return Readable(plain, tuple(range(len(plain))))
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(plain):
        if place in breaks:
            signs.append(" ")
            places.append(place)
        signs.append(sign)
        places.append(place)
    return Readable("".join(signs), tuple(places))


def _breaks(text: str, words: frozenset[str]) -> set[int]:
    """Say before which characters a space is missing."""
    found: set[int] = set()
    for long in _LONG.finditer(text):
        at = long.start()
        for part in _parts(long.group().lower(), words)[:-1]:
            at += len(part)
            found.add(at)
    return found


def _parts(word: str, words: frozenset[str]) -> list[str]:
    """Take a run-on apart into the fewest known words; all of it in one piece if that fails."""
    if word in words:
        return [word]
    longest = max(map(len, words), default=0)
    best: list[list[str] | None] = [[], *[None] * len(word)]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - longest), end):
            before, part = best[start], word[start:end]
            if before is None or part not in words:
                continue
            held = best[end]
            if held is None or len(before) + 1 < len(held):
                best[end] = [*before, part]
    found = best[-1]
    carried = sum(len(part) for part in found or () if len(part) >= _WHOLE)
    return found if found and carried >= _SHARE * len(word) else [word]


def read_words(lines: Iterable[str]) -> frozenset[str]:
    """Read a list of words, any number in a line."""
    told = (line for line in lines if not line.startswith("#"))
    return frozenset(word for line in told for word in line.split())


@cache
def the_words() -> frozenset[str]:
    """Read the words of this installation, once."""
    return read_words(FILE.read_text(encoding="utf-8").splitlines())
