"""Yes and no in thirteen languages, by word lists that are data (data/answers).

A word that agrees in one language may refuse in another ("nah", "endek"), so the caller's own
language is asked first. In doubt nothing was said: who reads it asks again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hotline.folding import plain

COMMON = "common"
FOLDER = Path(__file__).parents[1] / "data" / "answers"
KINDS = frozenset(
    {"yes", "plain", "weak", "no", "weakno", "neither", "later", "filler", "unknown", "asking"}
)
_UNKNOWN = "?"
_STRONG = frozenset({"yes", "plain", "no"})
_WORD = re.compile(r"[a-z0-9]+")
_STRETCHED = re.compile(r"(.)\1{2,}")
_LAST_DOUBLE = re.compile(r"(.)\1$")
_MARKS = str.maketrans("", "", "'’‘`´ʼ")
_BESIDE = 1  # words that may stand beside a clear yes or no and not be known
_BESIDE_PLAIN = 1  # "boleh lapor polisi" asks for something else: it is asked again
_LONGEST = 4  # words of a phrase in the lists

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class AnswerWords:
    """What the words of every language say, by language and phrase."""

    tables: Mapping[str, Mapping[Phrase, str]]

    def yes_or_no(self, text: str, language: str | None = None) -> bool | None:
        """Read agreement or refusal in the caller's language; None when it is neither or both."""
        said = answer_words(text)
        if not said:
            return None
        kinds = _kinds(said, self._of(language))
        own = _judged(kinds)
        if own is None:
            return self._by_others(said, language)
        # "hana setuju" is Acehnese for "I do not agree", and "setuju" alone would be a yes.
        in_doubt = _UNKNOWN in kinds and self._contradicted(self._unclear(said, language), own)
        return self._by_whoever_knows_all(said, language) if in_doubt else own

    def _unclear(self, said: Sequence[str], language: str | None) -> list[str]:
        table = self._of(language)
        clear = _STRONG | {"weak", "weakno"}
        return [word for word in said if table.get((word,)) not in clear]

    def begins_plainly(self, text: str) -> bool:
        """Say whether a text begins with a word that has answered, whatever it adds."""
        kinds = _kinds(answer_words(text), self._of(None))
        return bool(kinds) and kinds[0] == "plain"

    def does_not_know(self, text: str) -> bool:
        """Say whether a phrase for not knowing stands in a text, in any of the languages."""
        said = answer_words(text)
        return any("unknown" in _kinds(said, self._of(code)) for code in self.tables)

    def _of(self, language: str | None) -> Mapping[Phrase, str]:
        common = self.tables.get(COMMON, {})
        return {**common, **self.tables.get(language or "", {})}

    def _contradicted(self, said: Sequence[str], read: bool) -> bool:
        """Say whether a word that is not known beside an answer says the opposite elsewhere."""
        opposite = {"no", "weakno"} if read else {"yes", "plain", "weak"}
        return any(
            table.get((word,)) in opposite for table in self.tables.values() for word in said
        )

    def _by_others(self, said: Sequence[str], language: str | None) -> bool | None:
        """Read an answer made of nothing but clear words of one other language and fillers."""
        if not {"neither", "later", "asking"}.isdisjoint(_kinds(said, self._of(language))):
            return None
        clear: set[bool | None] = set()
        doubtful: set[bool | None] = set()
        for code in self.tables.keys() - {COMMON, language}:
            kinds = _kinds(said, self._of(code))
            if _UNKNOWN not in kinds:
                is_clear = set(kinds) <= _STRONG | {"filler"}
                (clear if is_clear else doubtful).add(_judged(kinds))
        both = (clear | doubtful) - {None}
        return both.pop() if len(both) == 1 and both & clear else None

    def _by_whoever_knows_all(self, said: Sequence[str], language: str | None) -> bool | None:
        """Read "ora oleh" in an Indonesian talk: a refusal where one language has all its words.

        What everybody says does not count as a language's own: "so setuju" may be English.
        """
        fillers = {p: kind for p, kind in self.tables.get(COMMON, {}).items() if kind == "filler"}
        others = self.tables.keys() - {COMMON, language}
        known = [_kinds(said, {**fillers, **self.tables[code]}) for code in others]
        read = {_judged(kinds) for kinds in known if _UNKNOWN not in kinds}
        return False if read == {False} else None


def answer_words(text: str) -> list[str]:
    """Split a text into plain words, apostrophes of any kind left out: "de'" is "de"."""
    # A sign that decomposes into a letter, such as a G in brackets, says nothing.
    letters = "".join(sign if sign.isalnum() else " " for sign in text.translate(_MARKS))
    return _WORD.findall(plain(letters))


def _kinds(said: Sequence[str], table: Mapping[Phrase, str]) -> list[str]:
    """Give the kind of each phrase in order, the longest phrases first."""
    kinds, at = [], 0
    while at < len(said):
        kind, length = _UNKNOWN, 1
        for size in range(min(_LONGEST, len(said) - at), 0, -1):
            phrase = tuple(said[at : at + size])
            found = table.get(phrase) or table.get(tuple(map(_short, phrase)))
            if found:
                kind, length = found, size
                break
        kinds.append(kind)
        at += length
    return kinds


def _short(word: str) -> str:
    """Take the stretching out of a word: "enggaaak", "noo", "yess"."""
    return _LAST_DOUBLE.sub(r"\1", _STRETCHED.sub(r"\1", word)) if len(word) > 2 else word


def _judged(kinds: Sequence[str]) -> bool | None:
    """Weigh the kinds: any clear no is a no, and a yes beside doubt is nothing."""
    unknown = kinds.count(_UNKNOWN)
    clear_yes = "yes" in kinds or "plain" in kinds
    is_plain = bool(kinds) and kinds[0] == "plain"
    if "asking" in kinds or ("later" in kinds and not is_plain):
        return None
    if "no" in kinds:
        return False if unknown <= _BESIDE else None
    if "weakno" in kinds and not is_plain:
        return False if unknown == 0 and not clear_yes else None
    if clear_yes:
        allowed = _BESIDE_PLAIN if is_plain else _BESIDE
        return True if unknown + kinds.count("weakno") <= allowed else None
    return True if "weak" in kinds and unknown == 0 else None


def read_answer_lists(lists: Mapping[str, Iterable[str]]) -> AnswerWords:
    """Make the words from the lines of each language's list.

    Raises ValueError for a line whose kind does not exist.
    """
    tables: dict[str, dict[Phrase, str]] = {}
    for code, lines in lists.items():
        table = tables.setdefault(code, {})
        for line in lines:
            if not line.strip() or line.startswith("#"):
                continue
            kind, _, phrases = line.partition(":")
            if kind not in KINDS:
                raise ValueError(f"{code}: {kind} is no kind of answer")
            for phrase in phrases.split(","):
                # The first kind holds: "kersa" agrees, and may stand beside another word too.
                table.setdefault(tuple(answer_words(phrase)), kind)
    return AnswerWords(tables)


@cache
def answers() -> AnswerWords:
    """Read the lists of this installation, once."""
    files = sorted(FOLDER.glob("*.txt"))
    return read_answer_lists(
        {file.stem: file.read_text(encoding="utf-8").splitlines() for file in files}
    )
