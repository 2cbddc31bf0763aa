"""The danger guard: reads a message for signs that someone is in danger right now.

It comes before Rasa and does not depend on it. Recall goes first: a false alarm costs a responder
a minute, a missed one may cost a life. Rules name danger outright; signs that say little alone ring
when they weigh enough together. What takes a match back (not beaten, beaten in a film), what calms,
and what a whole message can be instead (a question about others) is named in the data.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hotline.contexts import Context, Surroundings, context_phrases
from hotline.folding import plain, squeezed, undisguised
from hotline.frames import Frame, Frames
from hotline.phrases import BREAK, PhraseIndex, compiled
from hotline.signs import Balance, Scale

_TOKEN = re.compile(r"[^\W_]+(?:[@$'’][^\W_]+)*|[.!?;\n]+|\U0001f198")
_QUANTITY = re.compile(r"(\d+)(jt|juta|rb|ribu|thn|th|tahun|taun|bln|bulan|hr|hari|jam|mgg|minggu)")
# "di kurung", "d kurung", krama "dipun kurung"
_MERGING = frozenset({"di", "d", "dipun"})
_VOWELS = str.maketrans("", "", "aeiou")
# The reason given when no rule rang, only signs that weigh enough together.
SEVERAL_SIGNS = "several_signs"
# Of a longer paste only the start and the end are read: a cry stands at either.
_MOST_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of danger: phrases that show it and the contexts that take it back."""

    id: str
    phrases: tuple[str, ...]
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """How words are written: groups, other spellings, words without weight.

    ``as_typed`` gives another word for one that squeezing would make into a third.
    """

    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)
    as_typed: Mapping[str, str] = field(default_factory=dict)
    keywords: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Alarm:
    """What the guard saw: rule ids, and the folded words that made it ring.

    One that is not sure may be taken back by the model, which reads the whole message.
    """

    reasons: tuple[str, ...]
    words: tuple[str, ...]
    sure: bool = True


