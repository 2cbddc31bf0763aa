"""The words of an offer: a caller's spelling made plain, and the patterns matched against it.

What the words mean for a caller lives in hotline/offers.py; the words themselves in knowledge/.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

LONGEST_TEXT = 6_000
LINK, PHONE, AMOUNT = "<link>", "<phone>", "<amount>"

_LINK = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|(?<![\w.-])[\w-]+(?:\.[\w-]+){0,4}\.(?:com|net|org|info|me|ly|gg|top|xyz|link|site|online|app)\b(?:/\S*)?"
)
_PHONE = re.compile(r"(?<![\d.,])(?:\+\d{1,3}[\s.-]?|62[\s.-]?8|08)\d(?:[\s.-]?\d){5,13}")
_TOKEN = re.compile(r"<\w+>|\d+(?:[.,]\d+)*\w*|\w+(?:['\u2019]\w+)*|[^\w\s]")
_NUMBER_AND_UNIT = re.compile(r"(\d+(?:[.,]\d+)*)([a-z]+)")
_PIECES = re.compile(r"\((?:[^()]|\([^()]*\))*\)\S*|\S+")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_DIGITS_AS_LETTERS = str.maketrans("013457", "oieast")
# Joined to a word in writing: "paspornya", Javanese "paspore", Sundanese "pasporna".
_ENDINGS = ("nya", "ny", "kah", "lah", "ku", "mu", "ne", "na", "e")
# These stand inside a phrase ("s/d", "10-15", "visa: turis"); every other sign ends a clause.
_JOINERS = frozenset("/:-+&%=#@'\u2013\u2019")

_UNIT = r"(?:juta|jutaan|ribu|ribuan|rupiah|dolar|ringgit|yen|won|riyal|real)"
_CURRENCY = r"(?:rp|idr|rm|usd|nt|ntd|hkd|sgd|sar|won|yen|dolar|\$)"
_COUNT = r"(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|belas|puluh|ratus|se)"
_NUMBER = r"\d+(?:[.,]\d+)*"
AMOUNT_PATTERN = (
    rf"(?:{AMOUNT}|{_CURRENCY} {_NUMBER}(?: {_NUMBER})?(?: {_UNIT})*"
    rf"|(?:{_NUMBER}(?: {_NUMBER})?|{_COUNT}(?: {_COUNT})*)(?: {_UNIT})+"
    r"|\d{1,3}(?:[.,]\d{3})+|\d{5,})"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One phrase of a message: the plain words, and beside each what the caller typed."""

    plain: tuple[str, ...]
    typed: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return the plain words, each followed by a space."""
        return "".join(f"{word} " for word in self.plain)

    def as_typed(self, start: int, end: int) -> str:
        """Return what the caller typed between two offsets of `text`."""
        first = self.text.count(" ", 0, start)
        last = first + len(self.text[start:end].split())
        return " ".join(word for word in self.typed[first:last] if word)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Spellings and their plain word, and the words that deny what follows."""

    spellings: Mapping[str, str]
    negators: frozenset[str]
    passes: frozenset[str]
    breaks: frozenset[str]
    known: frozenset[str] = field(default=frozenset())

    def plain(self, word: str) -> str:
        """Return the plain word or words for one typed word."""
        if word in self.spellings:
            return self.spellings[word]
        if word in self.known:
            return word
        for ending in _ENDINGS:
            stem = word.removesuffix(ending)
            if stem != word and len(stem) > 2 and (stem in self.spellings or stem in self.known):
                return self.spellings.get(stem, stem)
        return word

    def clauses(self, text: str, amounts: Iterable[str] = ()) -> tuple[Clause, ...]:
        """Cut a message into clauses of plain words."""
        pairs: list[tuple[str, str]] = []
        found: list[Clause] = []
        for token in _tokens(text, amounts):
            if _ends_clause(token) or self.plain(token) in self.breaks:
                found.append(self._clause(pairs))
                pairs = []
            elif token not in _JOINERS:
                pairs.extend(self._spell(token))
        found.append(self._clause(pairs))
        return tuple(clause for clause in found if clause.plain)

    def denied(self, clause: Clause, start: int) -> bool:
        """Say whether a match that starts here is denied by the words before it."""
        for word in reversed(clause.text[:start].split()):
            if word in self.negators:
                return True
            if word not in self.passes:
                return False
        return False

    def _spell(self, token: str) -> Iterator[tuple[str, str]]:
        plain = self._plain_token(token).split()
        # Numbers and addresses of other people are not carried along.
        typed = "…" if token in (LINK, PHONE) else token
        yield from zip(plain, [typed, *[""] * (len(plain) - 1)], strict=True)

    def _plain_token(self, token: str) -> str:
        if token.startswith("<") or token == "$":
            return token
        if (parts := _NUMBER_AND_UNIT.fullmatch(token)) and self.plain(parts[2]) in self.known:
            return f"{parts[1]} {self.plain(parts[2])}"
        if token[0].isdigit() and not any(letter.isalpha() for letter in token):
            return token
        word = token.replace("'", "").replace("\u2019", "")
        if word[-1] == "2" and word[:-1].isalpha():
            return self.plain(word[:-1])
        if word not in self.known and any(letter.isdigit() for letter in word):
            word = word.translate(_DIGITS_AS_LETTERS)
        squeezed = _STRETCHED.sub(r"\1", word)
        return self.plain(squeezed)

    def _clause(self, pairs: list[tuple[str, str]]) -> Clause:
        joined: list[tuple[str, str]] = []
        for plain, typed in pairs:
            # "di tahan" is as common as "ditahan".
            if joined and joined[-1][0] == "di" and self.plain(f"di{plain}") in self.known:
                joined[-1] = (self.plain(f"di{plain}"), f"{joined[-1][1]} {typed}")
            else:
                joined.append((plain, typed))
        return Clause(tuple(p for p, _ in joined), tuple(t for _, t in joined))


