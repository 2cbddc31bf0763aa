"""The pipeline component that says what a message is about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.embedding import Embedding, embedding_or_none
from bot.components.examples import language_of
from bot.components.files import fingerprint, read_glosses
from bot.components.intent_model import IntentModel
from bot.components.longer import OUT_OF_SCOPE, longer
from bot.components.meaning import core_intent, selector
from bot.components.parts import parts
from bot.components.stored import Stored
from bot.components.text import has_words

# A change in any of these makes another model.
SOURCES = (
    "stored.py", "text.py", "embedding.py", "examples.py", "longer.py", "bayes.py",
    "danger_model.py", "intent_model.py", "intent.py", "parts.py",
)  # fmt: skip


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SuarIntentClassifier(Stored):
    """Adds intent, ranking, topic, and what Rasa needs to answer a question by its topic."""

    file_name = "intent.joblib"

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings this component takes in config.yml."""
        return {
            "glosses": "data/lookup/glosses.txt",
            "embedding": "auto",
            "embedding_scale": 0.05,
            "C": 0.5,
            "balance": 0.5,
            "opinion": 0.04,
            "coverage": 0.5,
            "longer": 300,
            "ranking_length": 5,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Make a changed model a reason to train anew."""
        glosses = Path({**cls.get_default_config(), **config}["glosses"])
        return fingerprint(glosses, *(Path(__file__).with_name(name) for name in SOURCES))

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        """Keep what all components keep, and load the embedding, if there is one."""
        super().__init__(config, storage, resource)
        self._embedding: Embedding | None = embedding_or_none(config["embedding"], threads=None)

    def ready(self) -> None:
        """Let the embedding answer on one thread: with more, one short text takes longer."""
        self._embedding = embedding_or_none(self._config["embedding"], threads=1)

    def _embed(self, texts: Sequence[str]) -> Any:
        return self._embedding.rows(texts) if self._embedding else None

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the full names of the examples' intents (faq/costs, not faq)."""
        examples = [m for m in training_data.intent_examples if has_words(m.get(TEXT) or "")]
        texts = [m.get(TEXT) for m in examples]
        labels = [m.get_full_intent() for m in examples]
        languages = [language_of(m) for m in examples]
        more = longer(texts, labels, languages, each=self._config["longer"])
        model = IntentModel(
            c=self._config["C"],
            balance=self._config["balance"],
            opinion=self._config["opinion"],
            embedding_scale=self._config["embedding_scale"],
            coverage=self._config["coverage"],
            glosses=read_glosses(Path(self._config["glosses"])),
        )
        texts, labels = [*texts, *more], [*labels, *[OUT_OF_SCOPE] * len(more)]
        model.fit(texts, labels, self._embed(texts))
        return self.keep(model)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add to each message what it is about; nothing is assumed of a text without words."""
        if self._model is None:
            return messages
        readable = [m for m in messages if has_words(m.get(TEXT) or "")]
        texts = [m.get(TEXT) for m in readable]
        readings = self._model.read(texts, self._embed(texts)) if texts else []
        for message, reading in zip(readable, readings, strict=True):
            chance = self._emergency_in_parts(message.get(TEXT))
            message.set("emergency_in_parts", chance, add_to_output=True)
            message.set("emergency_chance", reading.danger, add_to_output=True)
        ranking_of = {id(m): one.ranking for m, one in zip(readable, readings, strict=True)}
        for message in messages:
            self._describe(message, ranking_of.get(id(message), []))
        return messages

    def _emergency_in_parts(self, text: str) -> float:
        """Return how likely danger is in the part of a message that looks most like it.

        A cry beside an ordinary question is one message; read as a whole it may look like neither.
        """
        pieces = parts(text)
        if len(pieces) < 2:
            return 0.0
        return max(one.danger for one in self._model.read(pieces, self._embed(pieces)))

    def _describe(self, message: Message, ranking: list[tuple[str, float]]) -> None:
        """Put the classifier's reading on the message in the form Rasa expects."""
        full, confidence = ranking[0] if ranking else (None, 0.0)
        topic = (full or "").partition("/")[2]
        message.set(
            "intent", {"name": core_intent(full), "confidence": confidence}, add_to_output=True
        )
        message.set(
            "intent_ranking",
            [
                {"name": label, "confidence": chance}
                for label, chance in ranking[: self._config["ranking_length"]]
            ],
            add_to_output=True,
        )
        message.set("topic", topic or None, add_to_output=True)
        message.set("full_intent", full, add_to_output=True)
        if topic:
            message.set("response_selector", selector(str(full), confidence), add_to_output=True)
