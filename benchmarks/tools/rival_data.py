"""What benchmarks/classifiers.py has learned and asked: our own data and public texts."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import yaml

from hotline.errors import SuarError
from hotline.settings import ROOT
from suar.unseen import DANGER_FILES, read_sets

SEED = 2026
OWN = "own"
OWN_PART = "own-part"
UNSEEN = ROOT / "tests" / "nlu" / "unseen"
EXAMPLES = ROOT / "data" / "nlu"
WORD_LISTS = ROOT / "data" / "language"
MASSIVE_TRAINING = 2000
MASSIVE_TEST = 1000
_MARK = re.compile(r"\[(?P<words>[^\]\[]+)\]\((?P<entity>[a-z_]+)\)")


@dataclass(frozen=True)
class Text:
    """A text, what it means, its language, and where its facts stand."""

    text: str
    label: str
    language: str
    entities: Sequence[dict[str, Any]] = ()


@dataclass(frozen=True)
class Task:
    """Texts to learn from and texts to be asked, under a name."""

    name: str
    train: Sequence[Text]
    test: Sequence[Text]
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """Give what changes with any text, so that answers of two states are never mixed."""
        texts = json.dumps([[asdict(e) for e in part] for part in (self.train, self.test)])
        return hashlib.sha256(texts.encode()).hexdigest()[:16]

    def as_json(self) -> str:
        """Give the task as the bot's Python reads it."""
        return json.dumps({**asdict(self), "mark": self.mark})


def unmarked(line: str) -> tuple[str, list[dict[str, Any]]]:
    """Return an example without its marks, and the entities they said."""
    text, end, entities = "", 0, []
    for found in _MARK.finditer(line):
        text += line[end : found.start()]
        words = found["words"]
        place = {"start": len(text), "end": len(text) + len(words)}
        entities.append({"entity": found["entity"], "value": words, **place})
        text, end = text + words, found.end()
    return text + line[end:], entities


def examples() -> list[Text]:
    """Return all training examples, each once, as Rasa reads them."""
    # Rasa keeps one of several that are the same in text, intent, language and facts.
    seen: dict[str, Text] = {}
    for file in sorted(EXAMPLES.glob("*/*.yml")):
        for text in _read(file):
            seen.setdefault(json.dumps(asdict(text)), text)
    return list(seen.values())


def _read(file: Path) -> Iterator[Text]:
    for block in yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)["nlu"]:
        language = (block.get("metadata") or {}).get("language", "")
        for line in block["examples"].splitlines():
            if line.strip():
                text, entities = unmarked(line.strip().removeprefix("- ").strip())
                yield Text(text, block["intent"], language, entities)


def unseen() -> list[Text]:
    """Return the unseen messages of all languages, without the sets that only tell danger."""
    return [
        Text(line["text"], line["intent"], line["language"])
        for stem, lines in read_sets(UNSEEN).items()
        if stem not in DANGER_FILES
        for line in lines
    ]


def settings_of(component: str) -> dict[str, Any]:
    """Return what config.yml sets for one component."""
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    found = [step for step in config["pipeline"] if step["name"].endswith("." + component)]
    return {key: value for key, value in found[0].items() if key != "name"}


def own_intents() -> Task:
    """Our examples, asked with the unseen messages."""
    return Task(OWN, examples(), unseen(), settings_of("SuarIntentClassifier"))


def own_part(share: int = 8) -> Task:
    """One in `share` of our examples, drawn by label: what DIET learns in minutes, not hours."""
    by_label: dict[str, list[Text]] = {}
    for text in examples():
        by_label.setdefault(text.label, []).append(text)
    chance = random.Random(SEED)
    kept = [
        text
        for label in sorted(by_label)
        for text in chance.sample(by_label[label], max(2, len(by_label[label]) // share))
    ]
    return Task(OWN_PART, kept, unseen(), settings_of("SuarIntentClassifier"))


def _table(file: Path) -> list[list[str]]:
    if not file.is_file():
        raise SuarError(f"{file} is missing: give its folder with --evaluation")
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines[1:]]


def massive(folder: Path) -> list[Task]:
    """MASSIVE's Indonesian and Javanese: trained in Indonesian alone, and in both.

    Both languages say the same sentences in the same order; no sentence is learned in one
    language and asked in the other.
    """
    sides: dict[str, list[Text]] = {"id": [], "jv": []}
    for language, text, label in _table(folder / "massive_id_jv.tsv"):
        sides[language].append(Text(text, label, language))
    order = list(range(len(sides["id"])))
    random.Random(SEED).shuffle(order)
    learned, asked = order[:MASSIVE_TRAINING], order[MASSIVE_TRAINING:][:MASSIVE_TEST]
    train = {code: [side[at] for at in learned] for code, side in sides.items()}
    test = [side[at] for side in sides.values() for at in asked]
    settings = settings_of("SuarIntentClassifier")
    return [
        Task("massive-id", train["id"], test, settings),
        Task("massive-id-jv", [*train["id"], *train["jv"]], test, settings),
    ]


def _cut(texts: Sequence[Text], words: int) -> list[Text]:
    return [Text(" ".join(e.text.split()[:words]), e.label, e.language) for e in texts]


def languages(folder: Path) -> Task:
    """Our examples and word lists, asked for the language of public texts and unseen messages.

    The label of an asked text names the set it belongs to.
    """
    train = examples()
    ours = {e.language for e in train}
    general = [Text(t, "", c) for c, t in _table(folder / "nusax_dev.tsv") if c in ours]
    short = [Text(t, "short sentences", c) for c, t in _table(folder / "bhinneka_mkn_id_dev.tsv")]
    test = [
        *(Text(e.text, "5 words", e.language) for e in _cut(general, 5)),
        *(Text(e.text, "10 words", e.language) for e in _cut(general, 10)),
        *(Text(e.text, "whole", e.language) for e in general),
        *short,
        *(Text(e.text, "unseen", e.language) for e in unseen()),
    ]
    return Task("languages", train, test, settings_of("LanguageIdentifier"))
