"""A learned tagger for names the rules cannot know, such as recruiters and villages."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sklearn_crfsuite import CRF

from bot.components.entity_words import around, kind_of
from bot.components.spans import Span
from bot.components.text import squeeze

TOKEN = re.compile(r"[^\W_]+|[^\w\s]")
OUTSIDE = "O"
AROUND = (-2, -1, 1, 2)
REACH = 6
# A text with one of these is more likely to name somebody who takes people abroad.
TELLING = ("agent", "deed", "form")
# A job that the lists know is taken at odds well below one half: talk about anything else, where
# jobs are not marked, has made the tagger shy of them.
READILY = "occupation"
ODDS = 0.3
# How often a word was met elsewhere, in steps: names are seldom met twice.
STEPS = (1, 3, 12, 100)


def _shape(word: str) -> str:
    """Return a word's outline: Aa for Budi, AA for TKI, 00 for 12, a0 for k4."""
    if word.isdigit():
        return "0" * min(len(word), 5)
    if word.isupper():
        return "AA" if len(word) > 1 else "A"
    if any(c.isdigit() for c in word):
        return "a0"
    return "Aa" if word[0].isupper() else "a" if word[0].isalpha() else word


@dataclass(frozen=True)
class Seen:
    """A text as the tagger sees it, token by token."""

    plain: Sequence[str]
    shapes: Sequence[str]
    marks: Sequence[str]
    kinds: Sequence[str]
    rare: Sequence[str]
    listed: Sequence[str]
    about: str


def _row(i: int, seen: Seen) -> dict[str, str | bool]:
    """Return what the tagger sees of one token, its neighbours and the text around."""
    word, mark, rare = seen.plain[i], seen.marks[i], seen.rare[i]
    row: dict[str, str | bool] = {
        "bias": True,
        "word": word,
        "start": word[:3],
        "end": word[-3:],
        "mark": mark,
        "shape": seen.shapes[i],
        "rare": rare,
        "kind": seen.kinds[i],
        "listed": seen.listed[i],
        "mark,word": f"{mark}|{word}",
        "rare,mark": f"{rare}|{mark}",
        "rare,shape": f"{rare}|{seen.shapes[i]}",
        "text,kind,rare": f"{seen.about}|{seen.kinds[i]}|{rare}",
    }
    _neighbours(row, i, seen)
    for kind in around(seen.kinds, i, REACH):
        row[kind] = True
        row[f"{kind},{seen.kinds[i]}"] = True
        row[f"{kind},{seen.listed[i]}"] = True
    return row


def _neighbours(row: dict[str, str | bool], i: int, seen: Seen) -> None:
    """Add to a row what stands up to two words away, and what that says of the word."""
    for step in AROUND:
        j = i + step
        if 0 <= j < len(seen.plain):
            row[f"{step}:word"] = seen.plain[j]
            row[f"{step}:mark"] = seen.marks[j]
            row[f"{step}:shape"] = seen.shapes[j]
            row[f"{step}:rare"] = seen.rare[j]
            row[f"{step}:kind"] = seen.kinds[j]
            row[f"{step}:listed"] = seen.listed[j]
        else:
            row[f"{step}:edge"] = True
    if i:
        before, kind = seen.plain[i - 1], seen.kinds[i - 1]
        row["-1,0"] = f"{before}|{seen.plain[i]}"
        row["-2,-1"] = f"{seen.plain[i - 2] if i > 1 else ''}|{before}"
        row["-1:kind,rare"] = f"{kind}|{seen.rare[i]}"
        row["-1:kind,listed"] = f"{kind}|{seen.listed[i]}"
        row["text,-1:kind,rare"] = f"{seen.about}|{kind}|{seen.rare[i]}"


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


