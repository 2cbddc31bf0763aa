"""The caller's own choice of language; it overrides every guess for good."""

from __future__ import annotations

from actions.desk import Desk
from actions.state import State
from actions.talk import Talk
from actions.turn import Turn
from hotline import reading

_NAMES = {
    "id": {"indonesia", "indo", "indonesian", "nasional"},
    "jv": {"jawa", "jowo", "javanese", "kromo", "ngoko", "ngapak", "banyumasan"},
    "su": {"sunda", "sundanese", "priangan"},
    "en": {"inggris", "english", "ingris", "inggeris"},
}


def named(text: str) -> str | None:
    """Find which of our languages a text names; Indonesian only when no other is named."""
    said = set(reading.words(text))
    found = [code for code, names in _NAMES.items() if said & names or said == {code}]
    return found[-1] if found else None


def begin(turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Set the language the sentence names, or offer the choices."""
    code = named(turn.text) if not turn.picked else None
    if code:
        return _set(code, talk)
    talk.say("utter_ask_language")
    return State("language", asked="language")


def _set(code: str, talk: Talk) -> None:
    talk.set_slot("language", code)
    talk.set_slot("language_fixed", True)
    talk.set_slot("language_pending", None)
    talk.say("utter_language_set", language=code)


def answer(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Take the language; an unknown one is said to be unknown."""
    code = named(turn.value)
    if code is None:
        talk.say("utter_language_unknown")
        return None
    return _set(code, talk)


def ask_again(state: State, turn: Turn, talk: Talk, desk: Desk) -> None:
    """Repeat the question."""
    talk.say("utter_ask_language")
