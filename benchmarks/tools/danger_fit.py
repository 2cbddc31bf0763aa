"""Learns what each sign says of danger, and how well that does on messages left out.

Runs on the bot's Python: `bot/.venv/bin/python benchmarks/tools/danger_fit.py < task`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

STRENGTH = 0.3  # the inverse of regularisation; few signs, so it matters little
FOLDS, ROUNDS = 10, 5
CHANCES = (0.10, 0.15, 0.18, 0.20, 0.22, 0.25, 0.30, 0.40)


def columns(told: Sequence[dict[str, Any]], names: Sequence[str]) -> np.ndarray:
    """Return a row of signs for each message."""
    return np.array([[one["signs"][name] for name in names] for one in told]).reshape(
        -1, len(names)
    )


def weights(model: Any, names: Sequence[str]) -> dict[str, float]:
    """Return weights for the signs as they are, not as the scaler made them."""
    scaler, learned = model[0], model[1]
    raw = learned.coef_[0] / scaler.scale_
    constant = float(learned.intercept_[0] - (raw * scaler.mean_).sum())
    return {"constant": constant, **dict(zip(names, raw.tolist(), strict=True))}


def share(told: Sequence[dict[str, Any]], chances: np.ndarray, least: float, name: str) -> str:
    """Return how much danger of a set is seen, and how many of the others ring."""
    parts = []
    for danger in (True, False):
        rang = [
            one["sure"] or chance >= least
            for one, chance in zip(told, chances, strict=True)
            if one["set"] == name and one["danger"] is danger
        ]
        parts.append(f"{sum(rang) / len(rang):.3f}" if rang else "-")
    return " / ".join(parts)


def main() -> None:
    """Learn from what stands under `learned`, ask of both, write JSON."""
    task = json.load(sys.stdin)
    names, learned, asked = task["names"], task["learned"], task["asked"]
    signs, danger = columns(learned, names), np.array([one["danger"] for one in learned])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=3000))
    rounds = [
        cross_val_predict(
            model, signs, danger, method="predict_proba",
            cv=StratifiedKFold(FOLDS, shuffle=True, random_state=seed),
        )[:, 1]
        for seed in range(ROUNDS)
    ]  # fmt: skip
    chances = np.mean(rounds, axis=0)
    model.fit(signs, danger)
    if asked:
        chances = np.concatenate([chances, model.predict_proba(columns(asked, names))[:, 1]])
    told = [*learned, *asked]
    sets = list(dict.fromkeys(one["set"] for one in told))
    table = [
        {"from": least, "shares": [share(told, chances, least, name) for name in sets]}
        for least in CHANCES
    ]
    json.dump({"weights": weights(model, names), "sets": sets, "table": table}, sys.stdout)


if __name__ == "__main__":
    main()
