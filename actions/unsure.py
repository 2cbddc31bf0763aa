"""What the bot says when it has not understood: two guesses to pick from, then a person."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType

from actions import intake
from actions.desk import Desk
from actions.speak import TurnAction
from actions.talk import Talk
from actions.turn import Turn, read_turn
from hotline import reading
from hotline.messages import Choice

_NOT_OFFERED = frozenset(
    {"affirm", "deny", "inform", "nlu_fallback", "greet", "thanks", "goodbye", "out_of_scope",
     "start_over", "menu", "bot_challenge"}
)  # fmt: skip
_GUESSES = 2
_TELLING = 3  # words; with a report open, such a message adds to it


def guess(turn: Turn, ranking: list[str], talk: Talk, desk: Desk, *, again: bool) -> None:
    """Ask one short question with the likeliest choices; offer a person the second time."""
    if len(reading.words(turn.text)) >= _TELLING and intake.add_to_open(turn, talk, desk):
        return
    if again:
        talk.say("utter_unsure_person")
        return
    if not reading.has_letters(turn.text):
        talk.say("utter_unsure_empty")
        return
    likely = [name for name in ranking if name not in _NOT_OFFERED][:_GUESSES]
    choices = [
        Choice(desk.phrase(turn, f"utter_topic_{name.split('/')[-1]}"), f"/{name}")
        for name in likely
    ]
    talk.say("utter_unsure", choices)


def missed_before(events: list[dict[str, Any]]) -> bool:
    """Say whether the caller's previous message was not understood either."""
    said = [e for e in events if e.get("event") == "user"]
    if len(said) < 2:
        return False
    before = (said[-2].get("parse_data") or {}).get("intent") or {}
    return bool(before.get("name") == "nlu_fallback")


class ActionUnsure(TurnAction):
    """Runs `guess` for Rasa."""

    def name(self) -> str:
        """Name the action as the domain does."""
        return "action_unsure"

    def converse(self, tracker: Tracker, talk: Talk, desk: Desk) -> list[EventType]:
        """Answer a message that was not understood."""
        ranked = (tracker.latest_message or {}).get("intent_ranking") or []
        ranking = [str(r["name"]) for r in ranked if r.get("name")]
        guess(read_turn(tracker), ranking, talk, desk, again=missed_before(tracker.events))
        return []
