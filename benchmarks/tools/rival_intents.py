"""Trains our intent classifier and its rivals on one task, and writes what each says of each text.

Runs on the bot's Python: `bot/.venv/bin/python benchmarks/tools/rival_intents.py FOLDER < task`.
"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from benchmarks.tools.rival_models import LETTERS, SENTENCE, WORDS, Rival
from bot.components.embedding import Embedding, embedding_or_none
from bot.components.files import read_glosses
from bot.components.intent import SuarIntentClassifier
from bot.components.longer import OUT_OF_SCOPE, longer
from bot.components.text import has_words

TIMED = 200
Task = dict[str, Any]
LINEAR = ("linear SVM", "logistic regression")
BAYES = ("multinomial naive Bayes", "complement naive Bayes")


def message(example: dict[str, Any]) -> Message:
    """Give an example as Rasa hands it to a component."""
    return Message(
        data={
            TEXT: example["text"],
            INTENT: example["label"],
            "entities": list(example["entities"]),
            "metadata": {"intent": {"language": example["language"]}},
        }
    )


def per_message(read: Callable[[str], Any], texts: Sequence[str]) -> float:
    """Return the median milliseconds of reading one text by itself."""
    took = []
    for text in texts[:: max(1, len(texts) // TIMED)]:
        began = time.perf_counter()
        read(text)
        took.append(1000 * (time.perf_counter() - began))
    return float(np.median(took))


class Ours:
    """Our pipeline's component, trained and asked through its own door."""

    def __init__(self, task: Task, **changes: Any) -> None:
        self._storage = LocalModelStorage.create(Path(tempfile.mkdtemp(prefix="rivals-")))
        settings = {**SuarIntentClassifier.get_default_config(), **task["settings"]}
        settings = {**settings, **changes, "ranking_length": 10_000}
        self._component = SuarIntentClassifier(settings, self._storage, Resource("ours"))
        self.said = f"C {settings['C']}"

    def fit(self, examples: Sequence[dict[str, Any]]) -> None:
        """Train it; with an embedding it then answers on one thread, as when it is loaded."""
        self._component.train(TrainingData([message(example) for example in examples]))
        self._component.ready()

    def megabytes(self) -> float:
        """Return the size of the file it is kept in."""
        with self._storage.read_from(Resource("ours")) as folder:
            return sum(file.stat().st_size for file in folder.glob("*")) / 1e6

    def rankings(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """Return each text's chances by label; empty where it cannot be read."""
        asked = [Message(data={TEXT: text}) for text in texts]
        told = self._component.process(asked)
        return [
            {line["name"]: line["confidence"] for line in found.get("intent_ranking")}
            for found in told
        ]


def measure_ours(name: str, task: Task, **changes: Any) -> dict[str, Any]:
    """Return one answer of ours, in the form all answers have."""
    model = Ours(task, **changes)
    began = time.perf_counter()
    model.fit(task["train"])
    seconds = time.perf_counter() - began
    texts = [example["text"] for example in task["test"]]
    rankings = model.rankings(texts)
    labels = sorted({label for ranking in rankings for label in ranking})
    chances = [[ranking.get(label, 0.0) for label in labels] for ranking in rankings]
    return {
        "name": name,
        "seconds": seconds,
        "ms": per_message(lambda text: model.rankings([text]), texts),
        "mb": model.megabytes(),
        "setting": model.said,
        "labels": labels,
        "chances": chances,
    }


class Sentences:
    """Sentence embeddings, each text's made once; how long they took is kept."""

    def __init__(self, engine: Embedding, train: Sequence[str], test: Sequence[str]) -> None:
        self._engine = engine
        began = time.perf_counter()
        self.train = engine.rows(train)
        self.seconds = time.perf_counter() - began
        self.test = engine.rows(test)
        self._engine = Embedding(threads=1)

    def one(self, text: str) -> np.ndarray:
        """Return the embedding of one text, made now."""
        return self._engine.rows([text])


def learned(task: Task) -> tuple[list[str], np.ndarray]:
    """Return what ours learns: the examples with words, and the longer ones made of them."""
    examples = [example for example in task["train"] if has_words(example["text"])]
    texts, labels, codes = (
        [example[key] for example in examples] for key in ("text", "label", "language")
    )
    each = {**SuarIntentClassifier.get_default_config(), **task["settings"]}["longer"]
    more = longer(texts, labels, codes, each=each)
    return [*texts, *more], np.array([*labels, *[OUT_OF_SCOPE] * len(more)])


def measure_rival(rival: Rival, task: Task, sentences: Sentences | None) -> dict[str, Any]:
    """Return one answer of a rival."""
    texts, labels = learned(task)
    own = sentences if rival.embeds else None
    rival.choose(texts, labels, own.train if own else None)
    began = time.perf_counter()
    rival.fit(texts, labels, own.train if own else None)
    seconds = time.perf_counter() - began + (own.seconds if own else 0.0)
    asked = [example["text"] for example in task["test"]]
    chances = rival.chances(asked, own.test if own else None)
    file = io.BytesIO()
    joblib.dump(rival, file, compress=3)
    return {
        "name": rival.name,
        "seconds": seconds,
        "ms": per_message(
            lambda text: rival.chances([text], own.one(text) if own else None), asked
        ),
        "mb": file.tell() / 1e6,
        "setting": f"{rival.value:g}",
        "held_out": rival.held_out,
        "labels": [str(label) for label in rival.labels],
        "chances": chances.tolist(),
    }


def rivals(task: Task, embedded: bool) -> list[Rival]:
    """Return the rivals, quick ones first."""
    glosses = read_glosses(Path(task["settings"]["glosses"]))
    kinds = [[LETTERS], [WORDS], [LETTERS, WORDS]]
    made = [Rival(kind, head, glosses) for head in BAYES for kind in kinds]
    made += [Rival(kind, head, glosses) for head in LINEAR for kind in kinds]
    if embedded:
        kinds = [[SENTENCE], [LETTERS, WORDS, SENTENCE]]
        made += [Rival(kind, head, glosses) for head in LINEAR for kind in kinds]
    return made


def kept_in(folder: Path, name: str) -> Path:
    """Return the file of an answer."""
    return folder / f"{name.replace(' ', '-').replace(',', '')}.json"


def answered(name: str, task: Task, folder: Path) -> bool:
    """Say whether an answer to the same texts is kept already."""
    file = kept_in(folder, name)
    return file.exists() and bool(json.loads(file.read_text("utf-8"))["mark"] == task["mark"])


def write(answer: dict[str, Any], task: Task, folder: Path) -> None:
    """Keep an answer in a file of its own with what was meant, and no text."""
    kept = {
        **answer,
        "mark": task["mark"],
        "load": os.getloadavg()[0],
        "at": time.time(),
        "learned": len(task["train"]),
        "meant": [example["label"] for example in task["test"]],
        "languages": [example["language"] for example in task["test"]],
    }
    if "chances" in kept:
        kept["chances"] = [[round(chance, 5) for chance in row] for row in kept["chances"]]
    kept_in(folder, answer["name"]).write_text(json.dumps(kept), encoding="utf-8")
    print(f"{task['name']}: {answer['name']}, {answer['seconds']:.1f} s", flush=True)


def measure_all_of_ours(task: Task, folder: Path) -> None:
    """Measure ours, ours without glosses, and ours with the embedding where it is installed."""
    write(measure_ours("ours", task), task, folder)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as no_glosses:
        said = "ours without words of other languages put as Indonesian"
        write(measure_ours(said, task, glosses=no_glosses.name), task, folder)
    if embedding_or_none("auto", threads=None):
        write(measure_ours("ours with sentence embedding", task, embedding="auto"), task, folder)


def main() -> None:
    """Measure ours and every rival; with the word `missing`, only what is not kept yet."""
    folder = Path(sys.argv[1])
    task = json.load(sys.stdin)
    only_missing = "missing" in sys.argv[2:]
    if not (only_missing and answered("ours", task, folder)):
        measure_all_of_ours(task, folder)
    engine = embedding_or_none("auto", threads=None)
    sentences = None
    if engine:
        sentences = Sentences(engine, learned(task)[0], [e["text"] for e in task["test"]])
    for rival in rivals(task, bool(engine)):
        if not (only_missing and answered(rival.name, task, folder)):
            write(measure_rival(rival, task, sentences), task, folder)


if __name__ == "__main__":
    main()
