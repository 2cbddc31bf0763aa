"""Everything that happens inside a task: one action a turn decides who is answered with what.

Rasa lets an action replace the form of the same name; so an answer, a question in the middle, a
cry for help and "stop" are told apart here, in one place, and none can be swallowed as a slot.
"""

from __future__ import annotations

from types import ModuleType

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet

from actions import (
    afterwards,
    beside,
    facts,
    intake,
    offer,
    offer_after,
    recruiter,
    returning,
    sharing,
    wishes,
)
from actions.belonging import NotJoinedError
from actions.desk import Desk
from actions.digressions import answers_plainly, digresses
from actions.keeping import overhear
from actions.lingering import AFTER, Followed, fade
from actions.questions import INTAKES, INTAKES_BY_KIND, OPEN, STOPPED
from actions.speak import TurnAction
from actions.state import State
from actions.talk import Talk
from actions.tasks import MODULES, OTHERS, PASSING, RETURNING, start
from actions.turn import Turn, read_turn
from hotline import reading
from hotline.contact_rules import read_hours
from hotline.persons import only_names_kin
from hotline.wishes import wishes_in

_FOLLOWING: dict[str, ModuleType] = {
    "offer": offer_after,
    "facts": facts,
    "recruiter": recruiter,
    "sharing": sharing,
}
_SURE = 0.6
_DANGER = 0.5
_VERY_SURE = 0.85


def converse(turn: Turn, state: State | None, talk: Talk, desk: Desk) -> State | None:
    """Answer one message; returns the task that waits for the next, or None."""
    try:
        after = _answer(turn, state, talk, desk)
    except NotJoinedError:
        talk.said.clear()
        after = _afresh(turn, state, talk, desk)
    wishes.keep(turn, talk, desk)
    return after


def _afresh(turn: Turn, state: State | None, talk: Talk, desk: Desk) -> State | None:
    """Look again from the beginning: the task's ticket is not this conversation's."""
    report = _report_within(state)
    if state is not None and state.kind in RETURNING.values():
        return returning.begin(state.kind, turn, talk, desk)
    assert report is not None
    return intake.begin(report.kind, turn, talk, desk)


def _answer(turn: Turn, state: State | None, talk: Talk, desk: Desk) -> State | None:
    if state is None:
        return start(turn, talk, desk)
    if _is_danger(state, turn):
        if state.kind == "emergency":
            return intake.more_danger(state, turn, talk, desk)
        return intake.begin("emergency", turn, talk, desk)
    if state.asked == OPEN:
        return go_on(state, turn, talk, desk)
    if state.asked == STOPPED:
        return after_stop(state, turn, talk, desk)
    if state.asked == AFTER or (state.kind == "offer" and state.asked in offer_after.OPEN):
        return after_result(state, turn, talk, desk)
    if reading.cancels(turn.text) or _starts_over(state, turn):
        return stop(state, turn, talk, desk)
    if digresses(state, turn) and not offer.understood(state, turn, desk):
        return digress(state, turn, talk, desk)
    if state.kind not in INTAKES.values() and not beside.fits(state, turn, desk):
        talk.say("utter_shared_noted")
        _ask_again(state, turn, talk, desk)
        return state
    after = MODULES[state.kind].answer(state, turn, talk, desk)
    return _resume(state, after, turn, talk, desk)


def _starts_over(state: State, turn: Turn) -> bool:
    """Say whether she wants to begin anew; "kada usah" to "may we write to you" is only a no."""
    sure = turn.picked or turn.confidence >= _SURE
    return turn.intent == "start_over" and sure and not answers_plainly(state, turn)


