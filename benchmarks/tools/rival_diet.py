"""Trains Rasa's DIET on one task for some epochs, and writes what it says of each text.

Runs on the bot's Python: `bot/.venv/bin/python benchmarks/tools/rival_diet.py FOLDER 10 < task`.
Rasa's progress bars, which tell the accuracy in training, go to the standard error.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.model_training import train_nlu

from benchmarks.tools.rival_intents import learned, per_message, write
from bot.components.files import read_glosses
from bot.components.text import glossed, normalise

# Rasa's own pipeline without what only entities and rules of spelling need.
PIPELINE = """
recipe: default.v1
language: id
assistant_id: diet
pipeline:
- name: WhitespaceTokenizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
- name: DIETClassifier
  epochs: {epochs}
  constrain_similarities: true
  entity_recognition: false
  ranking_length: 0
  random_seed: 2026
"""
# Rasa takes what stands before a slash for the intent, and leaves the rest to another component.
SLASH, NO_SLASH = "/", "__of__"


class Diet:
    """A trained model of Rasa's, and the texts evened out as for all."""

    def __init__(self, task: dict[str, Any], epochs: int, folder: Path) -> None:
        self._glosses = read_glosses(Path(task["settings"]["glosses"]))
        lines = [
            {"text": self._even(text), "intent": label.replace(SLASH, NO_SLASH)}
            for text, label in zip(*learned(task), strict=True)
        ]
        (folder / "config.yml").write_text(PIPELINE.format(epochs=epochs), encoding="utf-8")
        data = folder / "examples.json"
        data.write_text(json.dumps({"rasa_nlu_data": {"common_examples": lines}}), encoding="utf-8")
        began = time.perf_counter()
        self.file = train_nlu(str(folder / "config.yml"), str(data), str(folder))
        self.seconds = time.perf_counter() - began
        assert self.file
        _, metadata, self._runner = MessageProcessor._load_model(self.file)
        self._target = metadata.nlu_target

    def _even(self, text: str) -> str:
        return glossed(normalise(text), self._glosses)

    def ranking(self, text: str) -> dict[str, float]:
        """Return one text's chances by label."""
        asked = [UserMessage(self._even(text))]
        inputs = {PLACEHOLDER_MESSAGE: asked, PLACEHOLDER_TRACKER: None}
        found = self._runner.run(inputs=inputs, targets=[self._target])[self._target][0]
        lines = found.get("intent_ranking") or []
        return {line["name"].replace(NO_SLASH, SLASH): line["confidence"] for line in lines}

    def chances(self, texts: Sequence[str]) -> tuple[list[str], list[list[float]]]:
        """Return the labels, and each text's chances in their order."""
        rankings = [self.ranking(text) for text in texts]
        labels = sorted({label for ranking in rankings for label in ranking})
        return labels, [[float(r.get(label, 0.0)) for label in labels] for r in rankings]


def main() -> None:
    """Train, ask, and keep the answer."""
    folder, epochs = Path(sys.argv[1]), int(sys.argv[2])
    task = json.load(sys.stdin)
    texts = [example["text"] for example in task["test"]]
    with tempfile.TemporaryDirectory(prefix="diet-") as made:
        diet = Diet(task, epochs, Path(made))
        labels, chances = diet.chances(texts)
        answer = {
            "name": f"DIET, {epochs} epochs",
            "seconds": diet.seconds,
            "ms": per_message(diet.ranking, texts),
            "mb": Path(diet.file).stat().st_size / 1e6,
            "setting": f"{epochs} epochs",
            "labels": labels,
            "chances": chances,
        }
    write(answer, task, folder)


if __name__ == "__main__":
    main()
