"""The second opinion beside the linear classifier."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from scipy.special import logsumexp
from sklearn.naive_bayes import MultinomialNB

from bot.components.bayes import SMOOTHING, Bayes
from bot.components.intent_model import Head, IntentModel

ROWS = sparse.csr_matrix([[1.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 1.0], [0.0, 0.0, 1.0]])
NAMES = np.array(["costs", "costs", "emergency", "emergency"])


def test_a_feature_speaks_for_the_label_it_stands_with() -> None:
    """The first feature is met with costs alone, the third with emergency alone."""
    scores = Bayes().fit(ROWS, NAMES).scores(sparse.eye(3, format="csr"))
    assert scores.shape == (3, 2)
    assert scores[0, 0] > scores[0, 1]
    assert scores[2, 1] > scores[2, 0]
    assert scores[1, 0] == pytest.approx(scores[1, 1])


def test_a_text_without_known_features_has_no_opinion() -> None:
    """An empty row scores alike for every label, however often the label was met."""
    nothing = sparse.csr_matrix((1, 3))
    assert Bayes().fit(ROWS, NAMES).scores(nothing).tolist() == [[0.0, 0.0]]


def test_it_scores_as_the_library_does() -> None:
    """Our product saves copies, and changes nothing but the rounding."""
    chance = np.random.default_rng(2026)
    rows = sparse.random(60, 500, density=0.1, format="csr", random_state=chance)
    names = np.array([f"label{number % 6}" for number in range(60)])
    library = MultinomialNB(alpha=SMOOTHING, fit_prior=False).fit(rows, names)
    ours = Bayes().fit(rows, names).scores(rows)
    chances = np.exp(ours - logsumexp(ours, axis=1, keepdims=True))
    np.testing.assert_allclose(chances, library.predict_proba(rows), atol=1e-4)


def test_the_opinion_moves_a_margin_as_far_as_its_weight() -> None:
    """Weighed with nothing it changes nothing; weighed heavily it decides."""
    opinion = np.array([[0.0, 50.0]])
    deaf = Head(c=1.0, balance=0.5, opinion=0.0).fit(ROWS, NAMES)
    heeding = Head(c=1.0, balance=0.5, opinion=1.0).fit(ROWS, NAMES)
    assert deaf.probabilities(ROWS[:1], opinion).argmax() == 0
    assert heeding.probabilities(ROWS[:1], opinion).argmax() == 1


def test_a_model_reads_with_both() -> None:
    """The ranking holds every label, and its probabilities make one."""
    texts = ["berapa biaya", "biaya taiwan berapa", "saya dikurung", "tolong saya dikurung"]
    model = IntentModel(
        c=2.5, balance=0.5, opinion=0.04, embedding_scale=0.05, coverage=0.5, glosses={}
    )
    model.fit(texts, NAMES.tolist(), None)
    reading = model.read(["tolong dikurung"], None)[0]
    assert reading.ranking[0][0] == "emergency"
    assert sum(chance for _, chance in reading.ranking) == pytest.approx(1.0)
