"""The opinion on danger alone, beside the ranking of intents."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from bot.components.danger_model import DangerModel

ROWS = sparse.csr_matrix([[1.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 1.0], [0.0, 0.0, 1.0]])
NAMES = np.array(["faq/costs", "greet", "emergency", "emergency"])


def test_what_both_opinions_hold_for_danger_is_danger() -> None:
    """One opinion alone moves the chance, and does not decide it."""
    model = DangerModel().fit(ROWS, NAMES)
    safe, danger = ROWS[:1], ROWS[3:]
    for chance in (0.1, 0.5, 0.9):
        ranked = np.array([chance])
        assert model.chances(safe, ranked)[0] < model.chances(danger, ranked)[0]
    assert model.chances(danger, np.array([0.1]))[0] < 0.5 < model.chances(safe, np.array([0.9]))[0]


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_a_certain_ranking_is_still_a_chance(chance: float) -> None:
    """The odds of nothing and of all are not numbers."""
    told = DangerModel().fit(ROWS, NAMES).chances(ROWS[:1], np.array([chance]))[0]
    assert 0.0 < told < 1.0


def test_without_examples_of_danger_the_ranking_stands() -> None:
    """A small training of another subject must not break."""
    model = DangerModel().fit(ROWS[:2], NAMES[:2])
    assert model.chances(ROWS[:1], np.array([0.25])).tolist() == [0.25]
