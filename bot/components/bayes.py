"""A second opinion on what a message is about: naive Bayes, which errs elsewhere than margins."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from sklearn.naive_bayes import MultinomialNB

# Added to every count, so that a feature never met with a label does not rule the label out.
SMOOTHING = 0.05


class Bayes:
    """How much more each feature stands with one label than with the others.

    How often a label was met is left out: danger is rare, and no less likely to be meant for that.
    """

    def fit(self, rows: sparse.csr_matrix, names: np.ndarray) -> Bayes:
        """Learn from rows of weights, none below zero, and the label of each."""
        model = MultinomialNB(alpha=SMOOTHING, fit_prior=False).fit(rows, names)
        # One row a feature, and rows of the same kind of number below: the library's own product,
        # of two orders and two kinds, copies the whole of it first, some 40 MB a message.
        self._telling = np.ascontiguousarray(model.feature_log_prob_.T, dtype=np.float32)
        return self

    def scores(self, rows: sparse.csr_matrix) -> np.ndarray:
        """Return a column of scores for each label, sorted; only differences mean something."""
        return np.asarray(rows.astype(np.float32) @ self._telling)
