"""What a training example says of itself besides its words."""

from __future__ import annotations

from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message


def language_of(message: Message) -> str | None:
    """Return the language its topic file gives a training example."""
    metadata = message.get("metadata") or {}
    return (metadata.get("intent") or {}).get("language")


def without_entities(message: Message) -> str:
    """Return the example's text without names and places, which belong to no language."""
    text: str = message.get(TEXT)
    for entity in sorted(message.get(ENTITIES) or [], key=lambda e: -e["start"]):
        text = f"{text[: entity['start']]} {text[entity['end'] :]}"
    return text
