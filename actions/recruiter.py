"""The recruiter check: a name or licence number against the register in force, in any talk."""

from __future__ import annotations

import json
import re

from actions.desk import Desk
from actions.lingering import Followed, fade, linger
from actions.persons import asked_for, with_region
from actions.state import State
from actions.talk import Talk
from actions.turn import Turn
from hotline import reading
from hotline.asking import asks_if_safe, asks_what_to_do
from hotline.messages import Choice
from hotline.naming import bare_name, could_be_name, has_enough, is_licence, is_person
from hotline.register import CheckOutcome, CheckResult, Match, Recruiter, RecruiterStatus
from store import db, disputes

_SANCTIONED = frozenset(
    {
        RecruiterStatus.SUSPENDED,
        RecruiterStatus.SUSPENDED_PARTIAL,
        RecruiterStatus.REVOKED,
        RecruiterStatus.EXPIRED,
    }
)
_LONG_NAME = 8  # characters
# Characters of a look-alike's line. By SMS four of them and the question must fit two parts;
# WhatsApp shows lines this long as numbers in the text, which tells more than a button cut at 20.
_TITLE = {"sms": 32}
_TITLE_ELSEWHERE = 60
_ORIGIN = 24  # characters of the source's name by SMS
_NOT_NAMES = frozenset({"unknown", "tidak tahu namanya"})


