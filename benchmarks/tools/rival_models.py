"""Other ways of telling intents apart than ours, on the same evened-out text.

Runs on the bot's Python.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedShuffleSplit
from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.svm import LinearSVC

from bot.components.text import glossed, normalise

SEED = 2026
HELD_OUT = 0.2
MOST_ROUNDS = 100
WORD_RUN = r"\S\S+"
LETTERS, WORDS, SENTENCE = "letters", "words", "sentence embedding"
# Against letters and words together, each of length 1; the pipeline joins with the same weight.
EMBEDDING_SCALE = 0.05


def _logistic(value: float) -> Any:
    return LogisticRegression(C=value, class_weight="balanced", max_iter=MOST_ROUNDS, tol=1e-3)


def _machine(value: float) -> Any:
    return LinearSVC(C=value, class_weight="balanced", random_state=SEED)


# Each way of deciding, with the settings it may choose from on held-out examples. Logistic
# regression has one, found the same way beforehand (letters, held out: 0.769 after 50 rounds and
# 0.781 after 150 at C 30, 0.778 after 100 at C 100): it takes minutes, and it is sure by itself.
HEADS: Mapping[str, tuple[Callable[[float], Any], Sequence[float]]] = {
    "logistic regression": (_logistic, (30.0,)),
    "linear SVM": (_machine, (0.5, 2.5)),
    "multinomial naive Bayes": (lambda value: MultinomialNB(alpha=value), (0.003, 0.01, 0.03, 0.1)),
    "complement naive Bayes": (lambda value: ComplementNB(alpha=value), (0.1, 0.3, 1.0, 3.0)),
}


class Columns:
    """The features of texts: tf-idf of letter runs, of words, sentence embeddings, or several."""

    def __init__(self, kinds: Sequence[str]) -> None:
        makers = {
            LETTERS: lambda: TfidfVectorizer(
                analyzer="char_wb", ngram_range=(1, 5), min_df=2, sublinear_tf=True,
                lowercase=False, dtype=np.float32,
            ),
            WORDS: lambda: TfidfVectorizer(
                token_pattern=WORD_RUN, ngram_range=(1, 2), sublinear_tf=True,
                lowercase=False, dtype=np.float32,
            ),
        }  # fmt: skip
        self._counters = [makers[kind]() for kind in kinds if kind in makers]
        self._embedded = SENTENCE in kinds

    def fit(self, texts: Sequence[str], embedded: np.ndarray | None) -> sparse.csr_matrix:
        """Learn the vocabulary, and where the middle of the embeddings lies."""
        for counter in self._counters:
            counter.fit(texts)
        if self._embedded:
            assert embedded is not None
            self._middle, self._spread = embedded.mean(axis=0), embedded.std(axis=0) + 1e-6
        return self.rows(texts, embedded)

    def rows(self, texts: Sequence[str], embedded: np.ndarray | None) -> sparse.csr_matrix:
        """Return one row a text."""
        parts = [counter.transform(texts) for counter in self._counters]
        if self._embedded:
            dense = EMBEDDING_SCALE * (embedded - self._middle) / self._spread
            parts.append(sparse.csr_matrix(dense.astype(np.float32)))
        return sparse.hstack(parts, format="csr")


@dataclass
class Rival:
    """Features under a classifier whose setting and sharpness are chosen on held-out examples."""

    kinds: Sequence[str]
    head: str
    glosses: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name its features and its way of deciding."""
        return f"{' and '.join(self.kinds)}, {self.head}"

    @property
    def embeds(self) -> bool:
        """Say whether it wants sentence embeddings."""
        return SENTENCE in self.kinds

    def even(self, texts: Sequence[str]) -> list[str]:
        """Return texts as the pipeline's own classifier reads them."""
        return [glossed(normalise(text), self.glosses) for text in texts]

    def choose(self, texts: Sequence[str], labels: np.ndarray, embedded: np.ndarray | None) -> None:
        """Hold out a fifth, take the setting most often right on it, and how sure it may be."""
        make, values = HEADS[self.head]
        if len(values) == 1:
            self.value, self.sharpness, self.held_out = values[0], 1.0, float("nan")
            return
        train, held = _parts(labels)
        columns = Columns(self.kinds)
        plain = self.even(texts)
        rows = columns.fit([plain[i] for i in train], _some(embedded, train))
        asked = columns.rows([plain[i] for i in held], _some(embedded, held))
        best = -1.0
        for value in values:
            model = make(value).fit(rows, labels[train])
            right = float(np.mean(model.predict(asked) == labels[held]))
            if right > best:
                best, self.value = right, value
                self.sharpness = _sharpness(_scores(model, asked), model.classes_, labels[held])
        self.held_out = best

    def fit(self, texts: Sequence[str], labels: np.ndarray, embedded: np.ndarray | None) -> None:
        """Learn all examples with the chosen setting."""
        self._columns = Columns(self.kinds)
        rows = self._columns.fit(self.even(texts), embedded)
        self._model = HEADS[self.head][0](self.value).fit(rows, labels)
        self.labels = self._model.classes_

    def chances(self, texts: Sequence[str], embedded: np.ndarray | None) -> np.ndarray:
        """Return probabilities in the order of `labels`, one row a text."""
        rows = self._columns.rows(self.even(texts), embedded)
        return np.exp(log_softmax(self.sharpness * _scores(self._model, rows), axis=1))


def _parts(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Split into four fifths and one; a label met once stays on the learning side."""
    names, counts = np.unique(labels, return_counts=True)
    lone = np.isin(labels, names[counts < 2])
    usual = np.flatnonzero(~lone)
    split = StratifiedShuffleSplit(1, test_size=HELD_OUT, random_state=SEED)
    train, held = next(split.split(usual, labels[usual]))
    return np.concatenate([usual[train], np.flatnonzero(lone)]), usual[held]


def _some(embedded: np.ndarray | None, places: np.ndarray) -> np.ndarray | None:
    return None if embedded is None else embedded[places]


def _scores(model: Any, rows: sparse.csr_matrix) -> np.ndarray:
    """Return what a model says for each label, on a scale that a softmax understands."""
    if hasattr(model, "decision_function"):
        return np.asarray(model.decision_function(rows))
    return np.asarray(model.predict_log_proba(rows))


def _sharpness(scores: np.ndarray, names: np.ndarray, labels: np.ndarray) -> float:
    """Return the factor under which the right labels of held-out examples are most probable."""
    right = np.searchsorted(names, labels)

    def surprise(factor: float) -> float:
        return float(-np.mean(log_softmax(factor * scores, axis=1)[np.arange(len(right)), right]))

    return float(minimize_scalar(surprise, bounds=(0.01, 30), method="bounded").x)
