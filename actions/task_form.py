"""Everything that happens inside a task: one action a turn decides who is answered with what.

Rasa lets an action replace the form of the same name; so an answer, a question in the middle, a
cry for help and "stop" are told apart here, in one place, and none can be swallowed as a slot.
"""

from __future__ import annotations

from types import ModuleType

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet

from actions import facts, intake, language, my_data, offer, recruiter, returning
from actions.desk import Desk
from actions.speak import TurnAction
from actions.state import State
from actions.talk import Talk
from actions.turn import Turn, read_turn
from hotline import reading

INTAKES = {
    "emergency": "emergency",
    "report_trafficking": "report",
    "report_missing": "missing",
    "ask_return": "return",
    "ask_human": "human",
}
RETURNING = {"ticket_status": "status", "add_to_report": "add", "withdraw_report": "withdraw"}
OTHERS: dict[str, ModuleType] = {
    "check_recruiter": recruiter,
    "check_offer": offer,
    "delete_my_data": my_data,
    "change_language": language,
}
_MODULES: dict[str, ModuleType] = {
    "recruiter": recruiter,
    "offer": offer,
    "my_data": my_data,
    "language": language,
    **dict.fromkeys(INTAKES.values(), intake),
    **dict.fromkeys(RETURNING.values(), returning),
}
# Said in passing: answered by a text, then the task goes on where it was.
_PASSING = frozenset({"menu", "bot_challenge", "greet", "goodbye", "thanks", "out_of_scope"})
_SURE = 0.6
_VERY_SURE = 0.85


def converse(turn: Turn, state: State | None, talk: Talk, desk: Desk) -> State | None:
    """Answer one message; returns the task that waits for the next, or None."""
    if state is None:
        return start(turn, talk, desk)
    if turn.intent == "emergency":
        if state.kind == "emergency":
            return intake.more_danger(state, turn, talk, desk)
        return intake.begin("emergency", turn, talk, desk)
    if turn.intent == "start_over" and (turn.picked or turn.confidence >= _SURE):
        return stop(state, turn, talk, desk)
    if _digresses(state, turn):
        return digress(state, turn, talk, desk)
    after = _MODULES[state.kind].answer(state, turn, talk, desk)
    return _resume(state, after, turn, talk, desk)


def start(turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Begin the task a message asks for."""
    if turn.intent in INTAKES:
        return intake.begin(INTAKES[turn.intent], turn, talk, desk)
    if turn.intent in RETURNING:
        return returning.begin(RETURNING[turn.intent], turn, talk, desk)
    if turn.intent in OTHERS:
        begun: State | None = OTHERS[turn.intent].begin(turn, talk, desk)
        return begun
    talk.say("utter_what_next")
    return None


def stop(state: State, turn: Turn, talk: Talk, desk: Desk) -> None:
    """End the task; a ticket keeps what was told."""
    if state.kind in INTAKES.values():
        intake.cancel(state, turn, talk, desk)
    elif state.outer and state.outer.kind in INTAKES.values():
        intake.cancel(state.outer, turn, talk, desk)
    else:
        talk.say("utter_cancelled")


def _digresses(state: State, turn: Turn) -> bool:
    """Say whether a message inside a task is something else than an answer to it."""
    if turn.picked:
        return turn.intent != "inform"
    if turn.intent in {"inform", "nlu_fallback", "affirm", "deny"}:
        return False
    if turn.intent == INTAKES_BY_KIND.get(state.kind):
        return False
    asks = reading.is_question(turn.text)
    if turn.intent.startswith("faq/"):
        return (asks and turn.confidence >= _SURE) or turn.confidence >= _VERY_SURE + 0.1
    if turn.intent in _PASSING or turn.intent in {"change_language", "ask_human"}:
        short = len(reading.words(turn.text)) <= 8
        return turn.confidence >= _VERY_SURE and (short or asks)
    if turn.intent in {"check_recruiter", "check_offer"}:
        # "lewat PT X" answers who recruited; "PT X resmi gak?" asks.
        return state.kind not in {"recruiter", "offer"} and asks and turn.confidence >= _SURE
    if turn.intent in {"ticket_status", "withdraw_report", "delete_my_data"}:
        return state.kind not in {"status", "withdraw", "my_data"} and turn.confidence >= _VERY_SURE
    if turn.intent in INTAKES and state.kind not in INTAKES.values():
        return turn.confidence >= _SURE
    return False


INTAKES_BY_KIND = {kind: intent for intent, kind in INTAKES.items()}


def digress(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Answer what came in between, then go on with the task."""
    if turn.intent in {"faq/contacts", "faq/destinations"}:
        facts.tell(turn, talk, desk)
    elif turn.intent.startswith("faq/") or turn.intent in _PASSING:
        talk.say(f"utter_{turn.intent}")
    elif turn.intent in INTAKES and state.kind not in INTAKES.values():
        return start(turn, talk, desk)  # a report outweighs whatever was being looked up
    elif turn.intent in INTAKES:
        talk.say("utter_noted")
    else:
        begun = start(turn, talk, desk)
        if begun is not None:
            begun.outer = state
            return begun
    _MODULES[state.kind].ask_again(state, turn, talk, desk)
    return state


def _resume(state: State, after: State | None, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Go back to the interrupted task once the inner one has ended."""
    if after is not None:
        after.outer = after.outer or state.outer
        return after
    outer = state.outer
    if outer is not None:
        _MODULES[outer.kind].ask_again(outer, turn, talk, desk)
    return outer


class TaskForm(TurnAction):
    """Runs `converse` for Rasa and keeps the loop open while a task waits for an answer."""

    def name(self) -> str:
        """Name the action like the form it replaces."""
        return "task_form"

    def converse(self, tracker: Tracker, talk: Talk, desk: Desk) -> list[EventType]:
        """Answer the caller's latest message."""
        active = (tracker.active_loop or {}).get("name")
        state = State.from_dict(tracker.get_slot("task")) if active else None
        after = converse(read_turn(tracker), state, talk, desk)
        task = SlotSet("task", after.to_dict() if after else None)
        return [task, ActiveLoop("task_form" if after else None)]