def begin(turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Check the recruiter named in the sentence, or ask for the name."""
    name = "" if turn.picked else _named(turn, desk, waiting=False)
    if name:
        return check_and_linger(name, turn, talk, desk)
    talk.say("utter_ask_recruiter_name")
    return State("recruiter", asked="name")


def check_and_linger(name: str, turn: Turn, talk: Talk, desk: Desk) -> State:
    """Check a name, and keep it in mind for the question that mostly follows."""
    waiting = check(name, turn, talk, desk)
    return waiting or linger(State("recruiter", data={"query": name}))


def follow(state: State, turn: Turn, talk: Talk, desk: Desk) -> Followed | None:
    """Say again what the register says to "so is it safe": there is nothing better to say."""
    if turn.picked or not (asks_if_safe(turn.text) or asks_what_to_do(turn.text)):
        return None
    if _named(turn, desk, waiting=False):
        return None
    return Followed(check(state.data["query"], turn, talk, desk) or fade(state))


def surely_named(turn: Turn, desk: Desk) -> str:
    """Give the recruiter whose exact name or licence number is all that a message says."""
    name = bare_name(turn.text)
    # "tika" may be a person: a short word alone must be asked about to be looked up.
    long = len(name) >= _LONG_NAME and could_be_name(name)
    known = long and _look_up(name, desk).match is Match.EXACT
    return name if known else ""


def _named(turn: Turn, desk: Desk, *, waiting: bool) -> str:
    """Find the name meant: what the register knows first, then what looks like a name.

    Callers leave out "PT" and type in lower case, so the text without the words around the name is
    looked up as well; while a name is waited for, that text is the name.
    """
    heard = [*turn.all_of("licence_no"), *turn.all_of("recruiter")]
    heard = [name for name in heard if re.sub(r"\W|pt|cv", "", name.lower())]
    bare = bare_name(turn.text)
    bare = bare if could_be_name(bare) else ""
    for name in [*heard, bare]:
        if name and _look_up(name, desk).match is Match.EXACT:
            return name
    person, region = asked_for(turn.text)
    if person and (region or _look_up(bare or person, desk).match is not Match.CANDIDATES):
        return f"{person} {region}".strip()
    if heard:
        return bare_name(heard[0]) or heard[0]
    if waiting or (bare and is_licence(bare)):
        return bare
    return bare if bare and _look_up(bare, desk).match is Match.CANDIDATES else ""


def answer(state: State, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Take the name, or the pick among look-alikes."""
    said = turn.value.strip()
    if said.lower() in _NOT_NAMES or reading.skips(turn.text) or turn.intent == "deny":
        talk.say("utter_recruiter_no_name")
        return None
    if said == "none_of_these":
        _not_found(state.data.get("query", ""), turn, talk, desk)
        return None
    name = said if turn.picked else _named(turn, desk, waiting=True) or _typed_name(turn)
    if not name:
        state.tries += 1
        if state.tries > 1:
            talk.say("utter_recruiter_no_name")
            return None
        ask_again(state, turn, talk, desk)
        return state
    return check_and_linger(name, turn, talk, desk)


def _typed_name(turn: Turn) -> str:
    """Give the text itself as the name, unless it is too short for one or asks "nipu ya?"."""
    nothing_named = not bare_name(turn.text) and asks_if_safe(turn.text)
    return turn.text.strip() if has_enough(turn.text) and not nothing_named else ""


def ask_again(state: State, turn: Turn, talk: Talk, desk: Desk) -> None:
    """Repeat the open question after something else was answered."""
    if state.asked == "pick":
        check(state.data["query"], turn, talk, desk)
    else:
        talk.say("utter_ask_recruiter_name")


def check(name: str, turn: Turn, talk: Talk, desk: Desk) -> State | None:
    """Say what the register in force says about a name; the caller picks among look-alikes."""
    result = _look_up(name, desk)
    if result.match is Match.CANDIDATES and is_person(name):
        _not_found(name, turn, talk, desk)  # "Bu Tuti" is not one of the firms called Tuti
        return None
    values = _values(result, turn, desk)
    if result.match is Match.CANDIDATES:
        longest = _TITLE.get(turn.channel, _TITLE_ELSEWHERE)
        choices = _choices([c.recruiter for c in result.candidates], longest)
        none = desk.phrase(turn, "utter_recruiter_none_of_these")
        choices.append(Choice(none, '/inform{"value": "none_of_these"}'))
        talk.say("utter_recruiter_candidates", choices, **values)
        return State("recruiter", asked="pick", data={"query": name})
    if result.match is Match.EXACT and result.recruiter is not None:
        _tell(result, result.recruiter, values, talk, desk)
        return None
    talk.say(_absent_response(result), **values)
    return None


def _tell(
    result: CheckResult, found: Recruiter, values: dict[str, object], talk: Talk, desk: Desk
) -> None:
    """Say what is printed about an entry, and whether somebody disputes it."""
    with db.read(desk.vault.engine) as connection:
        disputed = disputes.is_disputed(connection, found)
    if not disputed:
        talk.say(_exact_response(result), **values)
        return
    # What is printed stays true as far as anybody knows; the choices belong to the last message.
    talk.say(_exact_response(result), **values, plain=True)
    talk.say("utter_recruiter_disputed", name=found.name)


def _look_up(name: str, desk: Desk) -> CheckResult:
    return desk.register.current().check(
        name[:200], today=desk.today, freshness_days=desk.settings.register_max_age_days
    )


def _exact_response(result: CheckResult) -> str:
    status = _status(result)
    if result.result is CheckOutcome.SOURCE_TOO_OLD:
        return "utter_recruiter_too_old"
    if status in _SANCTIONED:
        return "utter_recruiter_sanctioned"
    if status is RecruiterStatus.NEEDS_VERIFICATION:
        return "utter_recruiter_unverified"
    return "utter_recruiter_active"


def _status(result: CheckResult) -> RecruiterStatus | None:
    """Give the status that counts: a printed validity that has run out outweighs "active"."""
    if result.result.value in set(RecruiterStatus):
        return RecruiterStatus(result.result.value)
    return result.recorded_status


def _absent_response(result: CheckResult) -> str:
    if result.result is CheckOutcome.NO_REGISTER:
        return "utter_recruiter_no_register"
    if result.result is CheckOutcome.SOURCE_TOO_OLD:
        return "utter_recruiter_too_old_not_found"
    return "utter_recruiter_not_found"


def _not_found(query: str, turn: Turn, talk: Talk, desk: Desk) -> None:
    result = _look_up(query, desk)
    old = result.register is not None and result.register.is_too_old(
        desk.today, freshness_days=desk.settings.register_max_age_days
    )
    name = "utter_recruiter_too_old_not_found" if old else "utter_recruiter_not_found"
    talk.say(name, **_values(result, turn, desk))


def _choices(found: list[Recruiter], longest: int) -> list[Choice]:
    titles = [_title(recruiter, longest) for recruiter in found]
    choices = []
    for recruiter, title in zip(found, titles, strict=True):
        exact = recruiter.licence_no or recruiter.name
        # Where name and city are the same on the short line, the licence's end tells them apart.
        shown = f"{title[: longest - 5]} {exact[-4:]}" if titles.count(title) > 1 else title
        choices.append(Choice(shown, "/inform" + json.dumps({"value": exact})))
    return choices


def _title(recruiter: Recruiter, longest: int) -> str:
    # Look-alikes share their beginnings, so the city must stay visible when the name is cut.
    place = re.sub(r"^(kabupaten|kab\.?|kota)\s+", "", recruiter.city, flags=re.IGNORECASE)
    city = f" ({place[: longest // 2 - 4].rstrip()})" if place else ""
    short = re.sub(r"^\W*(pt|cv)\b\W*", "", recruiter.name, flags=re.IGNORECASE)
    return short[: longest - len(city)].rstrip() + city


def _origin(source: str) -> str:
    """Name a source in a few characters: of an address only the host."""
    return re.sub(r"^\w+://(?:www\.)?|(?<=\w)/.*$", "", source)[:_ORIGIN].strip()


def _values(result: CheckResult, turn: Turn, desk: Desk) -> dict[str, object]:
    found = result.recruiter
    person, region = with_region(result.query)
    query = f"{person} ({region})" if region else result.query
    values: dict[str, object] = {"query": query, "demo": "", "name": "", "city": ""}
    values |= {"status": "", "licence": "", "source": "", "origin": "", "as_of": ""}
    if result.demo:
        values["demo"] = desk.phrase(turn, "utter_phrase_demo")
    if result.register:
        values["source"] = result.register.source
        values["as_of"] = desk.told_date(turn, result.register.as_of.isoformat())
        # Of the invented register its mark says where it is from.
        values["origin"] = "" if result.demo else _origin(result.register.source) + " "
    if found:
        values["name"] = found.name
        values["city"] = f" ({found.city})" if found.city else ""
        status = _status(result) or found.status
        values["status"] = desk.phrase(turn, f"utter_status_{status.value}")
        values["licence"] = " ".join(_licence(found, turn, desk))
    return values


def _licence(found: Recruiter, turn: Turn, desk: Desk) -> list[str]:
    lines = []
    if found.licence_no:
        lines.append(desk.phrase(turn, "utter_phrase_licence", licence_no=found.licence_no))
    if found.valid_until_as_printed:
        until = found.valid_until_as_printed
        lines.append(desk.phrase(turn, "utter_phrase_valid_until", until=until))
    return lines
