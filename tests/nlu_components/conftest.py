"""A place to train components in, and a few examples to train them with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

EXAMPLES = Path(__file__).with_name("examples.yml")


class Trained:
    """A component as loaded from storage, which reads one text at a time."""

    def __init__(self, component: Any) -> None:
        """Keep the component."""
        self._component = component

    def read(self, text: str) -> Message:
        """Return the message with what the component adds to it."""
        message: Message = self._component.process([Message(data={"text": text})])[0]
        return message


class Kitchen:
    """Trains a component, stores it, and loads it again as Rasa does."""

    def __init__(self, folder: Path) -> None:
        """Keep models in a folder."""
        self._storage = LocalModelStorage(folder)
        self._context = ExecutionContext(GraphSchema({}))

    def trained(self, component: Any, config: dict[str, Any], data: TrainingData) -> Trained:
        """Return the component as loaded from what training stored."""
        resource = Resource(component.__name__)
        component.create(config, self._storage, resource, self._context).train(data)
        return Trained(component.load(config, self._storage, resource, self._context))


@pytest.fixture(scope="session")
def training_data() -> TrainingData:
    """Return the examples of the tests."""
    return RasaYAMLReader().reads(EXAMPLES.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def kitchen(tmp_path_factory: pytest.TempPathFactory) -> Kitchen:
    """Return a place to train components in."""
    return Kitchen(tmp_path_factory.mktemp("models"))
