"""Which recruiter a name means: equal normal forms, and the look-alikes of a misspelt one."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable
from math import log

from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler, Levenshtein

from store.register.names import initials, joined, word_sorted

THRESHOLD = 80.0
"""Likeness under which a name counts as unknown (chosen on a list of real names)."""

# Half of the blend is a ratio, so a likeness of 80 needs a ratio of at least 60:
# the shortlist loses nothing by dropping what lies under that.
_SHORTLIST_CUTOFF = 2 * THRESHOLD - 100
_SHORTLIST = 30
_LONG_POSTING = 1500
_SAME_WORD = 0.84
_CEILING = 99.0
_SHORTEST_MISSPELT = 5


class NameIndex:
    """An immutable index of normal names, each pointing at the position of its owner."""

    def __init__(self, names: Iterable[tuple[str, int]]) -> None:
        """Index pairs of a normal name and its owner's position."""
        pairs = list(dict.fromkeys(names))
        self._owner = [owner for _, owner in pairs]
        self._name = [name for name, _ in pairs]
        self._joined = [joined(name) for name in self._name]
        self._sorted = [word_sorted(name) for name in self._name]
        self._exact: defaultdict[str, set[int]] = defaultdict(set)
        self._initials: defaultdict[str, set[int]] = defaultdict(set)
        self._prefix: defaultdict[str, set[int]] = defaultdict(set)
        self._posting: defaultdict[str, list[int]] = defaultdict(list)
        frequency: Counter[str] = Counter()
        for entry, (name, owner) in enumerate(pairs):
            words = name.split()
            self._exact[self._joined[entry]].add(owner)
            self._initials[initials(name)].add(owner)
            for length in range(2, len(words)):
                self._prefix[" ".join(words[:length])].add(owner)
            for word in set(words):
                self._posting[word].append(entry)
                frequency[word] += 1
        self._unseen = log(len(pairs) + 1) + 0.3
        self._weight = {w: log((len(pairs) + 1) / (n + 1)) + 0.3 for w, n in frequency.items()}

    def exact(self, normal: str) -> list[int]:
        """Return the owners of the same name, however it is spaced or glued to its PT."""
        key = joined(normal)
        found = self._exact.get(key) or (
            self._exact.get(key.removeprefix("pt")) if key.startswith("pt") else None
        )
        return sorted(found or ())

    def similar(self, normal: str, *, limit: int = 4) -> list[tuple[float, int]]:
        """Return up to `limit` look-alikes as (likeness, owner), most alike first."""
        best = dict.fromkeys(self._short_forms(normal, limit), THRESHOLD)
        likeness = _Likeness(normal, self._weight, self._unseen)
        for entry in self._shortlist(normal):
            if len(self._joined[entry]) < _SHORTEST_MISSPELT:
                continue  # another abbreviation is another firm, not a slip of the pen
            score = min(_CEILING, likeness.of(self._name[entry]))
            owner = self._owner[entry]
            if score >= THRESHOLD and score > best.get(owner, 0.0):
                best[owner] = score
        ranked = heapq.nsmallest(limit, best.items(), key=lambda item: (-item[1], item[0]))
        return [(round(score, 1), owner) for owner, score in ranked]

    def _short_forms(self, normal: str, limit: int) -> set[int]:
        """Find names whose initials or opening words were given, when few enough share them."""
        found = self._prefix.get(normal, set()) | self._initials.get(joined(normal), set())
        return found if len(normal) > 1 and len(found) <= limit else set()

    def _shortlist(self, normal: str) -> set[int]:
        """Choose the entries worth a full comparison."""
        found: set[int] = set()
        for query, choices in (
            (joined(normal), self._joined),
            (word_sorted(normal), self._sorted),
        ):
            hits = process.extract(
                query, choices, scorer=fuzz.ratio, limit=_SHORTLIST, score_cutoff=_SHORTLIST_CUTOFF
            )
            found.update(entry for _, _, entry in hits)
        return found | self._sharing_rare_words(normal)

    def _sharing_rare_words(self, normal: str) -> set[int]:
        weights: Counter[int] = Counter()
        for word in set(normal.split()):
            posting = self._posting.get(word, [])
            if len(posting) <= _LONG_POSTING:
                for entry in posting:
                    weights[entry] += 1
        return set(heapq.nlargest(_SHORTLIST, weights, key=weights.__getitem__))


class _Likeness:
    """Compares one query with many names, remembering words it has compared."""

    def __init__(self, query: str, weight: dict[str, float], unseen: float) -> None:
        self._query = query
        self._words = query.split()
        self._joined = joined(query)
        self._sorted = word_sorted(query)
        self._weight = weight
        self._unseen = unseen
        self._known: dict[tuple[str, str], float] = {}
        self._query_weight = sum(map(self._weigh, self._words))

    def of(self, name: str) -> float:
        """Return 0 to 100: half rarity-weighted words, half the best plain ratio."""
        if not name or not self._query:
            return 0.0
        ratio = max(
            fuzz.ratio(self._query, name),
            fuzz.ratio(self._joined, joined(name)),
            fuzz.ratio(self._sorted, word_sorted(name)),
        )
        return 0.5 * self._shared_words(name) + 0.5 * ratio if ratio >= _SHORTLIST_CUTOFF else 0.0

    def _shared_words(self, name: str) -> float:
        # A rare word in common says more than "Jaya" or "Mandiri", which many firms bear.
        others = name.split()
        table = [[self._same(word, other) for other in others] for word in self._words]
        shared = sum(self._weigh(w) * max(row) for w, row in zip(self._words, table, strict=True))
        shared += sum(
            self._weigh(w) * max(column)
            for w, column in zip(others, zip(*table, strict=True), strict=True)
        )
        score: float = shared / (self._query_weight + sum(map(self._weigh, others)))
        if abs(len(others) - len(self._words)) == 1:
            run_together = Levenshtein.normalized_similarity(self._joined, joined(name))
            score = max(score, 0.97 * run_together)
        return 100 * score

    def _same(self, word: str, other: str) -> float:
        key = (word, other)
        if key not in self._known:
            alike = float(JaroWinkler.similarity(word, other))
            self._known[key] = alike if alike >= _SAME_WORD else 0.0
        return self._known[key]

    def _weigh(self, word: str) -> float:
        return self._weight.get(word, self._unseen)
