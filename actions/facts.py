"""Questions about facts that change: contacts and destinations, from knowledge/."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType

from actions.desk import Desk
from actions.harvest import HOME
from actions.speak import TurnAction
from actions.talk import Talk
from actions.turn import Turn, read_turn
from hotline.knowledge import Country

_LINES = {"sms": 2}
_LINES_ELSEWHERE = 6


def country_of(turn: Turn, desk: Desk) -> Country | None:
    """Say which country a question is about: named in it, else the one talked about last."""
    found = desk.knowledge.countries_in(turn.text)
    abroad = [c for c in found if c.code != HOME]
    if abroad or found:
        return (abroad or found)[-1]
    typed = turn.first("country")
    if typed and (country := desk.knowledge.country_named(typed)):
        return country
    remembered = turn.slots.get("country")
    return desk.knowledge.country(str(remembered)) if remembered else None


def tell(turn: Turn, talk: Talk, desk: Desk) -> None:
    """Answer a question whose answer stands in knowledge/."""
    country = country_of(turn, desk)
    if country is None:
        talk.say(f"utter_{turn.intent}")
        return
    talk.set_slot("country", country.code)
    if turn.intent == "faq/contacts":
        _contacts(country, turn, talk, desk)
    elif country.code == HOME:
        talk.say(f"utter_{turn.intent}")
    else:
        _destination(country, turn, talk, desk)


def _contacts(country: Country, turn: Turn, talk: Talk, desk: Desk) -> None:
    limit = _LINES.get(turn.channel, _LINES_ELSEWHERE)
    found = desk.best_contacts(country, turn.text, limit)
    response = "utter_contacts" if found else "utter_contacts_none"
    if not found:
        home = desk.knowledge.country(HOME)
        assert home is not None
        found = desk.best_contacts(home, "", 2)
    mark = "" if turn.channel == "sms" else "- "
    said = [desk.contact_line(turn, contact) for contact in found]
    if country.emergency:
        number = country.emergency.number
        said.insert(0, desk.phrase(turn, "utter_phrase_local_emergency", number=number).strip())
    lines = "\n".join(mark + line for line in said)
    talk.say(response, country=country.name, lines=lines)


def _destination(country: Country, turn: Turn, talk: Talk, desk: Desk) -> None:
    known = desk.knowledge.destination(country.code)
    if known is None:
        talk.say("utter_destination_unknown", country=country.name)
        return
    sms = turn.channel == "sms"
    context = f"destination.{known.code}" + (".sms" if sms else "")
    text = desk.texts.translate(turn.language, context, known.sms if sms else known.text)
    overdue = known.review_by < desk.today
    response = "utter_destination_overdue" if overdue else "utter_destination"
    talk.say(response, told=text, source=known.source, as_of=known.as_of)


class ActionFacts(TurnAction):
    """Runs `tell` for Rasa."""

    def name(self) -> str:
        """Name the action as the domain does."""
        return "action_facts"

    def converse(self, tracker: Tracker, talk: Talk, desk: Desk) -> list[EventType]:
        """Answer the caller's latest question."""
        tell(read_turn(tracker), talk, desk)
        return []
