"""Telling intents apart: letters, words and sentence embeddings under a linear classifier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy import sparse
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedShuffleSplit
from sklearn.svm import LinearSVC

from bot.components.text import glossed, normalise

SEED = 2026
HELD_OUT = 0.2
# Letter runs of this length are long enough to mean something of a word.
TELLING_LENGTH = 4


class Features:
    """Tf-idf of letter runs and words of the evened-out text."""

    def __init__(self) -> None:
        """Make untrained vectorizers."""
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
        return sparse.hstack([letters, words], format="csr"), known


class Head:
    """A linear classifier whose margins are turned into honest probabilities."""

    def __init__(self, *, c: float) -> None:
        """Make an untrained classifier; `c` is the inverse strength of regularisation."""
        self._c = c

    def _classifier(self) -> LinearSVC:
        return LinearSVC(C=self._c, class_weight="balanced", random_state=SEED)

    def fit(self, rows: sparse.csr_matrix, labels: np.ndarray) -> None:
        """Learn the labels, and from examples held out in turn how sure a margin is."""
        self._model = self._classifier().fit(rows, labels)
        self.labels = self._model.classes_
        self._sharpness = self._calibrate(rows, labels)

    def _calibrate(self, rows: sparse.csr_matrix, labels: np.ndarray) -> float:
        """Return the factor on margins under which held-out examples are most probable."""
        counts = np.unique(labels, return_counts=True)[1]
        if counts.min() < 2 or HELD_OUT * len(labels) < len(counts):
            return 1.0
        # One number is learned here, so one split is enough; more only made training longer.
        split = StratifiedShuffleSplit(1, test_size=HELD_OUT, random_state=SEED)
        train, held = next(split.split(rows, labels))
        margins = _margins(self._classifier().fit(rows[train], labels[train]), rows[held])
        labels = labels[held]
        right = np.searchsorted(self.labels, labels)

        def surprise(sharpness: float) -> float:
            scaled = sharpness * margins
            own = scaled[np.arange(len(right)), right]
            return float(np.mean(logsumexp(scaled, axis=1) - own))

        return float(minimize_scalar(surprise, bounds=(0.2, 30), method="bounded").x)

    def probabilities(self, rows: sparse.csr_matrix) -> np.ndarray:
        """Return probabilities in the order of `labels`, one row a text."""
        scaled = self._sharpness * _margins(self._model, rows)
        return np.exp(scaled - logsumexp(scaled, axis=1, keepdims=True))


def _margins(model: LinearSVC, rows: sparse.csr_matrix) -> np.ndarray:
    """Return one column of margins a label, also where there are only two labels."""
    margins = model.decision_function(rows)
    return np.stack([-margins, margins], axis=1) if margins.ndim == 1 else margins


class IntentModel:
    """The features with two heads: with the sentence embedding, and without it.

    Both are trained where the embedding runs, so that a model made with it also answers
    on a machine without it.
    """

    def __init__(self, *, c: float, embedding_scale: float, glosses: Mapping[str, str]) -> None:
        """Make an untrained model; `glosses` puts words of one language for another's."""
        self._features = Features()
        self._glosses = dict(glosses)
        self._plain = Head(c=c)
        self._embedded: Head | None = None
        self._c = c
        self._scale = embedding_scale

    def fit(self, texts: Sequence[str], labels: Sequence[str], embedded: np.ndarray | None) -> None:
        """Learn the labels of raw texts; `embedded` holds one row a text, if there is any."""
        rows = self._features.fit([self._plain_text(text) for text in texts])
        names = np.array(labels)
        self._plain.fit(rows, names)
        if embedded is not None:
            # Raw embeddings all point nearly the same way; what differs is what tells.
            self._middle, self._spread = embedded.mean(axis=0), embedded.std(axis=0) + 1e-6
            self._embedded = Head(c=self._c)
            self._embedded.fit(self._join(rows, embedded), names)

    def _plain_text(self, text: str) -> str:
        return glossed(normalise(text), self._glosses)

    def _join(self, rows: sparse.csr_matrix, embedded: np.ndarray) -> sparse.csr_matrix:
        """Set the embeddings beside the features, at a weight against the whole of them."""
        dense = self._scale * (embedded - self._middle) / self._spread
        dense = sparse.csr_matrix(dense.astype(np.float32))
        return sparse.hstack([rows, dense], format="csr")

    def rank(
        self, texts: Sequence[str], embedded: np.ndarray | None
    ) -> list[list[tuple[str, float]]]:
        """Return for each text all labels with probabilities, best first; empty if unreadable."""
        rows, known = self._features.transform([self._plain_text(text) for text in texts])
        head = self._plain
        if embedded is not None and self._embedded is not None:
            head, rows = self._embedded, self._join(rows, embedded)
        chances = head.probabilities(rows)
        rankings = []
        for row, readable in zip(chances, known, strict=True):
            order = np.argsort(-row) if readable else []
            rankings.append([(str(head.labels[i]), float(row[i])) for i in order])
        return rankings
