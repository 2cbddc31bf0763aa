"""What all components share: settings with defaults, and one trained model kept in a file."""

from __future__ import annotations

from typing import Any, TypeVar

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

Self = TypeVar("Self", bound="Stored")


class Stored(GraphComponent):
    """A component that is its settings and, once trained or loaded, a model."""

    # The name of the model's file in Rasa's storage; each component gives its own.
    file_name: str

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        """Keep the settings and where the trained model is stored."""
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model: Any = None

    @classmethod
    def create(
        cls: type[Self],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """Make an untrained component."""
        return cls({**cls.get_default_config(), **config}, model_storage, resource)

    @classmethod
    def load(
        cls: type[Self],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Self:
        """Load the trained component."""
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            component._model = joblib.load(folder / cls.file_name)
        component.ready()
        return component

    def ready(self) -> None:
        """Prepare what only a loaded component needs; by default nothing."""

    def keep(self, model: Any) -> Resource:
        """Take a newly trained model into use and store it."""
        self._model = model
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(model, folder / self.file_name, compress=3)
        return self._resource
