"""Takes out of a caller's words what could tell who she is, and says what is left to look at.

What is found by rule is only a help: the reviewer reads every line and rewrites it.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.components.patterns import numbers
from bot.components.text import LINK
from suar.examples import LABEL, Example

# The name that Indonesians give to somebody who has none.
NOBODY = "Fulan"
KEPT = frozenset({"country", "region", "amount", "date", "occupation"})
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
HANDLE = re.compile(r"(?<![\w@])@\w[\w.]+")
# Six digits and more that are no sum of money: a key, a telephone, an identity card, an account.
DIGITS = re.compile(r"(?<![\w.,])(?:[a-z]{1,2})?\+?\d(?:[\s.()-]?\d){5,}(?!\w)", re.IGNORECASE)
_STREET = re.compile(
    r"\b(?:jl|jln|jalan|gg|gang|perum|perumahan|komplek|kompleks|blok)\b\.?\s+"
    r"(?:[^\s,.;]+\s+){0,4}?(?:no|nomor|nmr|blok|rt|rw)\b\.?\s*\w*\d\w*(?:\s*[/-]\s*\d+)?"
    r"|\b(?:jl|jln|gg)\b\.?\s+[^\s,.;]+"
    r"|\b(?:rt|rw)\b\.?\s*\d+(?:\s*/\s*(?:rw\b\.?\s*)?\d+)?",
    re.IGNORECASE,
)
_VILLAGE = re.compile(
    r"\b(?P<cue>desa|ds|dusun|dsn|kampung|kp|kelurahan|kel)\b\.?\s+(?P<name>[^\W\d_]{3,})",
    re.IGNORECASE,
)
_HONORIFIC = (
    r"pak|bpk|bapak|bu|ibu|buk|mas|mbak|mba|kak|bang|om|tante|haji|hj|hajah|ustad|ustadz|kyai|mr|"
    r"mrs|miss"
)
_ROLE = r"agen|agent|sponsor|calo|majikan|juragan|tekong|perekrut"
_CALLED = (
    r"nama(?:nya|ku)?(?: (?:saya|sy|aku|anak|adik|suami|istri|ibu|bapak|majikan)(?:nya| saya)?)?|"
    r"bernama|jeneng(?:ku|e)?|asma(?:ne|nipun)?|ngaran(?:na)?|nami (?:abdi|kulo|kula)|"
    r"my name is|named|called|a/?n|atas nama"
)
_NAME = re.compile(
    rf"\b(?:(?:{_CALLED})|(?P<role>{_ROLE})[\s.]+(?:{_HONORIFIC})|(?:{_HONORIFIC}|{_ROLE}))\b[\s:.]+"
    r"(?P<words>[^\W\d_]{2,}(?:[ '][^\W\d_]{2,}){0,2})",
    re.IGNORECASE,
)
_FORM = re.compile(r"^(?:p\.?t\.?|c\.?v\.?|p3mi|pjtki|lpk|yayasan|agensi|agency)(?=\s)", re.I)
_COINED = (
    "Sagara", "Welasan", "Rumbai", "Asmaraga", "Lentera", "Puspajaya", "Kencanarupa", "Tirtawana",
    "Bahtera", "Senandung", "Gemilau", "Randuwangi", "Halimun", "Sekarbumi", "Padmasari",
    "Wirabuana",
)  # fmt: skip
_OFTEN = 3  # times that a word stands in the examples before it is no longer strange
_SHARE_NAMED = 0.3  # of a word's places: where so many are a name's, it is a name
_TOKEN = re.compile(r"[^\W\d_][\w'’-]*")
# A word where a name would stand: with a capital within a sentence, or behind a title.
_AS_NAME = re.compile(
    r"(?<=[a-z,] )[A-Z][a-z'’]+|(?<=pak )[a-z]+|(?<=bu )[a-z]+|(?<=mas )[a-z]+|(?<=mbak )[a-z]+"
    r"|(?<=namanya )[a-z]+|(?<=bernama )[a-z]+|(?<=named )[a-z]+|(?<=Pak )\w+|(?<=Bu )\w+"
)


@dataclass(frozen=True)
class Cleaned:
    """A text for the reviewer: with marks of entities, and what may still be personal."""

    marked: str
    look_at: tuple[str, ...]


@dataclass(frozen=True)
class _Change:
    start: int
    end: int
    by: str
    rank: int  # the lower one wins where two overlap


def common_words(examples: Iterable[Example]) -> frozenset[str]:
    """Gather the words that stand in several examples, and are no names there."""
    counts: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for example in examples:
        bare = LABEL.sub(" ", example.marked)
        counts.update(_TOKEN.findall(bare.lower()))
        named.update(word.lower() for word in _AS_NAME.findall(bare))
    return frozenset(
        word
        for word, count in counts.items()
        if count >= _OFTEN and (named[word] < _OFTEN or named[word] < _SHARE_NAMED * count)
    )


def clean(text: str, entities: Sequence[Mapping[str, Any]], common: Collection[str]) -> Cleaned:
    """Take out names, numbers, codes, links and addresses; mark what the extractor found."""
    shouted = sum(c.isupper() for c in text) > sum(c.islower() for c in text)
    changes = [*_by_rule(text), *_names(text, common, shouted), *_entities(text, entities)]
    settled: list[_Change] = []
    for change in sorted(changes, key=lambda one: (one.rank, one.start - one.end)):
        if all(change.end <= one.start or one.end <= change.start for one in settled):
            settled.append(change)
    out, at = [], 0
    for change in sorted(settled, key=lambda one: one.start):
        out += [_bare(text[at : change.start]), change.by]
        at = change.end
    marked = " ".join("".join([*out, _bare(text[at:])]).split())
    return Cleaned(re.sub(r"\s+([,.;!?])", r"\1", marked), _look_at(marked, common, shouted))


def _bare(text: str) -> str:
    """Take away what would be read as a mark or an escape."""
    return re.sub(r"[\[\]{}\\]", " ", text)


def _by_rule(text: str) -> Iterable[_Change]:
    for pattern in (EMAIL, LINK, HANDLE, _STREET):
        yield from (_Change(found.start(), found.end(), " ", 0) for found in pattern.finditer(text))
    for village in _VILLAGE.finditer(text):
        yield _Change(village.start("name"), village.end("name"), " ", 0)
    money = [span for span in numbers(text) if span.kind == "amount"]
    for span in numbers(text):
        if span.kind not in KEPT:
            yield _Change(span.start, span.end, " ", 1)
    for digits in DIGITS.finditer(text):
        if not any(one.start <= digits.start() and digits.end() <= one.end for one in money):
            yield _Change(digits.start(), digits.end(), " ", 1)


def _names(text: str, common: Collection[str], shouted: bool) -> Iterable[_Change]:
    """Find people's names: after "nama saya" or "pak", as far as the words are strange."""
    for found in _NAME.finditer(text):
        start = end = found.start("words")
        for word in _TOKEN.finditer(text, start, found.end("words")):
            capital = word[0][0].isupper() and not shouted
            # "agen pak slamet" can only be somebody, also where "slamet" means safe.
            sure = found["role"] and word.start() == start
            if word[0].lower() in common and not capital and not sure:
                break
            end = word.end()
        if end > start:
            yield _Change(start, end, NOBODY, 3)


