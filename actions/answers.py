"""Reads the answer to an intake's open question and writes it down."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from actions.beside import could_answer
from actions.desk import Desk
from actions.harvest import recruiter_in
from actions.keeping import add
from actions.mistaken import WHOM, is_another_thing, relative_in
from actions.questions import FIELD
from actions.state import State
from actions.talk import Talk
from actions.turn import Turn
from actions.unsure import guess
from actions.wishes import refuse
from hotline import reading
from hotline.agreement import answers
from hotline.naming import bare_name, person_in
from hotline.no_calls import refuses_when_asked
from hotline.noise import says_nothing
from hotline.persons import about_whom
from hotline.wishes import Wish, wishes_in, without_wishes
from store import tickets

_TRIES = 2
_NAMED = frozenset({"where", "who", "who_missing", "recruiter"})
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
    if not could_answer(question, turn, desk):
        return _beside(connection, state, turn, talk, desk)
    if question == "consent":
        return _take_consent(connection, state, turn, talk, desk)
    if _only_forbids(question, turn):
        talk.say(f"utter_ask_{question}")
        return False
    if question == "safe_time" and _no_calls(turn):
        refuse(connection, state.data["ticket"], Wish.NEVER_CALL, turn, talk, desk)
        if not _tells_how(turn):  # as an hour it could not be read, and would hold every message
            add(connection, state.data["ticket"], "addition", turn.text, turn, desk)
            state.settle(question)
            return True
    if (question == "safe_time" and _no_contact(turn)) or _leaves_open(
        connection, state, turn, desk
    ):
        state.settle(question)  # what she forbids is kept and said back with the other wishes
        return True
    put_again = _put_again(connection, state, turn, talk, desk)
    if put_again is not None:
        return put_again
    field, value = FIELD.get(question, question), _short(question, turn)
    if question == "recruiter" and (relative := relative_in(turn)):
        field, value = "recruited_by", relative
    add(connection, state.data["ticket"], field, value, turn, desk)
    state.settle(question)
    return True


def _put_again(
    connection: sa.Connection, state: State, turn: Turn, talk: Talk, desk: Desk
) -> bool | None:
    """Put the question again where the message does not answer it; None where it does."""
    question = state.asked
    ticket = tickets.open_ticket_of(connection, desk.vault.keyring, turn.conversation)
    recruiter = ticket.known().get("recruiter", "") if ticket else ""
    # A person may be called like a town, but a country is never what happened.
    takes_it = state.tries > 0 and question != "story"
    if not takes_it and is_another_thing(question, turn, desk, recruiter=recruiter):
        add(connection, state.data["ticket"], "addition", turn.text, turn, desk)
        return _again(state, talk, "utter_noted")
    if not turn.picked and _is_no_answer(question, turn, desk):
        return _not_understood(connection, state, turn, talk, desk)
    if not turn.picked and _introduces(question, turn):
        return _beside(connection, state, turn, talk, desk)
    if question == "where" and turn.first("recruiter") and not _names_place(turn, desk):
        talk.say("utter_noted")
        talk.say("utter_ask_where")
        return False
    if question != "where" and reading.is_place(turn.text):
        return _beside(connection, state, turn, talk, desk, "where")
    if not reading.has_letters(turn.text) and not any(c.isdigit() for c in turn.text):
        return _again(state, talk, "utter_unsure_empty")
    if question == "safe_time" and not _tells_how(turn):
        add(connection, state.data["ticket"], "addition", turn.text, turn, desk)
        return _again(state, talk, "utter_noted")
    return None


def _beside(
    connection: sa.Connection, state: State, turn: Turn, talk: Talk, desk: Desk,
    field: str = "addition",
) -> bool:  # fmt: skip
    """Keep what does not answer the question, and put that again; it costs no try."""
    add(connection, state.data["ticket"], field, turn.text, turn, desk)
    talk.say("utter_noted")
    talk.say(f"utter_ask_{state.asked}")
    return False


def _leaves_open(connection: sa.Connection, state: State, turn: Turn, desk: Desk) -> bool:
    """Say whether the caller does not know or does not want to answer; a longer reason is kept."""
    short = len(reading.words(turn.text)) <= _SHORT_REFUSAL and not wishes_in(turn.text)
    if turn.value == "unknown" or reading.skips(turn.text) or (turn.intent == "deny" and short):
        return True
    vague = state.asked == "where" and _knows_no_place(turn, desk)
    if vague:
        add(connection, state.data["ticket"], "addition", turn.text, turn, desk)
    return vague


def _is_no_answer(question: str, turn: Turn, desk: Desk) -> bool:
    """Say whether a place or a name was asked for and something else came: a question, a "ya"."""
    if question not in _NAMED or (question == "where" and _names_place(turn, desk)):
        return False
    if question == "recruiter" and (recruiter_in(turn) or relative_in(turn)):
        return False
    if about_whom(turn.text) and question in WHOM:
        return False
    said = reading.yes_or_no(turn.text, turn.language)
    return turn.asks or said is not None or says_nothing(turn.text)


def _not_understood(
    connection: sa.Connection, state: State, turn: Turn, talk: Talk, desk: Desk
) -> bool:
    """Ask what is meant by a question that the model did not know, else put ours once more."""
    if reading.has_letters(turn.text):
        add(connection, state.data["ticket"], "addition", turn.text, turn, desk)
    if not (turn.asks and turn.unsure):
        first = "utter_noted" if reading.has_letters(turn.text) else "utter_unsure_empty"
        return _again(state, talk, first)
    # In a report nearly every message counts as unsure, so the misses are counted here.
    guess(replace(turn, missed_before=state.tries > 0), talk, desk)
    state.tries += 1
    return False


def _knows_no_place(turn: Turn, desk: Desk) -> bool:
    """Say whether a longer answer says that the place is not known, and names none."""
    known = turn.picked or not answers().does_not_know(turn.text)
    return not known and not _names_place(turn, desk)


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


def _no_calls(turn: Turn) -> bool:
    return not turn.picked and refuses_when_asked(turn.text)


def _no_contact(turn: Turn) -> bool:
    return not turn.picked and Wish.DO_NOT_WRITE in wishes_in(turn.text)


def _answers(question: str, turn: Turn) -> bool:
    if question == "where":
        return True
    return question == "recruiter" and turn.first("recruiter") is not None


def _introduces(question: str, turn: Turn) -> bool:
    """Say whether a name came where something else was asked: "jenenge Sri" to "since when"."""
    if question in {"recruiter", "story"}:
        return reading.names_oneself(turn.text) and not relative_in(turn)
    asked = question in {*WHOM, "where"}
    return not asked and (reading.names_oneself(turn.text) or reading.names_person(turn.text))


def _short(question: str, turn: Turn) -> str:
    if question == "recruiter":
        named = recruiter_in(turn) or person_in(turn.value)
        return named or bare_name(turn.value) or turn.value
    return turn.value


def _take_consent(
    connection: sa.Connection, state: State, turn: Turn, talk: Talk, desk: Desk
) -> bool:
    """Take consent from explicit words only; anything else leaves it unknown."""
    word = {"yes": True, "no": False}.get(turn.value) if turn.picked else None
    # "boleh, tapi jangan lapor polisi" allows us to write: the wish is kept beside it.
    said = word if word is not None else reading.yes_or_no(without_wishes(turn.text), turn.language)
    if _no_contact(turn):
        said = False
    elif word is None and reading.skips(turn.text):
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
    if said is False:
        refuse(connection, state.data["ticket"], Wish.DO_NOT_WRITE, turn, talk, desk)
    state.settle("consent")
    return True
