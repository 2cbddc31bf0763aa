"""Everything that happens inside a task: one action a turn decides who is answered with what.

Rasa lets an action replace the form of the same name; so an answer, a question in the middle, a
cry for help and "stop" are told apart here, in one place, and none can be swallowed as a slot.
"""

from __future__ import annotations

from types import ModuleType

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet

from actions import afterwards, facts, intake, language, my_data, offer, recruiter, returning
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
_PASSING = frozenset({"menu", "bot_challenge", "greet", "goodbye", "thanks"})
_NEVER_BESIDE = frozenset({"inform", "nlu_fallback", "affirm", "deny", "start_over"})
_SHORT = 5  # words
_SURE = 0.6
_DANGER = 0.5
_VERY_SURE = 0.85
_CERTAIN = 0.95


def converse(turn: Turn, state: State | None, talk: Talk, desk: Desk) -> State | None:
    """Answer one message; returns the task that waits for the next, or None."""
    if state is None:
        return start(turn, talk, desk)
    if _is_danger(state, turn):
        if state.kind == "emergency":
            return intake.more_danger(state, turn, talk, desk)
        return intake.begin("emergency", turn, talk, desk)
    if state.asked == afterwards.OPEN:
        return go_on(state, turn, talk, desk)
    if reading.cancels(turn.text) or (
        turn.intent == "start_over" and (turn.picked or turn.confidence >= _SURE)
    ):
        return stop(state, turn, talk, desk)
    if _digresses(state, turn):
        return digress(state, turn, talk, desk)
    after = _MODULES[state.kind].answer(state, turn, talk, desk)
    return _resume(state, after, turn, talk, desk)


def go_on(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Answer what comes after an intake's questions are done."""
    if reading.cancels(turn.text) or turn.intent == "start_over":
        talk.say("utter_start_over")
        return None
    other = {**INTAKES, **RETURNING, **dict.fromkeys(OTHERS, "")}
    wanted = turn.intent in other and turn.intent != INTAKES_BY_KIND.get(state.kind)
    if wanted and (turn.picked or turn.confidence >= _VERY_SURE):
        begun = start(turn, talk, desk)
        if begun is None:
            return state
        if begun.kind not in INTAKES.values():
            begun.outer = state
        return begun
    if afterwards.small_talk_or_question(turn, talk, desk):
        return state
    return afterwards.keep(state, turn, talk, desk)


def _is_danger(state: State, turn: Turn) -> bool:
    """Say whether a message inside a task is a cry for help.

    The guard decides alone. The model is believed too, but inside an emergency it would take
    "tulis jam 11 malam saja" for another one, and the answer would be lost.
    """
    if turn.dangers or (turn.picked and turn.intent == "emergency"):
        return True
    sure = turn.confidence >= _DANGER and not turn.picked
    return turn.intent == "emergency" and sure and state.kind != "emergency"


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
    report = _report_within(state)
    if report is not None:
        intake.cancel(report, turn, talk, desk)
    else:
        talk.say("utter_cancelled")


def _report_within(state: State | None) -> State | None:
    """Find the intake that is running, or that was interrupted by what is running."""
    while state is not None and state.kind not in INTAKES.values():
        state = state.outer
    return state


def _digresses(state: State, turn: Turn) -> bool:
    """Say whether a message inside a task is something else than an answer to it.

    Inside a report the benefit of the doubt goes to the report: what is kept as an answer is read
    by a person, what is taken for small talk is lost.
    """
    if turn.picked:
        return turn.intent != "inform"
    if turn.intent in _NEVER_BESIDE or turn.intent == INTAKES_BY_KIND.get(state.kind):
        return False
    telling = state.kind in INTAKES.values()
    asks = reading.is_question(turn.text)
    if reading.corrects(turn.text) and not asks:
        return False
    if turn.intent.startswith("faq/"):
        # "umur 17 tahun" tells about somebody in a report; it does not ask who may go.
        surely = not telling and turn.confidence >= _CERTAIN
        return surely or (asks and turn.confidence >= _SURE)
    words = len(reading.words(turn.text))
    if state.asked == "safe_time" and reading.tells_time(turn.text) and not asks:
        return False  # "malam" is an hour here, not a greeting
    if turn.intent in _PASSING:
        return turn.confidence >= _VERY_SURE and words <= _SHORT
    if turn.intent == "out_of_scope":
        return turn.confidence >= _VERY_SURE and (asks if telling else words <= 2 * _SHORT)
    return _other_task(state, turn, asks=asks, telling=telling)


def _other_task(state: State, turn: Turn, *, asks: bool, telling: bool) -> bool:
    if turn.intent == "ask_human":
        return turn.confidence >= _SURE and reading.wants_person(turn.text)
    if turn.intent == "change_language":
        return state.kind != "language" and turn.confidence >= _VERY_SURE
    if turn.intent in {"check_recruiter", "check_offer"}:
        # "lewat PT X" answers who recruited; "PT X resmi gak?" asks.
        return state.kind not in {"recruiter", "offer"} and asks and turn.confidence >= _SURE
    if turn.intent in RETURNING or turn.intent == "delete_my_data":
        other = state.kind not in {*RETURNING.values(), "my_data"}
        return other and turn.intent != "add_to_report" and turn.confidence >= _VERY_SURE
    return turn.intent in INTAKES and not telling and turn.confidence >= _SURE


INTAKES_BY_KIND = {kind: intent for intent, kind in INTAKES.items()}


def digress(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Answer what came in between, then go on with the task."""
    report = _report_within(state)
    if report is not None:
        intake.overhear(report, turn, desk)
    if turn.intent in {"faq/contacts", "faq/destinations"}:
        facts.tell(turn, talk, desk)
    elif turn.intent.startswith("faq/") or turn.intent in {*_PASSING, "out_of_scope"}:
        # Its own choices stay away: by SMS two menus with the same numbers would stand there.
        talk.say(f"utter_{turn.intent}", plain=True)
    elif turn.intent in INTAKES and state.kind not in INTAKES.values():
        return start(turn, talk, desk)  # a report outweighs whatever was being looked up
    elif turn.intent in INTAKES:
        intake.add_wish(state, INTAKES[turn.intent], turn, talk, desk)
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
