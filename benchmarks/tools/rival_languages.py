"""Trains our language model and its rivals, and writes which language each says of each text.

Runs on the bot's Python: `bot/.venv/bin/python benchmarks/tools/rival_languages.py FOLDER < task`.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import langdetect
import numpy as np
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import Pipeline, make_pipeline

from benchmarks.tools.rival_intents import message, per_message, write
from bot.components.files import read_list
from bot.components.language import LanguageIdentifier, without_entities
from bot.components.language_model import cuttings, plain_words

SEED = 2026
Task = dict[str, Any]
Guess = Callable[[Sequence[str]], list[str]]


class Ours:
    """Our pipeline's component, trained and asked through its own door."""

    def __init__(self, task: Task) -> None:
        self._storage = LocalModelStorage.create(Path(tempfile.mkdtemp(prefix="rivals-")))
        self.settings = {**LanguageIdentifier.get_default_config(), **task["settings"]}
        self._component = LanguageIdentifier(self.settings, self._storage, Resource("ours"))
        self._component.train(TrainingData([message(example) for example in task["train"]]))

    def guess(self, weight: float | None = None) -> Guess:
        """Return how it guesses; with a weight, langdetect's say is that one."""
        usual = self.settings["langdetect_weight"]

        def guess(texts: Sequence[str]) -> list[str]:
            self._component._model.langdetect_weight = usual if weight is None else weight
            told = self._component.process([Message(data={TEXT: text}) for text in texts])
            return [found.get("language")["code"] or "" for found in told]

        return guess


def runs(task: Task, settings: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return cuttings of the examples and the word lists with their languages, as many as ours."""
    texts: dict[str, list[str]] = {}
    for example in task["train"]:
        plain = plain_words(without_entities(message(example)))
        texts.setdefault(example["language"], []).extend(cuttings(plain) if plain else [])
    chance = random.Random(SEED)
    read, labels = [], []
    for code in sorted(texts):
        own = chance.sample(texts[code], min(settings["most_cuttings"], len(texts[code])))
        own += read_list(Path(settings["word_lists"]) / f"{code}.txt")
        read += own
        labels += [code] * len(own)
    return read, labels


def on_letters(classifier: Any) -> Pipeline:
    """Put a classifier on letter runs as long as ours."""
    letters = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(1, 5), min_df=2, sublinear_tf=True,
        dtype=np.float32, lowercase=False,
    )  # fmt: skip
    return make_pipeline(letters, classifier)


def stock(texts: Sequence[str]) -> list[str]:
    """Guess as langdetect does when it is only installed."""
    langdetect.DetectorFactory.seed = SEED
    found = []
    for text in texts:
        try:
            found.append(langdetect.detect(text))
        except langdetect.LangDetectException:
            found.append("")
    return found


def answer(name: str, guess: Guess, seconds: float, task: Task) -> dict[str, Any]:
    """Ask a rival for the language of every text."""
    texts = [example["text"] for example in task["test"]]
    return {
        "name": name,
        "seconds": seconds,
        "ms": per_message(lambda text: guess([text]), texts),
        "guesses": guess(texts),
    }


def main() -> None:
    """Measure ours, its two halves, and the rivals."""
    folder = Path(sys.argv[1])
    task = json.load(sys.stdin)
    began = time.perf_counter()
    ours = Ours(task)
    took = time.perf_counter() - began
    write(answer("ours", ours.guess(), took, task), task, folder)
    write(answer("ours, linear part alone", ours.guess(0.0), took, task), task, folder)
    alone = "langdetect alone, our profiles"
    write(answer(alone, ours.guess(1.0), took, task), task, folder)
    read, labels = runs(task, ours.settings)
    for name, classifier in (
        ("letters, naive Bayes", MultinomialNB(alpha=0.05)),
        ("letters, logistic regression", LogisticRegression(C=20.0, max_iter=60, tol=1e-3)),
    ):
        began = time.perf_counter()
        model = on_letters(classifier).fit(read, labels)
        took = time.perf_counter() - began

        def guess(texts: Sequence[str], model: Pipeline = model) -> list[str]:
            return [str(code) for code in model.predict([plain_words(text) for text in texts])]

        write(answer(name, guess, took, task), task, folder)
    write(answer("langdetect as installed", stock, 0.0, task), task, folder)


if __name__ == "__main__":
    main()
