"""Runs one turn for rasa-sdk and hands over what it says; errors end here, without their texts."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.desk import Desk, the_desk
from actions.talk import Talk

logger = logging.getLogger(__name__)


class TurnAction(Action, ABC):
    """An action that gathers what it says in a Talk."""

    @abstractmethod
    def converse(self, tracker: Tracker, talk: Talk, desk: Desk) -> list[EventType]:
        """Answer the caller's latest message; returns events besides the talk's own slots."""

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Answer, or say nothing at all when something breaks: the worker then sends safe text."""
        talk = Talk()
        try:
            events = self.converse(tracker, talk, the_desk())
        except Exception as error:  # noqa: BLE001 - rasa-sdk and Rasa would log the whole tracker
            logger.error("%s failed: %s", self.name(), _where(error))
            return []
        for reply in talk.said:
            dispatcher.utter_message(**reply)
        return [*(SlotSet(name, value) for name, value in talk.slots.items()), *events]


def _where(error: BaseException) -> str:
    """Name the kind of an error and the line that raised it, never its message: it may quote."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    return f"{type(error).__name__} at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