def _with_likely(tags: Sequence[str], odds: Sequence[dict[str, float]]) -> list[str]:
    """Return tags with jobs put where none were, if the odds for one are good enough."""
    begin, go_on = f"B-{READILY}", f"I-{READILY}"
    found: list[str] = []
    for tag, odd in zip(tags, odds, strict=True):
        likely = tag
        if tag == OUTSIDE and odd.get(begin, 0) + odd.get(go_on, 0) >= ODDS:
            follows = bool(found) and found[-1] in (begin, go_on)
            likely = go_on if follows and odd.get(go_on, 0) > odd.get(begin, 0) else begin
        found.append(likely)
    return found


def _plain(words: Sequence[str]) -> list[str]:
    """Return words as the tagger compares them."""
    return ["0" * len(w) if w.isdigit() else squeeze(w.lower()) for w in words]


def _total(counts: Iterable[Counter[str]]) -> Counter[str]:
    """Return several counts as one; sum() would copy the whole at every step."""
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return total


class Tagger:
    """A conditional random field over words, their shapes and what the rules say of them."""

    def __init__(
        self, *, rounds: int, firm_words: Iterable[str] = (), jobs: Iterable[str] = ()
    ) -> None:
        """Make an untrained tagger that learns for at most `rounds`."""
        self._field = CRF(
            algorithm="lbfgs",
            c1=0.02,
            c2=0.02,
            max_iterations=rounds,
            all_possible_transitions=False,
        )
        self._firm_words = frozenset(map(squeeze, firm_words))
        names = [[squeeze(word) for word in job.rstrip("? ").lower().split()] for job in jobs]
        self._job_starts = frozenset(name[0] for name in names if name)
        self._job_words = frozenset(word for name in names for word in name[1:])
        self._count: Counter[str] = Counter()

    def _listed(self, word: str) -> str:
        """Say what lists hold a word: of firms' names, of jobs' names."""
        firm = "f" if word in self._firm_words else ""
        job = "j" if word in self._job_starts else ""
        return firm + job + ("k" if word in self._job_words else "")

    def _rare(self, word: str, own: int) -> str:
        """Say how often a word was met, `own` times in this text left out."""
        return str(bisect_right(STEPS, self._count[word] - own))

    def _rows(
        self, text: str, ruled: Sequence[Span], own: Counter[str] | None = None
    ) -> tuple[list[tuple[int, int]], list[dict[str, str | bool]]]:
        tokens = list(TOKEN.finditer(text))
        places = [(token.start(), token.end()) for token in tokens]
        words = [token.group() for token in tokens]
        plain = _plain(words)
        own = own or Counter()
        kinds = [kind_of(word) for word in plain]
        seen = Seen(
            plain=plain,
            shapes=[""] * len(words) if text.isupper() else [_shape(word) for word in words],
            marks=_tags(places, ruled),
            kinds=kinds,
            rare=[self._rare(word, own[word]) for word in plain],
            listed=[self._listed(word) for word in plain],
            about=",".join(kind for kind in TELLING if kind in kinds),
        )
        return places, [_row(i, seen) for i in range(len(words))]

    def fit(
        self, texts: Sequence[str], ruled: Sequence[Sequence[Span]], told: Sequence[Sequence[Span]]
    ) -> None:
        """Learn the spans `told` of each text, given what the rules found in it."""
        counts = [Counter(_plain(TOKEN.findall(text))) for text in texts]
        self._count = _total(counts)
        rows, tags = [], []
        for text, marks, spans, own in zip(texts, ruled, told, counts, strict=True):
            places, features = self._rows(text, marks, own)
            if places:
                rows.append(features)
                tags.append(_tags(places, spans))
        self._field.fit(rows, tags)

    def spans(self, text: str, ruled: Sequence[Span]) -> list[Span]:
        """Return what the tagger finds in a text."""
        places, rows = self._rows(text, ruled)
        if not places:
            return []
        tags = self._field.predict_single(rows)
        if any(row["listed"] and tag == OUTSIDE for row, tag in zip(rows, tags, strict=True)):
            tags = _with_likely(tags, self._field.predict_marginals_single(rows))
        return list(_spans(places, tags))
