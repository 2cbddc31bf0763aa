"""A learned tagger for names the rules cannot know, such as recruiters and villages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sklearn_crfsuite import CRF

from bot.components.spans import Span
from bot.components.text import squeeze

TOKEN = re.compile(r"[^\W_]+|[^\w\s]")
OUTSIDE = "O"
AROUND = (-2, -1, 1, 2)


def _shape(word: str) -> str:
    """Return a word's outline: Aa for Budi, AA for TKI, 00 for 12, a0 for k4."""
    if word.isdigit():
        return "0" * min(len(word), 5)
    if word.isupper():
        return "AA" if len(word) > 1 else "A"
    if any(c.isdigit() for c in word):
        return "a0"
    return "Aa" if word[0].isupper() else "a" if word[0].isalpha() else word


def _row(
    i: int, words: Sequence[str], plain: Sequence[str], marks: Sequence[str], shouting: bool
) -> dict[str, str | bool]:
    """Return what the tagger sees of one token and its neighbours."""
    word = plain[i]
    row: dict[str, str | bool] = {
        "bias": True,
        "word": word,
        "start": word[:3],
        "end": word[-3:],
        "mark": marks[i],
        "shape": "" if shouting else _shape(words[i]),
        "mark,word": f"{marks[i]}|{word}",
    }
    for step in AROUND:
        j = i + step
        if 0 <= j < len(words):
            row[f"{step}:word"] = plain[j]
            row[f"{step}:mark"] = marks[j]
            row[f"{step}:shape"] = "" if shouting else _shape(words[j])
        else:
            row[f"{step}:edge"] = True
    if i:
        row["-1,0"] = f"{plain[i - 1]}|{word}"
        row["-2,-1"] = f"{plain[i - 2] if i > 1 else ''}|{plain[i - 1]}"
    return row


def _tags(places: Sequence[tuple[int, int]], spans: Sequence[Span]) -> list[str]:
    """Return a tag a token: B- where a span begins, I- where it goes on."""
    tags = [OUTSIDE] * len(places)
    for span in spans:
        begun = False
        for i, (start, end) in enumerate(places):
            if start < span.end and span.start < end:
                tags[i] = f"{'I' if begun else 'B'}-{span.kind}"
                begun = True
    return tags


def _spans(places: Sequence[tuple[int, int]], tags: Sequence[str]) -> Iterator[Span]:
    """Yield the spans that tags spell out."""
    i = 0
    while i < len(tags):
        if tags[i] == OUTSIDE:
            i += 1
            continue
        kind, j = tags[i][2:], i + 1
        while j < len(tags) and tags[j] == f"I-{kind}":
            j += 1
        yield Span(kind, places[i][0], places[j - 1][1])
        i = j


class Tagger:
    """A conditional random field over words, their shapes and what the rules say of them."""

    def __init__(self, *, rounds: int) -> None:
        """Make an untrained tagger that learns for at most `rounds`."""
        self._field = CRF(
            algorithm="lbfgs",
            c1=0.1,
            c2=0.05,
            max_iterations=rounds,
            all_possible_transitions=False,
        )

    def _rows(
        self, text: str, ruled: Sequence[Span]
    ) -> tuple[list[tuple[int, int]], list[dict[str, str | bool]]]:
        tokens = list(TOKEN.finditer(text))
        places = [(token.start(), token.end()) for token in tokens]
        words = [token.group() for token in tokens]
        plain = ["0" * len(w) if w.isdigit() else squeeze(w.lower()) for w in words]
        marks = _tags(places, ruled)
        shouting = text.isupper()
        return places, [_row(i, words, plain, marks, shouting) for i in range(len(words))]

    def fit(
        self, texts: Sequence[str], ruled: Sequence[Sequence[Span]], told: Sequence[Sequence[Span]]
    ) -> None:
        """Learn the spans `told` of each text, given what the rules found in it."""
        rows, tags = [], []
        for text, marks, spans in zip(texts, ruled, told, strict=True):
            places, features = self._rows(text, marks)
            if places:
                rows.append(features)
                tags.append(_tags(places, spans))
        self._field.fit(rows, tags)

    def spans(self, text: str, ruled: Sequence[Span]) -> list[Span]:
        """Return what the tagger finds in a text."""
        places, rows = self._rows(text, ruled)
        return list(_spans(places, self._field.predict_single(rows))) if places else []