def _entities(text: str, entities: Sequence[Mapping[str, Any]]) -> Iterable[_Change]:
    for entity in entities:
        start, end, kind = int(entity["start"]), int(entity["end"]), str(entity["entity"])
        words = _bare(text[start:end]).strip()
        if kind == "recruiter":
            yield _Change(start, end, f"[{invented(words)}](recruiter)", 2)
        elif kind in KEPT:
            yield _Change(start, end, f"[{words}]({kind})", 4)
        else:
            yield _Change(start, end, " ", 1)


def invented(name: str) -> str:
    """Give a made-up name of the same form: as many words, the same legal form and letters."""
    form = _FORM.match(name)
    legal = form[0] if form else ""
    rest = name[len(legal) :].split()
    title = rest[0] if rest and re.fullmatch(_HONORIFIC, rest[0], re.IGNORECASE) else ""
    if title:
        made = [title, NOBODY.lower() if name.islower() else NOBODY]
    else:
        at = int.from_bytes(hashlib.sha256(name.lower().encode()).digest()[:4])
        # Steps without a common divisor: no two words of a name are the same.
        made = [_COINED[(at + 5 * i) % len(_COINED)] for i in range(min(len(rest), 4) or 1)]
    whole = " ".join([legal, *made] if legal else made)
    return whole.lower() if name.islower() else whole.upper() if name.isupper() else whole


def _look_at(marked: str, common: Collection[str], shouted: bool) -> tuple[str, ...]:
    """List words that may still be names: with a capital letter, or met in no other example."""
    found = [one["words"] for one in LABEL.finditer(marked) if one["entity"] == "region"]
    for at, word in enumerate(_TOKEN.findall(LABEL.sub(" ", marked))):
        capital = word[0].isupper() and not shouted and at > 0
        if word != NOBODY and (capital or word.lower() not in common):
            found.append(word)
    return tuple(dict.fromkeys(found))
