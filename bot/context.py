"""What a message means here: a picked choice, danger, a question, or too unsure to say."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Optional

from bot.components.meaning import core_intent, selector

UNSURE_BELOW = 0.40  # chosen on cross-validation, see docs/decisions/2026-11-22-nlu-pipeline.md
_PAYLOAD = re.compile(r"^/(?P<intent>[a-z_]+(?:/[a-z_]+)?)(?P<values>\{.*\})?$", re.DOTALL)


class BadPayloadError(ValueError):
    """A choice's payload is not of the form /intent or /intent{"name": "value"}."""


@dataclass(frozen=True)
class Hearing:
    """How sure we are in which language a caller writes."""

    current: str
    pending: Optional[str] = None


def hear(state: Hearing, heard: Optional[str], confidence: float, words: int) -> Hearing:
    """Follow a caller's language with hysteresis: one foreign word does not switch it.

    A long and clear message switches at once; shorter ones only when two agree in a row.
    """
    if heard is None or heard == state.current:
        return Hearing(state.current)
    if confidence >= 0.8 and words >= 5:
        return Hearing(heard)
    if confidence >= 0.6 and words >= 2:
        return Hearing(heard) if state.pending == heard else Hearing(state.current, heard)
    return state


def from_choice(payload: str, text: str) -> dict[str, Any]:
    """Read a picked choice: its intent is certain; its values become entities."""
    found = _PAYLOAD.match(payload)
    if found is None:
        raise BadPayloadError(payload)
    values = json.loads(found["values"]) if found["values"] else {}
    entities = [{"entity": n, "value": v, "start": 0, "end": 0} for n, v in values.items()]
    return {**_named(found["intent"], 1.0), "text": text, "entities": entities, "picked": True}


def _named(full: str, confidence: float) -> dict[str, Any]:
    intent = {"name": core_intent(full), "confidence": confidence}
    meaning: dict[str, Any] = {"intent": intent, "full_intent": full}
    if full.startswith("faq/"):
        meaning |= {"topic": full[4:], "response_selector": selector(full, confidence)}
    return meaning


def intent_of(parse: dict[str, Any]) -> str:
    """Give the full name of the intent that the pipeline found; empty without one."""
    return str(parse.get("full_intent") or (parse.get("intent") or {}).get("name") or "")


def understand(parse: dict[str, Any], *, danger: bool, in_task: bool) -> dict[str, Any]:
    """Decide what a typed message means, given the pipeline's reading of it.

    In a task nothing is called unsure here: the task itself tells answers from questions.
    """
    full = intent_of(parse)
    confidence = float((parse.get("intent") or {}).get("confidence") or 0.0)
    guessed = {"guess": full, "guess_confidence": confidence}
    if danger:
        return {**parse, **_named("emergency", 1.0), **guessed}
    if not full or confidence < UNSURE_BELOW:
        name = "inform" if in_task else "nlu_fallback"
        return {**parse, **_named(name, 1.0), **guessed}
    return {**parse, **_named(full, confidence), **guessed}
