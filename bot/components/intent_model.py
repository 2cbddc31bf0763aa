"""Telling intents apart: letters, words and sentence embeddings under a linear classifier."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedShuffleSplit
from sklearn.svm import LinearSVC

from bot.components.bayes import Bayes
from bot.components.danger_model import EMERGENCY, DangerModel
from bot.components.text import glossed, normalise

SEED = 2026
HELD_OUT = 0.2
# Letter runs of this length are long enough to mean something of a word.
TELLING_LENGTH = 4
_WORD = re.compile(r"\S\S+")


class Features:
    """Tf-idf of letter runs and words of the evened-out text.

    Tf-idf makes every text equally long, so the three known words of a text about something else
    would speak as loudly as a whole message of known words. A row is therefore made smaller by the
    share of its words that training has met, to the power of `coverage`.
    """

    def __init__(self, *, coverage: float) -> None:
        """Make untrained vectorizers."""
        self._coverage = coverage
        self._letters = TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=(1, 5),
            min_df=2,
            sublinear_tf=True,
            lowercase=False,
            dtype=np.float32,
        )
        self._words = TfidfVectorizer(
            ngram_range=(1, 2),
            token_pattern=r"\S\S+",
            min_df=1,
            sublinear_tf=True,
            lowercase=False,
            dtype=np.float32,
        )

    def fit(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Learn the vocabulary of normalised texts and return their features."""
        letters = self._letters.fit_transform(texts)
        words = self._words.fit_transform(texts)
        self._met = _met_more_than_once(texts)
        names = self._letters.get_feature_names_out()
        # "y" and "p" are whole messages, though one letter elsewhere tells nothing.
        self._short = frozenset(text for text in texts if len(text) < TELLING_LENGTH)
        self._telling = np.array([len(name.strip()) >= TELLING_LENGTH for name in names])
        return sparse.hstack([letters, words], format="csr")

    def transform(self, texts: Sequence[str]) -> tuple[sparse.csr_matrix, np.ndarray]:
        """Return features, and for each text whether anything telling in it is known."""
        letters = self._letters.transform(texts)
        words = self._words.transform(texts)
        known = (words.getnnz(axis=1) > 0) | (letters[:, self._telling].getnnz(axis=1) > 0)
        known |= np.array([text in self._short for text in texts])
        shares = sparse.diags(np.array([self._share(text) for text in texts]) ** self._coverage)
        return (shares @ sparse.hstack([letters, words], format="csr")).tocsr(), known

    def _share(self, text: str) -> float:
        """Return the share of a text's words that training has met, above 0."""
        words = _WORD.findall(text)
        return (1 + sum(word in self._met for word in words)) / (1 + len(words))


def _met_more_than_once(texts: Sequence[str]) -> frozenset[str]:
    counts = Counter(word for text in texts for word in set(_WORD.findall(text)))
    return frozenset(word for word, count in counts.items() if count > 1)


class Head:
    """A linear classifier whose margins are turned into honest probabilities."""

    def __init__(self, *, c: float, balance: float, opinion: float) -> None:
        """Make an untrained classifier; `c` is the inverse strength of regularisation.

        `balance` says how far rare labels count as much as frequent ones: 1 wholly, 0 not at all.
        `opinion` is what a second opinion's scores weigh against a margin.
        """
        self._c = c
        self._balance = balance
        self._opinion = opinion
        self._sharpness = 1.0

    def fit(self, rows: sparse.csr_matrix, labels: np.ndarray) -> Head:
        """Learn the labels."""
        classifier = LinearSVC(C=self._c, class_weight=self._weights(labels), random_state=SEED)
        self._model = classifier.fit(rows, labels)
        self.labels = self._model.classes_
        return self

    def _weights(self, labels: np.ndarray) -> dict[str, float]:
        counts = Counter(labels.tolist())
        usual = len(labels) / len(counts)
        return {label: (usual / count) ** self._balance for label, count in counts.items()}

    def calibrate(
        self, other: Head, rows: sparse.csr_matrix, opinion: np.ndarray, labels: np.ndarray
    ) -> None:
        """Learn how sure a score is from texts that `other`, trained alike, has not seen."""
        scores = other.scores(rows, opinion)
        right = np.searchsorted(other.labels, labels)

        def surprise(sharpness: float) -> float:
            scaled = sharpness * scores
            own = scaled[np.arange(len(right)), right]
            return float(np.mean(logsumexp(scaled, axis=1) - own))

        self._sharpness = float(minimize_scalar(surprise, bounds=(0.2, 30), method="bounded").x)

    def scores(self, rows: sparse.csr_matrix, opinion: np.ndarray) -> np.ndarray:
        """Return margins and second opinion together, in the order of `labels`."""
        return _margins(self._model, rows) + self._opinion * opinion

    def probabilities(self, rows: sparse.csr_matrix, opinion: np.ndarray) -> np.ndarray:
        """Return probabilities in the order of `labels`, one row a text."""
        scaled = self._sharpness * self.scores(rows, opinion)
        return np.exp(scaled - logsumexp(scaled, axis=1, keepdims=True))


