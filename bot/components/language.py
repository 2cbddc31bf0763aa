"""The pipeline component that says which language a message is written in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.examples import language_of, without_entities
from bot.components.files import fingerprint, read_list
from bot.components.language_model import LanguageModel
from bot.components.stored import Stored

SOURCES = [
    Path(__file__),
    Path(__file__).with_name("examples.py"),
    Path(__file__).with_name("language_model.py"),
    Path(__file__).with_name("stored.py"),
]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LanguageIdentifier(Stored):
    """Adds the property `language`: a code, a confidence and the ranking of all languages."""

    file_name = "language.joblib"

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings this component takes in config.yml."""
        return {
            "word_lists": "data/language",
            "langdetect_weight": 0.1,
            "most_cuttings": 20_000,
            "sharpness": 2.0,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Make a changed word list or model a reason to train anew."""
        folder = Path({**cls.get_default_config(), **config}["word_lists"])
        return fingerprint(folder, *SOURCES, Path(__file__).with_name("text.py"))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the languages from the examples' metadata and the word lists."""
        texts: dict[str, list[str]] = {}
        for message in training_data.training_examples:
            code = language_of(message)
            if code and message.get(TEXT):
                texts.setdefault(code, []).append(without_entities(message))
        folder = Path(self._config["word_lists"])
        model = LanguageModel(
            langdetect_weight=self._config["langdetect_weight"],
            most_cuttings=self._config["most_cuttings"],
            sharpness=self._config["sharpness"],
        )
        model.fit(texts, {code: read_list(folder / f"{code}.txt") for code in texts})
        return self.keep(model)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add each message's language; no code for a text without words."""
        if self._model is None:
            return messages
        rankings = self._model.rank([message.get(TEXT) or "" for message in messages])
        for message, ranking in zip(messages, rankings, strict=True):
            code, confidence = ranking[0] if ranking else (None, 0.0)
            found = {
                "code": code,
                "confidence": confidence,
                "ranking": [{"code": c, "confidence": p} for c, p in ranking],
            }
            message.set("language", found, add_to_output=True)
        return messages
