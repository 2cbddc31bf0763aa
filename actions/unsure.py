"""What the bot says when it has not understood: two guesses to pick from, then a person."""

from __future__ import annotations

from actions import afterwards, facts, recruiter
from actions.desk import Desk
from actions.state import State
from actions.talk import Talk
from actions.turn import Turn
from hotline import reading
from hotline.messages import Choice

_NOT_OFFERED = frozenset(
    {"affirm", "deny", "inform", "nlu_fallback", "greet", "thanks", "goodbye", "out_of_scope",
     "start_over", "menu", "bot_challenge"}
)  # fmt: skip
_ABOUT_COUNTRY = ("faq/contacts", "faq/destinations")
# Offered where the model had nothing to guess: a question with no choices below it helps nobody.
_MOST_WANTED = ("report_trafficking", "check_recruiter")
_GUESSES = 2
_TELLING = 3  # words; with a report open, such a message adds to it


def begin(turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Keep it on an open report, take it for a recruiter's name, or ask what is meant."""
    telling = len(reading.words(turn.text)) >= _TELLING or turn.shared == "caption"
    if telling and afterwards.add_to_open(turn, talk, desk):
        return None
    name = recruiter.surely_named(turn, desk)
    if name:
        return recruiter.check_and_linger(name, turn, talk, desk)
    if turn.shared == "caption":
        talk.say("utter_captioned")
        return None
    guess(turn, talk, desk)
    return None


def guess(turn: Turn, talk: Talk, desk: Desk) -> None:
    """Ask one short question with the likeliest choices; offer a person the second time."""
    country = facts.only_country(turn.text, desk.knowledge)
    if country is not None:
        talk.set_slot("country", country.code)
        talk.say("utter_unsure", _choices(_ABOUT_COUNTRY, turn, desk))
    elif turn.missed_before:
        talk.say("utter_unsure_person")
    elif not reading.has_letters(turn.text):
        talk.say("utter_unsure_empty")
    else:
        likely = [name for name in turn.ranking if name not in _NOT_OFFERED]
        offered = list(dict.fromkeys((*likely, *_MOST_WANTED)))[:_GUESSES]
        talk.say("utter_unsure", _choices(offered, turn, desk))


def _choices(names: tuple[str, ...] | list[str], turn: Turn, desk: Desk) -> list[Choice]:
    return [
        Choice(desk.phrase(turn, f"utter_topic_{name.split('/')[-1]}"), f"/{name}")
        for name in names
    ]
