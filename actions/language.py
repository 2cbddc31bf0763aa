"""The caller's own choice of language; it overrides every guess for good."""

from __future__ import annotations

from actions.desk import Desk
from actions.state import State
from actions.talk import Talk
from actions.turn import Turn
from hotline.folding import words
from hotline.languages import Answers, Language
from store.languages import load_languages


def named(text: str) -> str | None:
    """Find which language a text names of those we answer in."""
    return _answered(load_languages().named(words(text)))


def only_named(text: str) -> str | None:
    """Find the language that a text names when it says nothing else: "bugis", "basa bali wae"."""
    return _answered(load_languages().only_named(words(text)))


def _answered(found: Language | None) -> str | None:
    return found.code if found is not None and found.answers is not Answers.NONE else None


def begin(turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Set the language the sentence names, or offer the choices."""
    code = named(turn.text) if not turn.picked else None
    if code:
        return use(code, talk)
    talk.say("utter_ask_language")
    return State("language", asked="language")


def use(code: str, talk: Talk) -> None:
    """Answer in a language from now on; no guess moves it any more."""
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
    return use(code, talk)


def ask_again(state: State, turn: Turn, talk: Talk, desk: Desk) -> None:
    """Repeat the question."""
    talk.say("utter_ask_language")
