"""Telling languages apart by function words and letters: our own model and langdetect, together."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

import numpy as np
from langdetect.detector_factory import DetectorFactory
from langdetect.lang_detect_exception import LangDetectException
from langdetect.utils.lang_profile import LangProfile
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC

from bot.components.text import WORD, fold, squeeze

# Callers write three words as often as thirty, so the model learns from cuttings of these lengths.
WINDOWS = (3, 5, 8)
# langdetect walks through a text letter by letter; more letters than this only cost time.
LETTERS_FOR_LANGDETECT = 240
SEED = 2026


def plain_words(text: str) -> str:
    """Return the words of a text as the language model reads them, without numbers."""
    words = (squeeze(word) for word in WORD.findall(fold(text)))
    return " ".join(word for word in words if any(c.isalpha() for c in word))


def cuttings(text: str) -> list[str]:
    """Cut a text into runs of 3, 5 and 8 words, and keep the whole."""
    words = text.split()
    runs = [text]
    for size in WINDOWS:
        runs += [" ".join(words[i : i + size]) for i in range(0, len(words) - size, size)]
    return runs


class LanguageModel:
    """A linear model on letters and words, averaged with langdetect on profiles of our own."""

    def __init__(self, *, langdetect_weight: float, most_cuttings: int, sharpness: float) -> None:
        """Make an untrained model; `langdetect_weight` is langdetect's say, between 0 and 1."""
        self.langdetect_weight = langdetect_weight
        self.most_cuttings = most_cuttings
        self.sharpness = sharpness
        self.codes: list[str] = []

    def fit(self, texts: dict[str, Sequence[str]], words: dict[str, Sequence[str]]) -> None:
        """Learn from texts and lists of frequent words by language code."""
        self.codes = sorted(texts)
        chance = random.Random(SEED)
        runs: list[str] = []
        labels: list[str] = []
        profiles = []
        for code in self.codes:
            clean = [plain for plain in map(plain_words, texts[code]) if plain]
            lists = _shuffled_lists(words.get(code, ()), chance)
            own = [run for text in clean for run in cuttings(text)]
            if len(own) > self.most_cuttings:
                own = chance.sample(own, self.most_cuttings)
            own += lists
            runs += own
            labels += [code] * len(own)
            profiles.append(_profile(code, own))
        self.detectors = _factory(profiles)
        self.letters = {letter for run in runs for letter in run if letter.isalpha()}
        self.single = len(self.codes) < 2
        if self.single:
            return
        self.features = FeatureUnion(
            [
                (
                    "letters",
                    TfidfVectorizer(
                        analyzer="char_wb",
                        ngram_range=(1, 5),
                        min_df=2,
                        sublinear_tf=True,
                        dtype=np.float32,
                        lowercase=False,
                    ),
                ),
                (
                    "words",
                    TfidfVectorizer(
                        token_pattern=r"\S+",
                        min_df=2,
                        sublinear_tf=True,
                        dtype=np.float32,
                        lowercase=False,
                    ),
                ),
            ]
        )
        self.classifier = LinearSVC(C=1.0, class_weight="balanced", random_state=SEED)
        self.classifier.fit(self.features.fit_transform(runs), labels)

    def rank(self, texts: Sequence[str]) -> list[list[tuple[str, float]]]:
        """Return for each text its languages with probabilities, best first; empty if no words."""
        plain = [plain_words(text) for text in texts]
        spoken = [i for i, text in enumerate(plain) if text and self._has_known_letters(text)]
        rankings: list[list[tuple[str, float]]] = [[] for _ in texts]
        if not spoken or not self.codes:
            return rankings
        scores = self._linear([plain[i] for i in spoken])
        for row, i in enumerate(spoken):
            mixed = (1 - self.langdetect_weight) * scores[row]
            mixed = mixed + self.langdetect_weight * self._langdetect(plain[i])
            order = np.argsort(-mixed)
            rankings[i] = [(self.codes[k], float(mixed[k])) for k in order]
        return rankings

    def _has_known_letters(self, text: str) -> bool:
        """Say whether a text is in a script the model has met."""
        return any(letter in self.letters for letter in text)

    def _linear(self, texts: Sequence[str]) -> np.ndarray:
        """Return the linear model's probabilities, one row a text."""
        if self.single:
            return np.ones((len(texts), 1))
        margins = self.classifier.decision_function(self.features.transform(texts))
        if margins.ndim == 1:
            margins = np.stack([-margins, margins], axis=1)
        powers = np.exp(self.sharpness * (margins - margins.max(axis=1, keepdims=True)))
        return powers / powers.sum(axis=1, keepdims=True)

    def _langdetect(self, text: str) -> np.ndarray:
        """Return langdetect's probabilities; even ones where it has no opinion."""
        detector = self.detectors.create()
        detector.append(text[:LETTERS_FOR_LANGDETECT])
        even = np.full(len(self.codes), 1 / len(self.codes))
        try:
            found = {language.lang: language.prob for language in detector.get_probabilities()}
        except LangDetectException:
            return even
        row = np.array([found.get(code, 0.0) for code in self.codes])
        return row / row.sum() if row.sum() > 0 else even


def _shuffled_lists(words: Sequence[str], chance: random.Random) -> list[str]:
    """Return a word list as short runs in several orders, so that each word counts by itself."""
    runs = []
    for size in WINDOWS:
        shuffled = list(words)
        chance.shuffle(shuffled)
        runs += [" ".join(shuffled[i : i + size]) for i in range(0, len(shuffled), size)]
    return runs


def _profile(code: str, texts: Iterable[str]) -> LangProfile:
    """Make langdetect's profile of a language from texts."""
    profile = LangProfile(code)
    for text in texts:
        profile.update(text)
    profile.omit_less_freq()
    return profile


def _factory(profiles: Sequence[LangProfile]) -> DetectorFactory:
    """Make a langdetect factory that holds only these profiles and always draws the same."""
    factory = DetectorFactory()
    for index, profile in enumerate(profiles):
        factory.add_profile(profile, index, len(profiles))
    # Set on the factory, not on the class: the seed is ours alone.
    factory.seed = SEED
    return factory
