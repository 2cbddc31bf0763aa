"""Answers a place or a contact card that comes out of the blue, and what she says about it then."""

from __future__ import annotations

from actions import afterwards, facts, intake
from actions.desk import Desk
from actions.harvest import HOME
from actions.lingering import Followed, linger
from actions.questions import INTAKES
from actions.state import State
from actions.talk import Talk
from actions.turn import Turn
from hotline import reading

INTENTS = frozenset({"share_location", "share_contact"})
_SURE = 0.6


def begin(turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Keep it on an open report, or ask what it is about and keep it in mind."""
    if afterwards.add_to_open(turn, talk, desk):
        return None
    if turn.intent == "share_contact":
        talk.say("utter_contact_shared")
        return linger(State("sharing", data={"told": [["shared_contact", turn.text]]}))
    return _place(turn, talk, desk)


def _place(turn: Turn, talk: Talk, desk: Desk) -> State:
    told = [["where", turn.text]]
    found = desk.knowledge.countries_in(turn.text)
    if not found:
        talk.say("utter_location_unknown")
    elif found[0].code == HOME:
        talk.say("utter_location_home")
    else:
        told.append(["country", found[0].code])
        # Its own choices stay away: two menus would stand there, and by SMS with the same numbers.
        facts.tell("faq/contacts", found[0], turn, talk, desk)
        talk.said[-1]["plain"] = True
        talk.say("utter_location_abroad", country=desk.country_name(turn, found[0]))
    return linger(State("sharing", data={"told": told, "asks": True}))


def follow(state: State, turn: Turn, talk: Talk, desk: Desk) -> Followed | None:
    """Begin the report that she meant with what was shared; None for what is something else."""
    said = {"yes": True, "no": False}.get(turn.value, reading.yes_or_no(turn.text, turn.language))
    if said is False:
        talk.say("utter_what_next")
        return Followed(None)
    wanted = turn.intent in INTAKES and (turn.picked or turn.confidence >= _SURE)
    kind = INTAKES[turn.intent] if wanted else "report"
    if not wanted and not (said and state.data.get("asks")):
        return None
    told = tuple((name, value) for name, value in state.data["told"])
    return Followed(intake.begin(kind, turn, talk, desk, told=told))
