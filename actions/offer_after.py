"""What a caller asks after an offer was judged: about that offer, which is never called safe."""

from __future__ import annotations

import re

from actions import facts, intake, recruiter
from actions.desk import Desk
from actions.lingering import AFTER, Followed, fade, linger
from actions.offer import TELLING_WORDS, facts_of, note_check, of_minor, remember, verdict
from actions.state import State
from actions.talk import Talk
from actions.turn import Turn
from hotline import reading
from hotline.asking import asks_if_safe, asks_what_to_do
from hotline.offers import OfferReading

OPEN = frozenset({AFTER, "check", "report"})  # what is `asked` once the verdict was given
_SURE = 0.6
_NEW_OFFER = 15  # words; a longer text is another advertisement, not a detail
_CHECK = re.compile(
    r"^\W*(?:(?:ya|iya|ok|oke|tolong|mau|boleh|nggih|enya|yes|please)\W+)*"
    r"(?:di ?)?(?:cek|check|periksa|priksa|pariksa)(?:in|kan)?"
    r"(?:\W+(?:aja|saja|dong|ya|pak|bu|kak|min|namanya|it|mawon|wae|please))*\W*$",
    re.IGNORECASE,
)
_ANSWERS = frozenset({"inform", "affirm", "deny", "nlu_fallback", "out_of_scope"})


def follow(state: State, turn: Turn, talk: Talk, desk: Desk) -> Followed | None:
    """Answer what is about the offer just judged; None for what is something else."""
    answered = _answer_open(state, turn, talk, desk)
    if answered is not None:
        return answered
    if turn.intent == "report_trafficking" and (turn.picked or turn.confidence >= _SURE):
        return Followed(_report(state, turn, talk, desk))
    if _wants_check(state, turn):
        return Followed(_check(state, turn, talk, desk))
    if turn.picked:
        return None
    found = OfferReading.from_dict(state.data["reading"])
    if asks_if_safe(turn.text):
        talk.say("utter_offer_again", **verdict(found, turn, desk))
        return Followed(linger(state))
    if asks_what_to_do(turn.text):
        talk.say("utter_offer_steps", **verdict(found, turn, desk))
        return Followed(linger(state))
    return _more(state, found, turn, talk, desk)


def _answer_open(state: State, turn: Turn, talk: Talk, desk: Desk) -> Followed | None:
    """Take yes or no to "shall I report this" and "shall I check the name"."""
    if state.asked == AFTER:
        return None
    said = {"yes": True, "no": False}.get(turn.value, reading.yes_or_no(turn.text, turn.language))
    if state.asked == "check" and not turn.picked and _CHECK.match(turn.text):
        said = True
    if said is None:
        return None
    if not said:
        talk.say("utter_what_next")
        return Followed(linger(state))
    act = _report if state.asked == "report" else _check
    return Followed(act(state, turn, talk, desk))


def _report(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Begin a report that knows what the offer said: nobody has to tell it twice."""
    found = OfferReading.from_dict(state.data["reading"])
    told = [("story", text) for text in state.data.get("told", [])]
    if of_minor(found):
        told.append(("is_minor", "yes"))
    if found.recruiter:
        told.append(("recruiter", found.recruiter))
    return intake.begin("report", turn, talk, desk, told=tuple(told))


def _wants_check(state: State, turn: Turn) -> bool:
    wanted = turn.intent == "check_recruiter" and (turn.picked or turn.confidence >= _SURE)
    return wanted and bool(state.data.get("recruiter")) and not turn.first("recruiter")


def _check(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Look the recruiter up; the offer stays in mind behind a choice among look-alikes."""
    after = recruiter.check(state.data["recruiter"], turn, talk, desk)
    linger(state)
    if after is None:
        return state
    after.outer = state
    return after


def _more(
    state: State, before: OfferReading, turn: Turn, talk: Talk, desk: Desk
) -> Followed | None:
    """Read a detail told or asked afterwards; what it adds is said before anything else."""
    about_offer = turn.intent in {*_ANSWERS, "check_offer"} or turn.intent.startswith("faq/")
    if not about_offer or _is_another(turn):
        return None
    found = desk.offers.more(before, turn.text, facts=facts_of(turn, desk))
    fresh = frozenset(s.id for s in found.signs) - {s.id for s in before.signs}
    if fresh:
        remember(state, turn, desk)
        state.data["reading"] = found.to_dict()
        note_check(state, found, turn, desk)
        talk.say("utter_offer_more", **verdict(found, turn, desk, only=fresh))
        if "under_age" in fresh:
            state.asked = "report"
            talk.say("utter_offer_minor")
            return Followed(state)
        return Followed(linger(state))
    if turn.intent in facts.INTENTS and turn.confidence >= _SURE:
        asked = facts.begin(turn, talk, desk)
        if asked is not None:
            asked.outer = fade(state)
        return Followed(asked)
    if turn.intent.startswith("faq/") and turn.confidence >= _SURE:
        talk.say(f"utter_{turn.intent}", plain=True)
        talk.say("utter_offer_still", **verdict(found, turn, desk))
        return Followed(fade(state))
    if turn.intent == "out_of_scope" or len(reading.words(turn.text)) < 2:
        return None
    talk.say("utter_offer_again", **verdict(found, turn, desk))
    remember(state, turn, desk)
    return Followed(fade(state))


def _is_another(turn: Turn) -> bool:
    words = len(reading.words(turn.text))
    return turn.intent == "check_offer" and (words >= _NEW_OFFER or words < TELLING_WORDS)