def _margins(model: LinearSVC, rows: sparse.csr_matrix) -> np.ndarray:
    """Return one column of margins a label, also where there are only two labels."""
    margins = model.decision_function(rows)
    return np.stack([-margins, margins], axis=1) if margins.ndim == 1 else margins


class Reading(NamedTuple):
    """What a model makes of one text."""

    ranking: list[tuple[str, float]]  # all labels, best first; empty if unreadable
    danger: float  # how likely somebody is in danger now


class IntentModel:
    """The features with two heads: with the sentence embedding, and without it.

    Both are trained where the embedding runs, so that a model made with it also answers
    on a machine without it.
    """

    def __init__(
        self,
        *,
        c: float,
        balance: float,
        opinion: float,
        embedding_scale: float,
        coverage: float,
        glosses: Mapping[str, str],
    ) -> None:
        """Make an untrained model; `glosses` puts words of one language for another's."""
        self._glosses = dict(glosses)
        self._heads = {"c": c, "balance": balance, "opinion": opinion}
        self._scale = embedding_scale
        self._coverage = coverage
        self._embedded: Head | None = None

    def fit(self, texts: Sequence[str], labels: Sequence[str], embedded: np.ndarray | None) -> None:
        """Learn the labels of raw texts; `embedded` holds one row a text, if there is any."""
        plain = [self._plain_text(text) for text in texts]
        names = np.array(labels)
        self._learn(plain, names, embedded)
        split = _held_out(names)
        if split is None:
            return
        # One number is learned here, so one split is enough; more only made training longer.
        train, held = split
        other = IntentModel(
            **self._heads, embedding_scale=self._scale, coverage=self._coverage, glosses={}
        )
        rows = None if embedded is None else embedded[train]
        other._learn([plain[i] for i in train], names[train], rows)
        unseen, _ = other._features.transform([plain[i] for i in held])
        opinion = other._bayes.scores(unseen)
        self._plain.calibrate(other._plain, unseen, opinion, names[held])
        if embedded is not None and self._embedded is not None and other._embedded is not None:
            joined = other._join(unseen, embedded[held])
            self._embedded.calibrate(other._embedded, joined, opinion, names[held])

    def _learn(self, plain: Sequence[str], names: np.ndarray, embedded: np.ndarray | None) -> None:
        self._features = Features(coverage=self._coverage)
        rows = self._features.fit(plain)
        self._plain = Head(**self._heads).fit(rows, names)
        self._bayes = Bayes().fit(rows, names)
        self._danger = DangerModel().fit(rows, names)
        if embedded is not None:
            # Raw embeddings all point nearly the same way; what differs is what tells.
            self._middle, self._spread = embedded.mean(axis=0), embedded.std(axis=0) + 1e-6
            self._embedded = Head(**self._heads).fit(self._join(rows, embedded), names)

    def _plain_text(self, text: str) -> str:
        return glossed(normalise(text), self._glosses)

    def _join(self, rows: sparse.csr_matrix, embedded: np.ndarray) -> sparse.csr_matrix:
        """Set the embeddings beside the features, at a weight against the whole of them."""
        dense = self._scale * (embedded - self._middle) / self._spread
        dense = sparse.csr_matrix(dense.astype(np.float32))
        return sparse.hstack([rows, dense], format="csr")

    def read(self, texts: Sequence[str], embedded: np.ndarray | None) -> list[Reading]:
        """Return what each text is about, and how likely danger is in it."""
        rows, known = self._features.transform([self._plain_text(text) for text in texts])
        opinion = self._bayes.scores(rows)
        head, joined = self._plain, rows
        if embedded is not None and self._embedded is not None:
            head, joined = self._embedded, self._join(rows, embedded)
        chances = head.probabilities(joined, opinion)
        danger = self._danger.chances(rows, chances @ (head.labels == EMERGENCY))
        readings = []
        for row, readable, likely in zip(chances, known, danger, strict=True):
            order = np.argsort(-row) if readable else []
            ranking = [(str(head.labels[i]), float(row[i])) for i in order]
            readings.append(Reading(ranking, float(likely) if readable else 0.0))
        return readings


def _held_out(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Set examples of every label apart; None where there are too few of them."""
    counts = np.unique(labels, return_counts=True)[1]
    if counts.min() < 2 or HELD_OUT * len(labels) < len(counts):
        return None
    split = StratifiedShuffleSplit(1, test_size=HELD_OUT, random_state=SEED)
    train, held = next(split.split(np.zeros(len(labels)), labels))
    return train, held
