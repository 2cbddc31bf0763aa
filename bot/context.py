"""What a message means here: a picked choice, danger, a question, or too unsure to say."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Optional

from bot.components.meaning import core_intent, selector

# How likely danger must be to be taken for danger, one chance in five: recall comes first. Within
# a task most messages are short answers ("after dusk, we share the phone"), so where the guard saw
# nothing it must be likelier.
DANGER_FROM, FROM_IN_TASK = 0.2, 0.4
# What each sign says of danger, in odds: learned from messages that no model was trained on, see
# benchmarks/danger_weights.py, which prints them, and the decision record on danger.
WEIGHTS = {
    "constant": -0.04,
    "model": 0.68,  # by the odds that the model gives the whole message
    "parted": 0.78,  # it has several parts,
    "part": 0.22,  # and this by the odds of the part that looks most like danger
    "rule": 1.78,  # one of the guard's rules rang,
    "signs": 0.90,  # or several of its faint signs together
    "reasons": 1.02,  # by how many reasons the guard gives, at most three
    "length": -0.52,  # by the logarithm of the number of words
}
_MOST_REASONS = 3
_EDGE = 1e-4  # a chance of 0 or 1 has no odds
_SEVERAL_SIGNS = "several_signs"  # the guard's reason when no rule of its rang
UNSURE_BELOW = 0.40  # chosen on cross-validation, see docs/decisions/2026-11-22-nlu-pipeline.md
# "That is none of ours" turns somebody away, and a report opens a ticket: each needs more than a
# guess. Of ten unseen messages read as none of ours at 0.6 to 0.8 seven were ours; for the other,
# three of 196 unseen reports are asked about, and fewer general texts open a ticket. Danger is not
# among them: in doubt it is danger.
_SURE_OF = {
    "out_of_scope": 0.8,
    "report_trafficking": 0.5,
    "report_missing": 0.5,
    "ask_return": 0.5,
}
_DEFAULT = "id"  # the language of the answers before a caller has said enough
# Words and confidence at which a first message's language is believed: on texts of others at most
# one in a hundred is answered in a wrong one. See the decision record on the first language.
_FIRST = ((4, 0.8), (6, 0.65))
ENOUGH_WORDS = 4  # to tell a language by; a greeting before them was no first message yet
_SHARED = frozenset({"location", "contact"})
_PAYLOAD = re.compile(r"^/(?P<intent>[a-z_]+(?:/[a-z_]+)?)(?P<values>\{.*\})?$", re.DOTALL)


class BadPayloadError(ValueError):
    """A choice's payload is not of the form /intent or /intent{"name": "value"}."""


@dataclass(frozen=True)
class Hearing:
    """How sure we are in which language a caller writes."""

    current: str
    pending: Optional[str] = None


def hear(
    state: Hearing, heard: Optional[str], confidence: float, words: int, *, first: bool = False
) -> Hearing:
    """Follow a caller's language with hysteresis: one foreign word does not switch it.

    A long and clear message switches at once; shorter ones only when two agree in a row. The
    `first` that says enough switches sooner: until then Indonesian was only a guess.
    """
    if heard is None or heard == state.current:
        return Hearing(state.current)
    guessed = first and state.current == _DEFAULT
    if guessed and any(words >= least and confidence >= sure for least, sure in _FIRST):
        return Hearing(heard)
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


def sure_enough(full: str, confidence: float) -> bool:
    """Say whether a message is taken for what it was read as, without asking back."""
    return bool(full) and confidence >= _SURE_OF.get(full, UNSURE_BELOW)


def is_danger(
    parse: dict[str, Any], *, reasons: Sequence[str], sure: bool, in_task: bool = False
) -> bool:
    """Put the guard's reasons and the model's reading together; in doubt it is danger."""
    if reasons and (sure or "emergency_chance" not in parse):
        return True
    least = FROM_IN_TASK if in_task and not reasons else DANGER_FROM
    return danger_chance(parse, reasons) >= least


def danger_chance(parse: dict[str, Any], reasons: Sequence[str]) -> float:
    """Return how likely danger is in a message, by what the guard and the model see in it."""
    odds = sum(WEIGHTS[name] * value for name, value in danger_signs(parse, reasons).items())
    return 1 / (1 + math.exp(-odds))


def danger_signs(parse: dict[str, Any], reasons: Sequence[str]) -> dict[str, float]:
    """Return what is weighed by `WEIGHTS`: the guard's reasons, and the model's `parse`."""
    part = float(parse.get("emergency_in_parts", 0.0))
    signs_alone = list(reasons) == [_SEVERAL_SIGNS]
    return {
        "constant": 1.0,
        "model": _odds(float(parse.get("emergency_chance", 0.0))),
        # A cry beside an ordinary question may be lost in the whole, not in its own part.
        "parted": float(part > 0),
        "part": _odds(part) if part > 0 else 0.0,
        "rule": float(bool(reasons) and not signs_alone),
        "signs": float(signs_alone),
        "reasons": float(min(len(reasons), _MOST_REASONS)),
        "length": math.log(1 + len(str(parse.get("text") or "").split())),
    }


def _odds(chance: float) -> float:
    sure = min(max(chance, _EDGE), 1 - _EDGE)
    return math.log(sure / (1 - sure))


def understand(
    parse: dict[str, Any], *, danger: bool, in_task: bool, shared: str = ""
) -> dict[str, Any]:
    """Decide what a typed message means, given the pipeline's reading of it.

    In a task nothing is called unsure here: the task itself tells answers from questions.
    """
    full = intent_of(parse)
    confidence = float((parse.get("intent") or {}).get("confidence") or 0.0)
    guessed = {"guess": full, "guess_confidence": confidence}
    if danger:
        return {**parse, **_named("emergency", 1.0), **guessed}
    if shared in _SHARED:
        # The words are the gateway's own; a model has nothing to guess about them.
        return {**parse, **_named(f"share_{shared}", 1.0), **guessed}
    if not sure_enough(full, confidence):
        name = "inform" if in_task else "nlu_fallback"
        return {**parse, **_named(name, 1.0), **guessed}
    return {**parse, **_named(full, confidence), **guessed}
