"""Finding codes, numbers, dates, firms and listed names in a text by rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.components.gazetteer import PLACE_CUES, Gazetteer, folded_words, is_island, is_tongue
from bot.components.patterns import numbers
from bot.components.spans import Span, settle

_LEGAL_FORM = re.compile(
    r"(?<!\w)(?:p\.?t\.?|c\.?v\.?|p3mi|pjtki|lpk|yayasan|agensi|agency|pptkis)(?=[\s.])[\s.]+",
    re.IGNORECASE,
)
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
    ) -> None:
        """Make the rules from lists; a word of `after_firm` ends a firm's name."""
        self._after_firm = frozenset(after_firm)
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
                is_bali = text[span.start : span.end].lower() == "bali"
                if is_bali and not is_island(text, span.start):
                    continue
                if not is_tongue(text, span):
                    yield span

    def _firms(self, text: str) -> Iterator[Span]:
        """Yield firms named after their legal form, up to where the sentence goes on."""
        for match in _LEGAL_FORM.finditer(text):
            end = self._name_end(text, match.end())
            if end > match.end():
                yield Span("recruiter", match.start(), end)

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