def go_on(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Answer what comes after an intake's questions are done."""
    if reading.cancels(turn.text) or turn.intent == "start_over":
        talk.say("utter_start_over")
        return None
    if _reports_again(state, turn):
        talk.say("utter_report_running", code=state.data["code"])
        return state
    other = {**INTAKES, **RETURNING, **dict.fromkeys(OTHERS, "")}
    wanted = turn.intent in other and turn.intent != INTAKES_BY_KIND.get(state.kind)
    if wanted and (turn.picked or turn.confidence >= _VERY_SURE):
        return _beside(state, start(turn, talk, desk))
    if turn.intent in facts.INTENTS and (turn.asks or turn.picked):
        return _beside(state, facts.begin(turn, talk, desk))
    if afterwards.small_talk_or_question(turn, talk, desk):
        return state
    return afterwards.take(state, turn, talk, desk)


def _reports_again(state: State, turn: Turn) -> bool:
    """Say whether a report is asked for that is open already: an old button, or a bare "lapor"."""
    if state.kind == "human":
        return False  # nothing was reported yet
    tapped = turn.picked and turn.intent in {"report_trafficking", INTAKES_BY_KIND[state.kind]}
    return tapped or (not turn.picked and reading.asks_to_report(turn.text))


def after_stop(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Go on with a stopped report at "lanjut"; everything else is answered on its own."""
    if reading.cancels(turn.text) or turn.intent == "start_over":
        talk.say("utter_cancelled")
        return state
    if not turn.picked and reading.resumes(turn.text):
        return intake.resume(turn, talk, desk, settled=tuple(state.settled))
    if wishes_in(turn.text) and turn.intent not in INTAKES:
        return afterwards.take(state, turn, talk, desk)
    return _beside(state, start(turn, talk, desk))


def _beside(state: State, begun: State | None) -> State:
    """Keep a report in mind behind whatever else was begun."""
    if begun is None:
        return state
    if begun.kind not in INTAKES.values():
        begun.outer = state
    return begun


def after_result(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Answer what comes after a verdict or a fact: about it as long as that can be, else afresh."""
    if reading.cancels(turn.text):
        talk.say("utter_cancelled")
        return state.outer
    followed: Followed | None = _FOLLOWING[state.kind].follow(state, turn, talk, desk)
    if followed is not None:
        after = followed.state
        if after is not None and after.kind not in INTAKES.values():
            after.outer = after.outer or state.outer
        return after or state.outer
    if state.asked != AFTER and turn.intent in PASSING:
        # A question stands below the verdict: another menu would take its choices away.
        talk.say(f"utter_{turn.intent}", plain=True)
        _ask_again(state, turn, talk, desk)
        return state
    if state.outer is not None:
        return _answer(turn, state.outer, talk, desk)
    begun = start(turn, talk, desk, of_places=state.kind in {"facts", "sharing"})
    small = turn.intent in {*PASSING, "affirm", "deny"}
    return fade(state) if begun is None and small else begun


def _is_danger(state: State, turn: Turn) -> bool:
    """Say whether a message inside a task is a cry for help.

    The guard decides alone. The model is believed too, but inside an emergency it would take
    "tulis jam 11 malam saja" for another one, and the answer would be lost.
    """
    if turn.dangers or (turn.picked and turn.intent == "emergency"):
        return True
    answers = _tells_hours(state, turn) or only_names_kin(turn.text)
    sure = turn.confidence >= _DANGER and not turn.picked and not answers
    report = _report_within(state)  # also behind a fact that was asked for in between
    within = report is not None and report.kind == "emergency"
    return turn.intent == "emergency" and sure and not within


def _tells_hours(state: State, turn: Turn) -> bool:
    """Say whether hours or wishes answer the question about them: lost, they would be broken."""
    told = wishes_in(turn.text) or read_hours(turn.text.lower())
    return state.asked in {"safe_time", "consent"} and bool(told)


def stop(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """End the task; a ticket keeps what was told."""
    report = _report_within(state)
    if report is not None:
        return intake.cancel(report, turn, talk, desk)
    talk.say("utter_cancelled")
    return None


def _report_within(state: State | None) -> State | None:
    """Find the intake that is running, or that was interrupted by what is running."""
    while state is not None and state.kind not in INTAKES.values():
        state = state.outer
    return state


def digress(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Answer what came in between, then go on with the task."""
    report = _report_within(state)
    if report is not None:
        overhear(report.data["ticket"], turn, desk)
    if turn.intent in facts.INTENTS:
        facts.tell(turn.intent, facts.country_of(turn, desk), turn, talk, desk)
    elif turn.intent.startswith("faq/") or turn.intent in {*PASSING, "out_of_scope"}:
        # Its own choices stay away: by SMS two menus with the same numbers would stand there.
        talk.say(f"utter_{turn.intent}", plain=True)
    elif turn.intent in INTAKES and state.kind not in INTAKES.values():
        return start(turn, talk, desk)  # a report outweighs whatever was being looked up
    elif state.kind in INTAKES.values() and _reports_again(state, turn):
        talk.say("utter_report_running", code=state.data["code"])
    elif turn.intent in INTAKES:
        intake.add_wish(state, INTAKES[turn.intent], turn, talk, desk)
    else:
        begun = start(turn, talk, desk)
        if state.kind == "my_data" and begun is not None and begun.asked == "code":
            begun = None  # there is no report; what stands open is whether to delete
            talk.said[-1]["plain"] = True
        if begun is not None and begun.asked != AFTER:
            # Begun anew, it takes its own place instead of waiting for itself.
            begun.outer = state if begun.kind != state.kind else state.outer
            return begun
    _ask_again(state, turn, talk, desk)
    return state


def _resume(state: State, after: State | None, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Go back to the interrupted task once the inner one has ended."""
    over = after is not None and after.asked == AFTER and state.outer is not None
    if after is not None and not over:
        after.outer = after.outer or state.outer
        return after
    outer = state.outer
    if outer is not None:
        _ask_again(outer, turn, talk, desk)
    return outer


def _ask_again(state: State, turn: Turn, talk: Talk, desk: Desk) -> None:
    if state.asked != AFTER:  # nothing is being asked
        MODULES[state.kind].ask_again(state, turn, talk, desk)


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