def _tokens(text: str, amounts: Iterable[str]) -> list[str]:
    text = unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).lower()
    for amount in amounts:
        # Digits are read below; only an amount in words needs the help of whoever found it.
        if amount and not any(letter.isdigit() for letter in amount):
            text = text.replace(amount.lower(), f" {AMOUNT} ")
    text = _PHONE.sub(f" {PHONE} ", _LINK.sub(f" {LINK} ", text))
    text = re.sub(r"[*_~`]", " ", text).replace("\n", " ; ")
    text = re.sub(r"\b(pt|cv|rp|rm|no|hj|h)\.", r"\1 ", text)
    return _TOKEN.findall(text)


def _ends_clause(token: str) -> bool:
    return len(token) == 1 and not token.isalnum() and token not in _JOINERS and token != "$"


def compile_pattern(source: str, lexicon: Lexicon) -> re.Pattern[str]:
    """Compile a phrase: `(a|b)` either, `word*` any ending, `word?` may be missing, `<amount>`,
    `~` up to three words that deny nothing.
    """
    denials = "|".join(sorted(map(re.escape, lexicon.negators)))
    parts: list[str] = []
    for piece in _PIECES.findall(source):
        if piece == "~":
            parts.append(rf"(?:(?!(?:{denials})\b)\S+ ){{0,3}}")
        elif piece.endswith("?"):
            parts.append(rf"(?:{_piece(piece[:-1])} )?")
        else:
            parts.append(f"{_piece(piece)} ")
    return re.compile(rf"(?<!\S){''.join(parts)}")


def _piece(piece: str) -> str:
    return f"(?:{piece.replace('*', r'\S*').replace(AMOUNT, AMOUNT_PATTERN)})"


def words_of_pattern(source: str) -> frozenset[str]:
    """Return the whole words a pattern is made of, so that typed words can be brought to them."""
    words = re.findall(r"(?<![\\\w])[a-z][a-z0-9]*\*?", source)
    return frozenset(word for word in words if not word.endswith("*"))
