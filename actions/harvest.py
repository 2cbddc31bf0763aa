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
    if reading.tells_of_minor(turn.text):
        found["is_minor"] = "yes"
    if reading.forbids_calls(turn.text):
        found["contact_rule"] = "never_call"
    if whole_story and (who := reading.about_whom(turn.text)):
        found["who"] = who
    return found


def _places(turn: Turn, knowledge: Knowledge) -> dict[str, str]:
    found = {}
    abroad = [c for c in knowledge.countries_in(turn.text) if c.code != HOME]
    typed = [knowledge.country_named(name) for name in turn.all_of("country")]
    abroad += [c for c in typed if c is not None and c.code != HOME and c not in abroad]
    if abroad:
        # The last one named is where the way has led to: "lewat Malaysia, sekarang di Kamboja".
        found["country"] = abroad[-1].code
    regions = turn.all_of("region")
    if regions:
        found["region"] = ", ".join(regions)
    return found
