"""One turn as the actions see it: what the caller wrote and what was understood of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hotline import reading

_SURE_GUESS, _NEARLY = 0.5, 0.35
QUIET_INTENTS = frozenset({"inform", "nlu_fallback"})


@dataclass(frozen=True, kw_only=True)
class Turn:
    """The caller's latest message with the bot's reading of it."""

    conversation: str
    message_id: int | None
    channel: str
    language: str
    text: str
    intent: str  # a full name such as "faq/costs", "inform" when unsure inside a task
    confidence: float
    entities: tuple[tuple[str, str], ...] = ()
    picked: bool = False  # tapped or numbered, not typed
    dangers: tuple[str, ...] = ()
    language_guess: str | None = None
    ranking: tuple[str, ...] = ()  # what it may have meant, the likeliest first
    shared: str = ""  # "caption", "location" or "contact" where the words came with such a thing
    missed_before: bool = False  # the message before this one was not understood either
    asked_beside: str = ""  # a question's topic where the message says something graver too
    slots: dict[str, Any] = field(default_factory=dict)

    @property
    def value(self) -> str:
        """Give what was answered: a picked value, else the text."""
        return self.first("value") or self.text

    def first(self, entity: str) -> str | None:
        """Give the first entity of a kind, as typed."""
        return next((value for name, value in self.entities if name == entity), None)

    def all_of(self, entity: str) -> tuple[str, ...]:
        """Give every entity of a kind, as typed."""
        return tuple(value for name, value in self.entities if name == entity)

    @property
    def unsure(self) -> bool:
        """Say whether a typed message was not understood."""
        return not self.picked and self.intent in QUIET_INTENTS

    @property
    def asks(self) -> bool:
        """Say whether this is a question rather than an answer."""
        return not self.picked and reading.is_question(self.text)


def missed_before(events: list[dict[str, Any]]) -> bool:
    """Say whether the caller's previous message was not understood either."""
    said = [e for e in events if e.get("event") == "user"]
    if len(said) < 2:
        return False
    before = said[-2].get("parse_data") or {}
    return not before.get("picked") and (before.get("intent") or {}).get("name") in QUIET_INTENTS


def asked_beside(message: dict[str, Any], intent: str) -> str:
    """Find the question in a message taken for something graver: "disekap, berapa nomor KBRI".

    Only where the words ask and the model was nearly as sure of the question.
    """
    if not reading.is_question(str(message.get("text") or "")):
        return ""
    guess = (message.get("guess"), message.get("guess_confidence"), _SURE_GUESS)
    ranked = [(r.get("name"), r.get("confidence"), _NEARLY) for r in _ranking(message)[:2]]
    for name, confidence, least in (guess, *ranked):
        is_topic = str(name or "").startswith("faq/") and name != intent
        if is_topic and float(confidence or 0.0) >= least:
            return str(name)
    return ""


def _ranking(message: dict[str, Any]) -> list[dict[str, Any]]:
    return list(message.get("intent_ranking") or [])


def read_turn(tracker: Any) -> Turn:
    """Build the turn from rasa-sdk's tracker."""
    message = tracker.latest_message or {}
    intent = message.get("intent") or {}
    raw_id = str(message.get("message_id") or "")
    heard = message.get("language") or {}
    full = message.get("full_intent") or intent.get("name") or "nlu_fallback"
    return Turn(
        conversation=tracker.sender_id,
        message_id=int(raw_id) if raw_id.isdigit() else None,
        channel=tracker.get_latest_input_channel() or "local",
        language=tracker.get_slot("language") or "id",
        text=message.get("text") or "",
        intent=full,
        confidence=float(intent.get("confidence") or 0.0),
        entities=tuple((e["entity"], str(e["value"])) for e in message.get("entities") or []),
        picked=bool(message.get("picked")),
        dangers=tuple(message.get("danger") or ()),
        language_guess=heard.get("code"),
        ranking=tuple(str(r["name"]) for r in _ranking(message) if r.get("name")),
        shared=str(message.get("shared") or ""),
        missed_before=missed_before(tracker.events or []),
        asked_beside=asked_beside(message, full),
        slots=dict(tracker.slots),
    )
