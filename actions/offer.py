"""The offer check: warning signs found, at most three questions, a grade with its reasons."""

from __future__ import annotations

import json

from actions.desk import Desk
from actions.recruiter import check
from actions.state import State
from actions.talk import Talk
from actions.turn import Turn
from hotline import reading
from hotline.messages import Choice
from hotline.offers import OfferFacts, OfferReading

_TELLING_WORDS = 5
_SHOWN = {"sms": 1}
_SHOWN_ELSEWHERE = 5
_LONGEST_REASONS = 440  # characters; the whole must stay under 1,024 beside buttons


def begin(turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Read the offer in the message, or ask for it."""
    if turn.picked or len(reading.words(turn.text)) < _TELLING_WORDS:
        talk.say("utter_ask_offer_text")
        return State("offer", asked="text")
    return _read(turn, talk, desk)


def _facts(turn: Turn, desk: Desk) -> OfferFacts:
    countries = tuple(c.code for c in desk.knowledge.countries_in(turn.text) if c.code != "ID")
    return OfferFacts(
        countries, turn.first("recruiter"), turn.first("occupation"), turn.all_of("amount")
    )


def _read(turn: Turn, talk: Talk, desk: Desk) -> State | None:
    reading_ = desk.offers.read(turn.text, facts=_facts(turn, desk))
    state = State("offer", data={"reading": reading_.to_dict()})
    return _go_on(state, reading_, turn, talk, desk)


def _go_on(state: State, found: OfferReading, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    question = desk.offers.next_question(found, state.settled)
    state.data["reading"] = found.to_dict()
    if question is None:
        return _conclude(state, found, turn, talk, desk)
    state.asked = question
    _ask(question, turn, talk, desk)
    return state


def _ask(name: str, turn: Turn, talk: Talk, desk: Desk) -> None:
    question = desk.offers.rules.questions[name]
    text = question.sms if turn.channel == "sms" and question.sms else question.text
    context = f"offer.question.{name}" + (".sms" if text == question.sms else "")
    choices = [
        Choice(
            desk.texts.translate(turn.language, "button", c.title),
            "/inform" + json.dumps({"value": c.value}),
        )
        for c in question.choices
    ]
    said = desk.texts.translate(turn.language, context, text)
    talk.say("utter_offer_question", choices, question=said)


def _conclude(
    state: State, found: OfferReading, turn: Turn, talk: Talk, desk: Desk
) -> State | None:
    sms = turn.channel == "sms"
    rules = desk.offers.rules
    grade = rules.grades[found.grade.value]
    signs = [rules.signs[s.id] for s in found.signs][: _SHOWN.get(turn.channel, _SHOWN_ELSEWHERE)]

    def words(kind: str, name: str, text: str) -> str:
        context = f"offer.{kind}.{name}" + (".sms" if sms and kind != "title" else "")
        return desk.texts.translate(turn.language, context, text)

    reasons = fitting([words("sign", s.id, s.sms if sms else s.text) for s in signs])
    talk.say(
        "utter_offer_result",
        grade=words("title", grade.id, grade.title) + ".",
        reasons=" ".join(reasons) if sms else "\n".join(f"- {r}" for r in reasons),
        advice=words("grade", grade.id, grade.sms if sms else grade.text),
    )
    if found.recruiter:
        state.asked = "check"
        state.data["recruiter"] = found.recruiter
        talk.say("utter_offer_recruiter_kept", recruiter=found.recruiter)
        return state
    return None


def fitting(reasons: list[str]) -> list[str]:
    """Keep as many reasons as a message has room for; the heaviest stand first."""
    kept = list(reasons)
    while sum(map(len, kept)) > _LONGEST_REASONS:
        kept.pop()
    return kept


def answer(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Take the offer's text, an answer to a question, or the wish to check the recruiter."""
    if state.asked == "text":
        return _read(turn, talk, desk)
    if state.asked == "check":
        said = {"yes": True, "no": False}.get(turn.value, reading.yes_or_no(turn.text))
        if said:
            return check(state.data["recruiter"], turn, talk, desk)
        talk.say("utter_what_next")
        return None
    found = OfferReading.from_dict(state.data["reading"])
    found = desk.offers.answer(found, state.asked, turn.value, facts=_facts(turn, desk))
    state.settle(state.asked)
    return _go_on(state, found, turn, talk, desk)


def ask_again(state: State, turn: Turn, talk: Talk, desk: Desk) -> None:
    """Repeat the open question after something else was answered."""
    if state.asked == "text":
        talk.say("utter_ask_offer_text")
    elif state.asked == "check":
        talk.say("utter_offer_recruiter_kept", recruiter=state.data["recruiter"])
    else:
        _ask(state.asked, turn, talk, desk)
