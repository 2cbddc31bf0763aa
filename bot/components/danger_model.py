"""A third opinion, on one question only: is somebody in danger now?

A classifier of all intents sees danger as one of forty-six; asked this alone it errs elsewhere, and
the two together take fewer ordinary sentences for danger.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

EMERGENCY = "emergency"
SEED = 2026
STRENGTH = 10.0  # the inverse of regularisation
# What this opinion counts for beside the ranking's.
SHARE = 0.3
# A chance of 0 or 1 has no odds.
_EDGE = 1e-6


class DangerModel:
    """Says how likely danger is, beside what the ranking of intents says of it."""

    def fit(self, rows: sparse.csr_matrix, names: np.ndarray) -> DangerModel:
        """Learn from rows of features and the names of their intents."""
        danger = names == EMERGENCY
        self._model = None
        if 0 < danger.sum() < len(danger):
            model = LogisticRegression(
                C=STRENGTH, solver="liblinear", class_weight="balanced", random_state=SEED
            )
            self._model = model.fit(rows, danger)
        return self

    def chances(self, rows: sparse.csr_matrix, ranked: np.ndarray) -> np.ndarray:
        """Return a chance a row; `ranked` holds those that the ranking of intents gives."""
        if self._model is None or not rows.shape[0]:
            return ranked
        sure = np.clip(ranked, _EDGE, 1 - _EDGE)
        odds = (1 - SHARE) * np.log(sure / (1 - sure))
        odds += SHARE * self._model.decision_function(rows)
        return np.asarray(1 / (1 + np.exp(-odds)))