class Guard:
    """Reads texts for danger by rules that are data."""

    def __init__(
        self,
        rules: Sequence[Rule],
        contexts: Mapping[str, Context] | None = None,
        lexicon: Lexicon | None = None,
        scale: Scale | None = None,
        frames: Sequence[Frame] = (),
    ) -> None:
        """Compile the rules, the signs and the frames.

        Without a scale only the rules ring, and every one of them does.

        Raises ValueError for a phrase that cannot be read or a context that does not exist.
        """
        self._lexicon = lexicon or Lexicon()
        self._contexts = contexts or {}
        self._unless: dict[str, dict[str, None]] = {}
        for rule in rules:
            for name in rule.unless:
                if name not in self._contexts:
                    raise ValueError(f"rule {rule.id}: context {name} does not exist")
            self._unless.setdefault(rule.id, {}).update(dict.fromkeys(rule.unless))
        self._as_typed = tuple(
            (re.compile(rf"\b{re.escape(typed)}\b"), meant)
            for typed, meant in self._lexicon.as_typed.items()
        )
        groups = self._lexicon.groups
        self._danger = PhraseIndex(
            [compiled(text, rule.id, groups) for rule in rules for text in rule.phrases]
        )
        self._around = PhraseIndex(list(context_phrases(self._contexts, groups)))
        self._balance = Balance(scale, groups) if scale else None
        self._frames = Frames(frames, groups)
        self._skeletons: dict[str, list[str]] = {}
        for word in self._lexicon.keywords:
            self._skeletons.setdefault(word.translate(_VOWELS), []).append(word)

    def read(self, text: str) -> Alarm | None:
        """Look for danger now; None means that nothing rang."""
        tokens = self._tokens(text)
        reasons = self._ringing(tokens)
        alarm = None
        if reasons:
            words = (" ".join(tokens[start:end]) for start, end in reasons.values())
            alarm = Alarm(tuple(reasons), tuple(words))
        sure = _stands_apart(reasons.values())
        if self._balance:
            weighed = self._balance.heaviest(tokens, [start for start, _ in reasons.values()])
            if weighed.weight < self._balance.scale.ring:
                return None
            alarm = alarm or Alarm((SEVERAL_SIGNS,), weighed.words)
            sure = sure or weighed.weight >= self._balance.scale.sure
            alarm = replace(alarm, sure=sure)
        # Most messages ring nothing, so what takes a whole alarm back is asked last.
        return alarm if alarm and (sure or not self._is_framed(tokens, alarm)) else None

    def _is_framed(self, tokens: Sequence[str], alarm: Alarm) -> bool:
        """Say whether the message as a whole only speaks of such danger."""
        reasons = frozenset(alarm.reasons)
        return any(frame.spares.isdisjoint(reasons) for frame in self._frames.holding(tokens))

    def _ringing(self, tokens: Sequence[str]) -> dict[str, tuple[int, int]]:
        """Give every rule that rings with the place of its first match."""
        surroundings: Surroundings | None = None
        reasons: dict[str, tuple[int, int]] = {}
        tried: set[tuple[str, int, int]] = set()
        for phrase, start, end in self._danger.found(tokens):
            match = (phrase.meaning, start, end)
            if phrase.meaning in reasons or match in tried:
                continue
            tried.add(match)
            if surroundings is None:
                surroundings = Surroundings(tokens, self._around.found(tokens))
            exempt = (
                surroundings.exempt(name, self._contexts[name], start, end)
                for name in self._unless[phrase.meaning]
            )
            if not any(exempt):
                reasons[phrase.meaning] = (start, end)
        return reasons

    def _known(self, word: str) -> bool:
        return self._danger.knows(word) or bool(self._balance and self._balance.knows(word))

    def _tokens(self, text: str) -> list[str]:
        if len(text) > _MOST_CHARACTERS:
            half = _MOST_CHARACTERS // 2
            text = f"{text[:half]}\n{text[-half:]}"
        tokens: list[str] = []
        skip = self._lexicon.skip
        for raw in _TOKEN.findall(squeezed(self._meant(plain(text)))):
            for token in (raw,) if raw in skip else self._spelt(raw):
                last = tokens[-1] if tokens else BREAK
                if token in skip or token == last == BREAK:
                    continue
                joined = self._joined(token) if last in _MERGING else None
                if joined:
                    tokens[-1] = joined
                else:
                    tokens.append(token)
        return tokens[:-1] if tokens[-1:] == [BREAK] else tokens

    def _meant(self, text: str) -> str:
        for typed, meant in self._as_typed:
            text = typed.sub(meant, text)
        return text

    def _joined(self, token: str) -> str | None:
        """Read "di" and the word after it as one ("d krg": dikurung), if that is a known word."""
        whole = self._lexicon.spellings.get(f"di{token}", f"di{token}")
        return whole if self._known(whole) else None

    def _spelt(self, raw: str) -> tuple[str, ...]:
        word = raw
        if not raw.isalpha():
            if raw[0] in ".!?;\n":
                return (BREAK,)
            if raw == "\U0001f198":
                return ("sos",)
            quantity = _QUANTITY.fullmatch(raw)
            if quantity:
                return quantity.groups()
            word = squeezed(undisguised(raw))
        return (self._lexicon.spellings.get(word) or self._vowels_back(word),)

    def _vowels_back(self, word: str) -> str:
        """Give a word its dropped vowels back: dkurung, tlong, dsekap."""
        if len(word) < 4:
            return word
        candidates = [
            whole
            for whole in self._skeletons.get(word.translate(_VOWELS), ())
            if len(word) < len(whole) and _is_thinned(word, whole)
        ]
        if word[0] == "d" and word[1] not in "aeiou":
            candidates.append(f"di{word[1:]}")
        # Few words come this far, so the costly question is asked last.
        if not candidates or self._known(word):
            return word
        return next((one for one in candidates if self._known(one)), word)


def _stands_apart(places: Iterable[tuple[int, int]]) -> bool:
    """Say whether two of the matches share no word: the same words say nothing twice."""
    found = sorted(places, key=lambda place: place[1])
    return any(start >= found[0][1] for start, _ in found[1:])


def _is_thinned(word: str, whole: str) -> bool:
    """Say whether a word is the whole one with letters left out."""
    rest = iter(whole)
    return word[0] == whole[0] and all(letter in rest for letter in word)
