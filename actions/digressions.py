"""Tells a question in the middle of a task from an answer to it."""

from __future__ import annotations

from actions import sharing
from actions.questions import INTAKES, INTAKES_BY_KIND
from actions.state import State
from actions.tasks import PASSING, RETURNING
from actions.turn import Turn
from hotline import reading

_NEVER_BESIDE = frozenset({"inform", "nlu_fallback", "affirm", "deny", "start_over"})
_YES_OR_NO = frozenset({"consent", "withdraw", "confirm"})
_SHORT = 5  # words
_SURE = 0.6
_VERY_SURE = 0.85
_CERTAIN = 0.95


def answers_plainly(state: State, turn: Turn) -> bool:
    """Say whether yes or no was asked for and typed, whatever else the model takes it for."""
    asked = state.asked in _YES_OR_NO and not turn.picked
    return asked and reading.yes_or_no(turn.text, turn.language) is not None


def digresses(state: State, turn: Turn) -> bool:
    """Say whether a message inside a task is something else than an answer to it.

    Inside a report the benefit of the doubt goes to the report: what is kept as an answer is read
    by a person, what is taken for small talk is lost.
    """
    if turn.picked:
        return turn.intent != "inform"
    if answers_plainly(state, turn):
        return False
    if turn.intent in sharing.INTENTS:
        # Part of a report, or of what is being added to one; a recruiter's name it is not.
        return state.kind not in {*INTAKES.values(), "add"}
    if reading.asks_to_report(turn.text) and state.kind in INTAKES.values():
        return True
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
    if turn.intent in PASSING:
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
        if state.kind == "my_data" and turn.intent == "ticket_status":
            other = True  # how it stands is no answer to "shall I delete it"
        return other and turn.intent != "add_to_report" and turn.confidence >= _VERY_SURE
    return turn.intent in INTAKES and not telling and turn.confidence >= _SURE
