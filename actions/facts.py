"""Questions about facts that change: contacts and destinations, from knowledge/."""

from __future__ import annotations

from actions.desk import Desk
from actions.harvest import HOME
from actions.lingering import Followed, linger
from actions.state import State
from actions.talk import Talk
from actions.turn import Turn
from hotline import reading
from hotline.knowledge import Country, Knowledge
from store.regions import load_regions

INTENTS = frozenset({"faq/contacts", "faq/destinations"})
_LINES = {"sms": 2}
_LINES_ELSEWHERE = 6
# Around a country's name they ask nothing else: "kalau taiwan gimana kak?".
_FILLER = frozenset(
    "kalau kalo klo kl klau nek yen lek lamun mun upami untuk utk buat kanggo pikeun di ke "
    "dari yang yg sing nu negara gimana gmn gmna piye pripun kumaha kepriye bagaimana bgmn "
    "dan terus trus lalu teras njuk juga ya yah dong deh sih nya kak kk pak bu min mas mbak "
    "mba bang what about how for in the and then also please or atau nang ing neng ka sama "
    "dengan lha nah ok oke eh bisa tolong ada aja saja wae mawon coba kasih minta".split()
)
_NEARLY = 3  # words; a longer text is no misspelt name


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


def only_country(text: str, knowledge: Knowledge) -> Country | None:
    """Give the country when a text names one and says nothing else."""
    rest = [word for word in reading.words(text) if word not in _FILLER]
    if not rest:
        return None
    found = knowledge.mentions(" ".join(rest))
    if found:
        country, words = found[-1]
        return country if len(rest) <= len(words.split()) else None
    return knowledge.country_named(" ".join(rest)) if len(rest) <= _NEARLY else None


def begin(turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Answer, and remember for some turns what was asked: the next may be only "hong kong"."""
    tell(turn.intent, country_of(turn, desk), turn, talk, desk)
    return linger(State("facts", data={"intent": turn.intent}))


def _only_region(turn: Turn) -> bool:
    """Say whether a typed text names a region of Indonesia and nothing else: the office there."""
    rest = [word for word in reading.words(turn.text) if word not in _FILLER]
    return not turn.picked and bool(rest) and bool(load_regions().codes_of(" ".join(rest)))


def follow(state: State, turn: Turn, talk: Talk, desk: Desk) -> Followed | None:
    """Take a bare country as the last question asked again about it; None for all else."""
    country = None if turn.picked else only_country(turn.text, desk.knowledge)
    if country is None and state.data["intent"] == "faq/contacts" and _only_region(turn):
        country = desk.knowledge.country(HOME)
    if country is None:
        return None
    intent = state.data["intent"]  # two words tell a model nothing: the last question counts
    tell(intent, country, turn, talk, desk)
    return Followed(linger(State("facts", data={"intent": intent})))


def tell(intent: str, country: Country | None, turn: Turn, talk: Talk, desk: Desk) -> None:
    """Answer a question whose answer stands in knowledge/."""
    if country is None:
        talk.say(f"utter_{intent}")
        return
    talk.set_slot("country", country.code)
    if intent == "faq/contacts":
        _contacts(country, turn, talk, desk)
    elif country.code == HOME:
        talk.say(f"utter_{intent}")
    else:
        _destination(country, turn, talk, desk)


def _contacts(country: Country, turn: Turn, talk: Talk, desk: Desk) -> None:
    limit = _LINES.get(turn.channel, _LINES_ELSEWHERE)
    found = desk.best_contacts(country, turn.text, limit)
    response = "utter_contacts" if found else "utter_contacts_none"
    # Of head offices an SMS has no room to say what they are for.
    purpose = bool(found) or turn.channel != "sms"
    if not found:
        found = desk.from_abroad()[:2]  # 0800 can be dialled from within Indonesia only
    mark = "" if turn.channel == "sms" else "- "
    said = [desk.contact_line(turn, contact, purpose=purpose) for contact in found]
    if country.emergency:
        number = country.emergency.number
        said.insert(0, desk.phrase(turn, "utter_phrase_local_emergency", number=number).strip())
    lines = "\n".join(mark + line for line in said)
    talk.say(response, country=desk.country_name(turn, country), lines=lines)


def _destination(country: Country, turn: Turn, talk: Talk, desk: Desk) -> None:
    known = desk.knowledge.destination(country.code)
    if known is None:
        talk.say("utter_destination_unknown", country=desk.country_name(turn, country))
        return
    sms = turn.channel == "sms"
    context = f"destination.{known.code}" + (".sms" if sms else "")
    text = desk.texts.translate(turn.language, context, known.sms if sms else known.text)
    overdue = known.review_by < desk.today
    response = "utter_destination_overdue" if overdue else "utter_destination"
    talk.say(response, told=text, source=known.source, as_of=desk.told_date(turn, known.as_of))
