"""What a caller writes once the questions of an intake are done: it still belongs to the report.

"Kabar baru? Tulis saja di sini" must be true: a statement is kept, a correction replaces, and only
what is clearly something else is answered as such.
"""

from __future__ import annotations

from actions import facts, intake
from actions.desk import Desk
from actions.state import State
from actions.talk import Talk
from actions.turn import Turn
from hotline import reading

OPEN = "more"  # the state's `asked` while nothing is being asked
_SURE = 0.6
_VERY_SURE = 0.85
_SMALL_TALK = frozenset({"menu", "bot_challenge", "greet", "goodbye", "thanks"})
_SHORT = 5  # words


def small_talk_or_question(turn: Turn, talk: Talk, desk: Desk) -> bool:
    """Answer what is no news about the report; False when it may be news."""
    correcting = reading.corrects(turn.text) and not turn.picked
    asks = turn.asks or turn.picked
    if turn.intent in {"faq/contacts", "faq/destinations"} and asks:
        facts.tell(turn, talk, desk)
    elif (turn.intent.startswith("faq/") and asks and turn.confidence >= _SURE) or (
        turn.intent in _SMALL_TALK and turn.confidence >= _SURE and _brief(turn)
    ):
        talk.say(f"utter_{turn.intent}")
    elif turn.intent == "out_of_scope" and turn.confidence >= _VERY_SURE and not correcting:
        talk.say("utter_out_of_scope")
    elif _says_nothing(turn):
        talk.say("utter_what_next")
    else:
        return False
    return True


def _brief(turn: Turn) -> bool:
    return turn.picked or len(reading.words(turn.text)) <= _SHORT


def _says_nothing(turn: Turn) -> bool:
    bare = turn.intent in {"affirm", "deny", "inform"} and reading.yes_or_no(turn.text) is not None
    return bare or not reading.has_letters(turn.text) or (turn.picked and turn.intent == "inform")


def keep(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Keep news on the ticket; ends when a responder has closed it meanwhile."""
    if not intake.add_to_open(turn, talk, desk):
        talk.say("utter_what_next")
        return None
    return state
