"""Finding codes, numbers, dates, firms and listed names in a text by rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.components.gazetteer import (
    PLACE_CUES,
    Gazetteer,
    folded_words,
    is_attic,
    is_island,
    is_tongue,
)
from bot.components.patterns import numbers
from bot.components.spans import Span, settle

_LEGAL_FORM = re.compile(
    r"(?<!\w)(?:p\.?t\.?|c\.?v\.?|p3mi|pjtki|lpk|yayasan|agensi|agency|pptkis)(?=[\s.])[\s.]+",
    re.IGNORECASE,
)
# What stands before a firm's name when nobody types its legal form ("cek sinar jaya", "lewat ...").
_CUES = (
    r"cek|cekkan|check|periksa|agen|agensi|agency|agent|perusahaan\w*|prshn|company|penyalur|"
    r"lewat|lwt|liwat|via|dari|dr|saking|soko|seko|ti|through|with|from|oleh|sama|karo|sareng|"
    r"(?:nama|jeneng|ngaran|nami)(?:ne|e|na|nya|nipun)?|bernama|named|called|name is|"
    r"(?:pt|pe te|p\.?t\.?)\s?(?:nya|ne|na|e|nipun)|p\s?t"
)
_FIRM_CUE = re.compile(rf"(?<!\w)(?:(?:{_CUES})(?!\w)\s*[:=.]?\s*){{1,3}}(?<=\W)", re.IGNORECASE)
# After these "namanya" gives a person's name, also one that could be a firm's (Surya, Lestari).
_SOMEBODY = re.compile(
    r"(?:saya|sy|aku|kula|abdi|anak|anaknya|adik|adek|kakak|suami|istri|ibu|bapak|teman|keponakan|"
    r"sepupu|korban|tki|tkw|my|son|daughter|wife|husband|sister|brother|bojo\w*|adhi\w*|pamajikan|"
    r"salaki)(?:\s(?:saya|sy|kami|aku|abdi|kula))?[\s,]*$",
    re.IGNORECASE,
)
_APOSTROPHES = ("'", "’")
LEAST_FIRM_WORDS = 2
_STEP = re.compile(r"[^\W_][\w&'.-]*|[^\w\s]")
MOST_NAME_WORDS = 5


class Rules:
    """All rules together."""

    def __init__(
        self,
        *,
        countries: Iterable[str],
        regions: Iterable[str],
        occupations: Iterable[str],
        after_firm: Iterable[str],
        firm_words: Iterable[str] = (),
    ) -> None:
        """Make the rules from lists.

        A word of `after_firm` ends a firm's name; `firm_words` are what such names are made of.
        """
        self._after_firm = frozenset(after_firm)
        self._firm_words = frozenset(firm_words)
        self._lists = (
            Gazetteer("country", countries, cues=PLACE_CUES + r"|negara|negeri|nagri"),
            Gazetteer("region", regions, cues=PLACE_CUES),
            Gazetteer("occupation", occupations, cues=r"kerja|jadi|sebagai|bagian|kerjo|dados|as"),
        )

    def spans(self, text: str) -> list[Span]:
        """Return what the rules find, without overlaps, from left to right."""
        return settle([*numbers(text), *self._firms(text), *self._names(text)])

    def _names(self, text: str) -> Iterator[Span]:
        """Yield listed names that are meant as such."""
        words = folded_words(text)
        for names in self._lists:
            for span in names.spans(text, words):
                if text[span.end : span.end + 1] in _APOSTROPHES:
                    continue  # "indo'ku" is "my mother" in Buginese
                name = text[span.start : span.end].lower()
                if name == "bali" and not is_island(text, span.start):
                    continue
                if name == "loteng" and is_attic(text, span.start):
                    continue
                if not is_tongue(text, span):
                    yield span

    def _firms(self, text: str) -> Iterator[Span]:
        """Yield firms named after their legal form, up to where the sentence goes on."""
        for match in _LEGAL_FORM.finditer(text):
            end = self._name_end(text, match.end())
            if end > match.end():
                yield Span("recruiter", match.start(), end)
        for match in _FIRM_CUE.finditer(text):
            end = self._name_end(text, match.end())
            if self._is_firm(text[match.end() : end]) and not _SOMEBODY.search(
                text, 0, match.start()
            ):
                yield Span("recruiter", match.end(), end)

    def _is_firm(self, name: str) -> bool:
        """Say whether a name of several words is made of words that firms are named by."""
        words = name.lower().split()
        if _LEGAL_FORM.search(name):
            return False
        known = sum(word in self._firm_words for word in words)
        return known >= LEAST_FIRM_WORDS or (known == 1 and len(words) == LEAST_FIRM_WORDS)

    def _name_end(self, text: str, start: int) -> int:
        """Return where the name that begins at `start` ends; `start` itself if there is none."""
        end = start
        for count, step in enumerate(_STEP.finditer(text, start)):
            word = step.group().rstrip(".'-")
            is_over = count == MOST_NAME_WORDS or bool(text[end : step.start()].strip(" "))
            if is_over or not word or word.lower() in self._after_firm:
                break
            if not word[0].isalnum():
                break
            end = step.start() + len(word)
            if step.group() != word:
                break
        return end
