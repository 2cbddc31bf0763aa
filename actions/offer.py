"""The offer check: warning signs found, at most three questions, a grade with its reasons."""

from __future__ import annotations

import json

from actions.desk import Desk
from actions.harvest import recruiter_in
from actions.lingering import linger
from actions.state import State
from actions.talk import Talk
from actions.turn import Turn
from hotline import reading
from hotline.messages import Choice
from hotline.offers import OfferFacts, OfferReading
from store import db, offer_checks
from store.regions import load_regions

TELLING_WORDS = 5
_SHOWN = {"sms": 1}
_SHOWN_ELSEWHERE = 5
_GRAVEST = "under_age"
_MOST_TOLD = 6  # messages about one offer that a report of it would quote
_LONGEST_REASONS = 440  # characters; the whole must stay under 1,024 beside buttons


def begin(turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Read the offer in the message, or ask for it."""
    if turn.picked or len(reading.words(turn.text)) < TELLING_WORDS:
        talk.say("utter_ask_offer_text")
        return State("offer", asked="text")
    return _read(turn, talk, desk)


def facts_of(turn: Turn, desk: Desk) -> OfferFacts:
    """Give what was recognised in a message, for the reader of offers."""
    countries = tuple(c.code for c in desk.knowledge.countries_in(turn.text) if c.code != "ID")
    return OfferFacts(
        countries, recruiter_in(turn), turn.first("occupation"), turn.all_of("amount")
    )


def _read(turn: Turn, talk: Talk, desk: Desk) -> State | None:
    reading_ = desk.offers.read(turn.text, facts=facts_of(turn, desk))
    state = State("offer", data={"reading": reading_.to_dict()})
    remember(state, turn, desk)
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
    talk.say("utter_offer_result", **verdict(found, turn, desk))
    note_check(state, found, turn, desk)
    state.data["recruiter"] = found.recruiter
    if of_minor(found):
        state.asked = "report"
        talk.say("utter_offer_minor")
        return state
    if found.recruiter:
        state.asked = "check"
        talk.say("utter_offer_recruiter_kept", recruiter=found.recruiter)
        return state
    return linger(state)


def note_check(state: State, found: OfferReading, turn: Turn, desk: Desk) -> None:
    """Count the offer for the figures: grade, signs and places as codes, no word of what was said.

    What is told of the same offer later changes its row; it stays one offer.
    """
    told = {
        "grade": found.grade.value,
        "signs": [sign.id for sign in found.signs],
        "region": state.data.get("region", ""),
        "destination": state.data.get("destination", ""),
    }
    with db.write(desk.vault.engine) as connection:
        if "check" in state.data:
            offer_checks.add(connection, state.data["check"], **told)
        elif turn.message_id is not None:
            state.data["check"] = offer_checks.note(
                connection, conversation=turn.conversation, message_id=turn.message_id,
                now=desk.now(), **told,
            )  # fmt: skip


def of_minor(found: OfferReading) -> bool:
    """Say whether a child would go: that is reported, not weighed."""
    return any(sign.id == _GRAVEST for sign in found.signs)


def verdict(
    found: OfferReading, turn: Turn, desk: Desk, *, only: frozenset[str] | None = None
) -> dict[str, str]:
    """Write grade, reasons and advice as the caller reads them; `only` some of the signs."""
    sms = turn.channel == "sms"
    rules = desk.offers.rules
    grade = rules.grades[found.grade.value]
    signs = [rules.signs[s.id] for s in found.signs if only is None or s.id in only]
    signs.sort(key=lambda sign: sign.id != _GRAVEST)  # a child comes before all else
    signs = signs[: _SHOWN.get(turn.channel, _SHOWN_ELSEWHERE)]

    def words(kind: str, name: str, text: str) -> str:
        context = f"offer.{kind}.{name}" + (".sms" if sms and kind != "title" else "")
        return desk.texts.translate(turn.language, context, text)

    reasons = fitting([words("sign", s.id, s.sms if sms else s.text) for s in signs])
    return {
        "grade": words("title", grade.id, grade.title) + ".",
        "reasons": " ".join(reasons) if sms else "\n".join(f"- {r}" for r in reasons),
        "advice": words("grade", grade.id, grade.sms if sms else grade.text),
    }


def fitting(reasons: list[str]) -> list[str]:
    """Keep as many reasons as a message has room for; the heaviest stand first."""
    kept = list(reasons)
    while sum(map(len, kept)) > _LONGEST_REASONS:
        kept.pop()
    return kept


def answer(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Take the offer's text, or an answer to a question about it."""
    if state.asked == "text":
        return _read(turn, talk, desk)
    remember(state, turn, desk)
    found = OfferReading.from_dict(state.data["reading"])
    before = len(found.unknown)
    found = desk.offers.answer(found, state.asked, turn.value, facts=facts_of(turn, desk))
    elsewhere = state.asked in found.unknown and len(found.unknown) < before
    if elsewhere and state.tries == 0:
        state.tries += 1  # another question was answered: this one is put once more
    else:
        state.settle(state.asked)
    return _go_on(state, found, turn, talk, desk)


def understood(state: State, turn: Turn, desk: Desk) -> bool:
    """Say whether a message that looks like a question answers one of ours: "visa turis"."""
    if state.kind != "offer" or state.asked not in desk.offers.rules.questions or turn.asks:
        return False
    if turn.picked:
        return False
    before = OfferReading.from_dict(state.data["reading"])
    found = desk.offers.answer(before, state.asked, turn.value, facts=facts_of(turn, desk))
    return len(found.unknown) < len(before.unknown)


def remember(state: State, turn: Turn, desk: Desk) -> None:
    """Keep the caller's words about the offer, should she want to report it, and its places."""
    if countries := facts_of(turn, desk).countries:
        state.data["destination"] = countries[-1]  # "lewat Malaysia ke Kamboja"
    codes = load_regions().codes_of(turn.first("region") or "")
    if len(codes) == 1:
        state.data["region"] = codes[0]
    if not turn.picked and len(reading.words(turn.text)) > 1:
        state.data["told"] = [*state.data.get("told", []), turn.text[:1000]][-_MOST_TOLD:]


def ask_again(state: State, turn: Turn, talk: Talk, desk: Desk) -> None:
    """Repeat the open question after something else was answered."""
    if state.asked == "text":
        talk.say("utter_ask_offer_text")
    elif state.asked == "report":
        talk.say("utter_offer_minor")
    elif state.asked == "check":
        talk.say("utter_offer_recruiter_kept", recruiter=state.data["recruiter"])
    else:
        _ask(state.asked, turn, talk, desk)
