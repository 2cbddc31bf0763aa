"""What a caller writes once the questions of an intake are done: it still belongs to the report.

"Kabar baru? Tulis saja di sini" must be true: a statement is kept, a correction replaces, and only
what is clearly something else is answered as such.
"""

from __future__ import annotations

import re

from actions.desk import Desk
from actions.keeping import add, keep
from actions.state import State
from actions.steps import steps
from actions.talk import Talk
from actions.turn import Turn
from hotline import reading
from hotline.tickets import Category
from hotline.wishes import wishes_in
from store import db, tickets

_SURE = 0.6
_VERY_SURE = 0.85
_SMALL_TALK = frozenset({"menu", "bot_challenge", "greet", "goodbye", "thanks"})
_SHORT = 5  # words
_MOVED = re.compile(
    r"\b(sekarang|skrg|saiki|ayeuna|now)\b.{0,30}\b(di|nang|ing|neng|pindah|in|at|moved)\b",
    re.IGNORECASE,
)


def small_talk_or_question(turn: Turn, talk: Talk, desk: Desk) -> bool:
    """Answer what is no news about the report; False when it may be news."""
    correcting = reading.corrects(turn.text) and not turn.picked
    asks = turn.asks or turn.picked
    if (turn.intent.startswith("faq/") and asks and turn.confidence >= _SURE) or (
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
    if wishes_in(turn.text):
        return False
    said = reading.yes_or_no(turn.text, turn.language)
    bare = turn.intent in {"affirm", "deny", "inform"} and said is not None
    return bare or not reading.has_letters(turn.text) or (turn.picked and turn.intent == "inform")


def take(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Keep news on the ticket; ends when a responder has closed it meanwhile."""
    if not add_to_open(turn, talk, desk):
        talk.say("utter_what_next")
        return None
    return state


def add_to_open(turn: Turn, talk: Talk, desk: Desk) -> bool:
    """Keep a message that nothing else understands on the ticket that is open, if one is."""
    with db.write(desk.vault.engine) as connection:
        ticket = tickets.open_ticket_of(connection, desk.vault.keyring, turn.conversation)
        if ticket is None:
            return False
        add(connection, ticket.id, "addition", turn.text, turn, desk)
        correcting = reading.corrects(turn.text) or bool(_MOVED.search(turn.text))
        changed = keep(
            connection,
            ticket.id,
            turn,
            desk,
            story=False,
            whole_story=False,
            only_new=not correcting,
        )
        after = tickets.open_ticket_of(connection, desk.vault.keyring, turn.conversation)
    assert after is not None
    if after.category is Category.EMERGENCY and "country" in changed:
        talk.say("utter_emergency_more", steps=steps(after, turn, desk))
    elif correcting and changed:
        talk.say("utter_corrected")
    else:
        talk.say("utter_added", code=ticket.code)
    return True
