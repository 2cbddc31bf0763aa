"""The questions of each intake: which are settled, which comes next."""

from __future__ import annotations

from actions.state import State
from actions.talk import Talk
from hotline.tickets import Category, Ticket

QUESTIONS = {
    "emergency": ("where", "who", "safe_time"),
    "report": ("story", "where", "who", "recruiter", "consent", "safe_time"),
    "missing": ("who_missing", "where", "last_contact", "recruiter", "consent", "safe_time"),
    "return": ("where", "who", "reason", "consent", "safe_time"),
    "human": ("story", "safe_time"),
}
CATEGORY = {
    "emergency": Category.EMERGENCY,
    "report": Category.REPORT,
    "missing": Category.MISSING,
    "return": Category.RETURN,
    "human": Category.OTHER,
}
KIND = {
    Category.EMERGENCY: "emergency",
    Category.REPORT: "report",
    Category.MISSING: "missing",
    Category.RETURN: "return",
    Category.COMPLAINT: "report",
    Category.OTHER: "human",
}
INTAKES = {
    "emergency": "emergency",
    "report_trafficking": "report",
    "report_missing": "missing",
    "ask_return": "return",
    "ask_human": "human",
}
INTAKES_BY_KIND = {kind: intent for intent, kind in INTAKES.items()}
FIELD = {"who_missing": "who"}
# Facts that answer a question as well as its own.
_ALSO = {"where": ("country", "region"), "recruiter": ("recruited_by",)}
OPEN = "more"  # the state's `asked` while nothing is being asked
STOPPED = "stopped"  # the caller wanted no more questions; "lanjut" goes on with them
BESIDE = "beside"  # in the state's data: a question's topic that waits until the report is taken
_QUIET = frozenset({OPEN, STOPPED})


def settle_known(state: State, ticket: Ticket) -> None:
    """Mark what the ticket knows already: nobody is asked twice."""
    known = ticket.known()
    for question in QUESTIONS[state.kind]:
        field = FIELD.get(question, question)
        if any(name in known for name in (field, *_ALSO.get(field, ()))):
            state.settle(question)
    if known.get("consent") == "no":
        state.settle("safe_time")  # nobody will write to her, so the hour does not matter


def ask_next(state: State, talk: Talk) -> State:
    """Ask the first question that is not settled; say what happens next when none is left."""
    for question in QUESTIONS[state.kind]:
        if question not in state.settled:
            state.asked = question
            talk.say(f"utter_ask_{question}")
            return state
    talk.say("utter_report_done", code=state.data["code"])
    if topic := state.data.pop(BESIDE, ""):
        talk.say(f"utter_{topic}", plain=True)  # asked with the first words, and not forgotten
    state.asked = OPEN
    return state


def ask_again(state: State, talk: Talk) -> None:
    """Repeat the open question after something else was answered, if one is open."""
    if state.asked not in _QUIET:
        talk.say(f"utter_ask_{state.asked}")
