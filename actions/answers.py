"""Reads the answer to an intake's open question and writes it down."""

from __future__ import annotations

import sqlalchemy as sa

from actions.desk import Desk
from actions.harvest import recruiter_in
from actions.keeping import add
from actions.questions import FIELD
from actions.state import State
from actions.talk import Talk
from actions.turn import Turn
from hotline import reading
from hotline.naming import bare_name
from hotline.wishes import wishes_in, without_wishes

_TRIES = 2
_SHORT_REFUSAL = 3  # words; "tidak digaji lima bulan" refuses nothing


def take(
    connection: sa.Connection,
    state: State,
    turn: Turn,
    talk: Talk,
    desk: Desk,
    *,
    corrected: bool,
) -> bool:
    """Read the answer to the open question; False when the question was put again."""
    question = state.asked
    if corrected and not _answers(question, turn):
        return True  # the correction was the message; the question stays open
    if question == "consent":
        return _take_consent(connection, state, turn, talk, desk)
    if _only_forbids(question, turn):
        talk.say(f"utter_ask_{question}")
        return False
    refused = turn.intent == "deny" and len(reading.words(turn.text)) <= _SHORT_REFUSAL
    refused = refused and not wishes_in(turn.text)
    if turn.value == "unknown" or reading.skips(turn.text) or refused:
        state.settle(question)
        return True
    if not turn.picked and _introduces(question, turn):
        add(connection, state.data["ticket"], "addition", turn.text, turn, desk)
        talk.say("utter_noted")
        talk.say(f"utter_ask_{question}")
        return False
    if question == "where" and turn.first("recruiter") and not _names_place(turn, desk):
        talk.say("utter_noted")
        talk.say("utter_ask_where")
        return False
    if question != "where" and reading.is_place(turn.text):
        add(connection, state.data["ticket"], "where", turn.text, turn, desk)
        talk.say("utter_noted")
        talk.say(f"utter_ask_{question}")
        return False
    if not reading.has_letters(turn.text) and not any(c.isdigit() for c in turn.text):
        return _again(state, talk, "utter_unsure_empty")
    if question == "safe_time" and not _tells_how(turn):
        add(connection, state.data["ticket"], "addition", turn.text, turn, desk)
        return _again(state, talk, "utter_noted")
    field = FIELD.get(question, question)
    add(connection, state.data["ticket"], field, _short(question, turn), turn, desk)
    state.settle(question)
    return True


def _again(state: State, talk: Talk, first: str) -> bool:
    """Put the question once more, then leave it be."""
    question = state.asked
    state.tries += 1
    if state.tries >= _TRIES:
        state.settle(question)
        return True
    talk.say(first)
    talk.say(f"utter_ask_{question}")
    return False


def _only_forbids(question: str, turn: Turn) -> bool:
    """Say whether "jangan lapor polisi" came where a place or a name was asked for."""
    if turn.picked or question in {"story", "safe_time"} or not wishes_in(turn.text):
        return False
    return len(reading.words(without_wishes(turn.text))) <= 1


def _tells_how(turn: Turn) -> bool:
    return turn.picked or reading.tells_time(turn.text) or bool(wishes_in(turn.text))


def _names_place(turn: Turn, desk: Desk) -> bool:
    return bool(turn.first("region") or turn.first("country") or desk.knowledge.mentions(turn.text))


def _answers(question: str, turn: Turn) -> bool:
    if question == "where":
        return True
    return question == "recruiter" and turn.first("recruiter") is not None


def _introduces(question: str, turn: Turn) -> bool:
    """Say whether a name came where something else was asked: "jenenge Sri" to "since when"."""
    if question in {"recruiter", "story"}:
        return reading.names_oneself(turn.text)
    asked = question in {"who", "who_missing", "where"}
    return not asked and (reading.names_oneself(turn.text) or reading.names_person(turn.text))


def _short(question: str, turn: Turn) -> str:
    if question == "recruiter":
        return recruiter_in(turn) or bare_name(turn.value) or turn.value
    return turn.value


def _take_consent(
    connection: sa.Connection, state: State, turn: Turn, talk: Talk, desk: Desk
) -> bool:
    """Take consent from explicit words only; anything else leaves it unknown."""
    word = {"yes": True, "no": False}.get(turn.value) if turn.picked else None
    # "boleh, tapi jangan lapor polisi" allows us to write: the wish is kept beside it.
    said = word if word is not None else reading.yes_or_no(without_wishes(turn.text))
    if word is None and reading.skips(turn.text):
        said = None  # "gak tau" and "gak mau jawab" are no refusal, they are no answer
    if said is None and not reading.skips(turn.text):
        if reading.has_letters(turn.text) and not turn.picked:
            # "eh salah, umurnya 17" agrees to nothing, but it belongs to the report.
            add(connection, state.data["ticket"], "addition", turn.text, turn, desk)
        state.tries += 1
        if state.tries < _TRIES:
            talk.say("utter_ask_consent_words")
            return False
    if said is not None:
        add(connection, state.data["ticket"], "consent", "yes" if said else "no", turn, desk)
    state.settle("consent")
    return True
