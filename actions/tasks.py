"""Which part answers which intent, and the beginning of each; the rules of Rasa lead here."""

from __future__ import annotations

from types import ModuleType

from actions import facts, intake, language, my_data, offer, recruiter, returning, sharing, unsure
from actions.desk import Desk
from actions.questions import INTAKES
from actions.state import State
from actions.talk import Talk
from actions.turn import Turn
from hotline import reading
from hotline.news import tells_news
from hotline.parcels import asks_about_goods

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
    "sharing": sharing,
    **dict.fromkeys(INTAKES.values(), intake),
    **dict.fromkeys(RETURNING.values(), returning),
}
# Said in passing: answered by a text, then the task goes on where it was.
PASSING = frozenset({"menu", "bot_challenge", "greet", "goodbye", "thanks"})

# What a model takes a case in the news for; whether it is a report depends on whose case it is.
_OF_NEWS = frozenset(
    {"report_trafficking", "report_missing", "faq/contacts", "faq/what_is_trafficking",
     "faq/victim_rights", "faq/reporting", "faq/red_flags", "nlu_fallback"}
)  # fmt: skip


def _said_all(turn: Turn, talk: Talk, *, of_places: bool) -> bool:
    """Answer what its words say beyond doubt, whatever the model takes it for."""
    if turn.picked or turn.intent == "emergency":
        return False
    if not of_places and (code := language.only_named(turn.text)):
        language.use(code, talk)
        return True
    if turn.intent in _OF_NEWS and not turn.dangers and tells_news(turn.text):
        talk.say("utter_about_whom")
        return True
    if turn.intent in RETURNING and asks_about_goods(turn.text):
        talk.say("utter_out_of_scope")
        return True
    return False


def start(turn: Turn, talk: Talk, desk: Desk, *, of_places: bool = False) -> State | None:
    """Answer a message on its own: begin the task it asks for, or say what its text is.

    Where the talk is `of_places`, "aceh" is one of them and no language.
    """
    if _said_all(turn, talk, of_places=of_places):
        return None
    if turn.intent in INTAKES:
        return intake.begin(INTAKES[turn.intent], turn, talk, desk)
    if turn.intent in RETURNING:
        return returning.begin(RETURNING[turn.intent], turn, talk, desk)
    if turn.intent in OTHERS:
        begun: State | None = OTHERS[turn.intent].begin(turn, talk, desk)
        return begun
    if turn.intent in facts.INTENTS:
        return facts.begin(turn, talk, desk)
    if turn.intent in sharing.INTENTS:
        return sharing.begin(turn, talk, desk)
    if reading.resumes(turn.text) and (resumed := intake.resume(turn, talk, desk)):
        return resumed
    if turn.unsure:
        return unsure.begin(turn, talk, desk)
    if turn.intent.startswith("faq/") or turn.intent in {*PASSING, "out_of_scope", "start_over"}:
        talk.say(f"utter_{turn.intent}")
        if turn.intent.startswith("faq/") and reading.wants_to_report(turn.text):
            talk.say("utter_what_next")  # a report is the first of what it offers
    else:
        talk.say("utter_what_next")
    return None
