"""Which part answers which intent, and the beginning of each; the rules of Rasa lead here."""

from __future__ import annotations

from types import ModuleType

from actions import facts, intake, language, my_data, offer, recruiter, returning, unsure
from actions.desk import Desk
from actions.state import State
from actions.talk import Talk
from actions.turn import Turn
from hotline import reading

INTAKES = {
    "emergency": "emergency",
    "report_trafficking": "report",
    "report_missing": "missing",
    "ask_return": "return",
    "ask_human": "human",
}
INTAKES_BY_KIND = {kind: intent for intent, kind in INTAKES.items()}
RETURNING = {"ticket_status": "status", "add_to_report": "add", "withdraw_report": "withdraw"}
OTHERS: dict[str, ModuleType] = {
    "check_recruiter": recruiter,
    "check_offer": offer,
    "delete_my_data": my_data,
    "change_language": language,
}
MODULES: dict[str, ModuleType] = {
    "recruiter": recruiter,
    "offer": offer,
    "my_data": my_data,
    "language": language,
    "facts": facts,
    **dict.fromkeys(INTAKES.values(), intake),
    **dict.fromkeys(RETURNING.values(), returning),
}
# Said in passing: answered by a text, then the task goes on where it was.
PASSING = frozenset({"menu", "bot_challenge", "greet", "goodbye", "thanks"})


def start(turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Answer a message on its own: begin the task it asks for, or say what its text is."""
    if turn.intent in INTAKES:
        return intake.begin(INTAKES[turn.intent], turn, talk, desk)
    if turn.intent in RETURNING:
        return returning.begin(RETURNING[turn.intent], turn, talk, desk)
    if turn.intent in OTHERS:
        begun: State | None = OTHERS[turn.intent].begin(turn, talk, desk)
        return begun
    if turn.intent in facts.INTENTS:
        return facts.begin(turn, talk, desk)
    if reading.resumes(turn.text) and (resumed := intake.resume(turn, talk, desk)):
        return resumed
    if turn.unsure:
        return unsure.begin(turn, talk, desk)
    if turn.intent.startswith("faq/") or turn.intent in {*PASSING, "out_of_scope", "start_over"}:
        talk.say(f"utter_{turn.intent}")
    else:
        talk.say("utter_what_next")
    return None
