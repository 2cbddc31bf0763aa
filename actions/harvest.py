"""Facts that a message holds, whoever asked for what: gathered from every turn of an intake."""

from __future__ import annotations

import re

from actions.turn import Turn
from hotline import reading
from hotline.knowledge import Knowledge
from hotline.persons import about_whom, names_relative

HOME = "ID"
_DIRECT = ("phone", "amount", "date", "occupation", "licence_no")
_FIRM = re.compile(r"\W*(pt|cv|p3mi|yayasan)\b", re.IGNORECASE)
_NOT_YET = (
    r"\b(?:besok|lusa|mau|akan|bakal|bade|badhe|arep|rek|disuruh|dipaksa|maksa|memaksa|ditawari|"
    r"ditawarin|diajak|janji\w*|minggu depan|bulan depan|tomorrow|will|wants? to|going to)\b"
)
_THERE = re.compile(
    r"\b(sekarang|skrg|saiki|ayeuna|now) (?:di|nang|ing|neng|in|at)\b", re.IGNORECASE
)
_MEANINGLESS = frozenset({"pt", "cv", "agen", "sponsor", "calo", "unknown"})


def harvest(turn: Turn, knowledge: Knowledge, *, whole_story: bool) -> dict[str, str]:
    """Give the facts in a message by field; `whole_story` also reads who it is about."""
    found = {name: value for name in _DIRECT if (value := turn.first(name))}
    if recruiter := recruiter_in(turn):
        found["recruiter"] = recruiter
    found |= _places(turn, knowledge)
    if reading.tells_of_minor(turn.value):
        found["is_minor"] = "yes"
    if whole_story and (who := about_whom(turn.text)):
        found["who"] = who
    return found


def recruiter_in(turn: Turn) -> str | None:
    """Give who recruited, as named: a company before a person, and nobody of the family."""
    named = [
        name
        for name in turn.all_of("recruiter")
        if name.lower() not in _MEANINGLESS and not names_relative(turn.text, name)
    ]
    return next((name for name in named if _FIRM.match(name)), next(iter(named), None))


def _ahead(text: str, words: str) -> bool:
    """Say whether a country is where somebody is about to be taken, not where she is."""
    way = rf"{_NOT_YET}(?: +\w+){{0,4}} +(?:ke|menuju|ka|to) +(?:negara +)?{re.escape(words)}"
    return bool(re.search(way, text.lower())) and not _THERE.search(text)


def _places(turn: Turn, knowledge: Knowledge) -> dict[str, str]:
    found = {}
    abroad = [(c, words) for c, words in knowledge.mentions(turn.text) if c.code != HOME]
    if not abroad:
        typed = [(knowledge.country_named(name), name) for name in turn.all_of("country")]
        abroad = [(c, name) for c, name in typed if c is not None and c.code != HOME]
    regions = turn.all_of("region")
    if regions:
        found["region"] = ", ".join(regions)
    if abroad and all(_ahead(turn.text, words) for _, words in abroad):
        # "disuruh ke malaysia besok": the way leads there, but she is still here.
        found["destination"] = abroad[-1][0].code
    elif abroad:
        # The last one named is where the way has led to: "lewat Malaysia, sekarang di Kamboja".
        country, words = abroad[-1]
        found["country"] = country.code
        found["where"] = words
    return found
