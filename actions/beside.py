"""Tells whether a caption or a contact card could answer what was asked; if not, it stands beside.

A photo sent in the middle of a question mostly shows something else than what was asked for.
"""

from __future__ import annotations

from actions import recruiter
from actions.desk import Desk
from actions.harvest import recruiter_in
from actions.state import State
from actions.turn import Turn
from hotline import reading
from hotline.captions import gives_reason, names_somebody
from hotline.codes import find_code, find_key
from hotline.wishes import wishes_in

_STORY = 6  # words; fewer only say what the picture shows


def could_answer(question: str, turn: Turn, desk: Desk) -> bool:
    """Say whether a message may be taken for the answer to an intake's question."""
    if turn.shared == "contact":
        return question == "recruiter"
    if turn.shared != "caption" or reading.skips(turn.text):
        return True
    if question == "story":
        return len(reading.words(turn.text)) >= _STORY
    if question == "where":
        named = turn.first("region") or turn.first("country")
        return bool(named or desk.knowledge.mentions(turn.text))
    if question in {"who", "who_missing"}:
        return names_somebody(turn.text) or reading.names_person(turn.text)
    if question == "recruiter":
        return recruiter_in(turn) is not None
    if question == "reason":
        return gives_reason(turn.text)
    if question == "consent":
        return reading.yes_or_no(turn.text, turn.language) is not None
    return reading.tells_time(turn.text) or bool(wishes_in(turn.text))


def fits(state: State, turn: Turn, desk: Desk) -> bool:
    """Say whether a caption may answer what another task than an intake has asked."""
    if turn.shared != "caption" or state.asked in {"text", "addition"}:
        return True
    if state.kind == "recruiter":
        named = turn.first("recruiter") or turn.first("licence_no")
        return bool(named or recruiter.surely_named(turn, desk))
    if state.asked in {"code", "key"}:
        return bool(find_code(turn.text) or find_key(turn.text))
    if state.asked in {"withdraw", "confirm"}:
        return reading.yes_or_no(turn.text, turn.language) is not None
    return True
