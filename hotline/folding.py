"""Folding of what people type: case, accents, digits for letters and stretched letters."""

import re
import unicodedata

_LETTERS_FOR_DIGITS = str.maketrans("013456789@$", "oieasgtbgas")
_WORD = re.compile(r"[^\W_]+(?:[@$'’][^\W_]+)*")
_STRETCHED = re.compile(r"([^\W\d_])\1+")


def plain(text: str) -> str:
    """Lower the case and take the accents off."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def undisguised(word: str) -> str:
    """Read the digits inside a word as letters (k4bur, t0long); a number stays a number."""
    if word.isalpha() or not any(sign.isalpha() for sign in word):
        return word
    if word[-1] == "2" and word[:-1].isalpha():
        # Indonesian writes "tolong2" for "tolong-tolong".
        return word[:-1]
    kept = word.replace("'", "").replace("’", "")
    return kept.translate(_LETTERS_FOR_DIGITS)


def squeezed(word: str) -> str:
    """Write every run of one letter once, so that "toloooong" meets "tolong"."""
    return _STRETCHED.sub(r"\1", word)


def words(text: str) -> list[str]:
    """Split a text into plain words, digits read as letters, stretched letters kept."""
    return [undisguised(word) for word in _WORD.findall(plain(text))]
