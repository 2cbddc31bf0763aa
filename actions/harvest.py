"""Facts that a message holds, whoever asked for what: gathered from every turn of an intake."""

from __future__ import annotations

from actions.turn import Turn
from hotline import reading
from hotline.knowledge import Knowledge

HOME = "ID"
_DIRECT = ("recruiter", "phone", "amount", "date", "occupation", "licence_no")
_MEANINGLESS = frozenset({"pt", "cv", "agen", "sponsor", "calo", "unknown"})


def harvest(turn: Turn, knowledge: Knowledge, *, whole_story: bool) -> dict[str, str]:
    """Give the facts in a message by field; `whole_story` also reads who it is about."""
    found = {name: value for name in _DIRECT if (value := turn.first(name))}
    if found.get("recruiter", "").lower() in _MEANINGLESS:
        found.pop("recruiter")
    found |= _places(turn, knowledge)
    if reading.tells_of_minor(turn.value):
        found["is_minor"] = "yes"
    if reading.forbids_calls(turn.value):
        found["contact_rule"] = "never_call"
    if whole_story and (who := reading.about_whom(turn.text)):
        found["who"] = who
    return found


def _places(turn: Turn, knowledge: Knowledge) -> dict[str, str]:
    found = {}
    abroad = [(c, words) for c, words in knowledge.mentions(turn.text) if c.code != HOME]
    if not abroad:
        typed = [(knowledge.country_named(name), name) for name in turn.all_of("country")]
        abroad = [(c, name) for c, name in typed if c is not None and c.code != HOME]
    regions = turn.all_of("region")
    if regions:
        found["region"] = ", ".join(regions)
    if abroad:
        # The last one named is where the way has led to: "lewat Malaysia, sekarang di Kamboja".
        country, words = abroad[-1]
        found["country"] = country.code
        found["where"] = words
    return found
