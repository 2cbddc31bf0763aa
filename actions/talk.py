"""What an action says, gathered in order and handed to Rasa at the end of the turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hotline.messages import Choice


@dataclass
class Talk:
    """Collects replies by response name; texts and translations are the NLG's business."""

    said: list[dict[str, Any]] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=dict)

    def say(self, response: str, choices: Sequence[Choice] = (), /, **values: object) -> None:
        """Say one response of bot/domain with its places filled."""
        buttons = [{"title": c.title, "payload": c.payload} for c in choices]
        self.said.append({"response": response, "buttons": buttons, **values})

    def say_first(self, response: str, /, **values: object) -> None:
        """Say one response before all others: the last one keeps its choices."""
        self.said.insert(0, {"response": response, "buttons": [], **values})

    def set_slot(self, name: str, value: object) -> None:
        """Remember something for later turns."""
        self.slots[name] = value

    def erase(self) -> None:
        """Ask the connector to delete what Rasa keeps of this conversation."""
        self.said[-1]["json_message"] = {"erase": True}
