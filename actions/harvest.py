"""Facts that a message holds, whoever asked for what: gathered from every turn of an intake."""

from __future__ import annotations

import re

from actions.turn import Turn
from hotline import reading
from hotline.circumstances import papers_in
from hotline.knowledge import Knowledge
from hotline.naming import person_who_took
from hotline.persons import about_whom, names_relative
from hotline.relatives import relative_alone
from store.regions import load_regions

HOME = "ID"
_DIRECT = ("occupation", "licence_no")
_SEVERAL = ("phone", "amount", "date")
_MOST = 5  # of each; a long story names more than one sum and more than one day
_FIRM = re.compile(r"\W*(pt|cv|p3mi|yayasan)\b", re.IGNORECASE)
_NOT_YET = (
    r"\b(?:besok|lusa|mau|akan|bakal|bade|badhe|arep|rek|disuruh|dipaksa|maksa|memaksa|ditawari|"
    r"ditawarin|diajak|janji\w*|minggu depan|bulan depan|tomorrow|will|wants? to|going to)\b"
)
_ASKED_ABOUT = r"\b(?:biaya|ongkos|syarat\w*|dokumen|kontak|ragad|waragad|costs?|papers)"
_THERE = re.compile(
    r"\b(sekarang|skrg|saiki|ayeuna|now) (?:di|nang|ing|neng|in|at)\b", re.IGNORECASE
)
_FROM = re.compile(
    r"\b(?:asal(?:nya)?(?: dari)?|warga|wong|orang|urang|kab\w*|kota) ((?!di\b|ke\b)\w+(?: \w+)?)",
    re.IGNORECASE,
)
_MEANINGLESS = frozenset({"pt", "cv", "agen", "sponsor", "calo", "unknown"})


def harvest(turn: Turn, knowledge: Knowledge, *, whole_story: bool) -> dict[str, str]:
    """Give the facts in a message by field; `whole_story` also reads who it is about."""
    found = {name: value for name in _DIRECT if (value := turn.first(name))}
    found |= {
        name: "; ".join(dict.fromkeys(told[:_MOST]))
        for name in _SEVERAL
        if (told := turn.all_of(name))
    }
    if papers := papers_in(turn.text):
        found["papers"] = papers
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
    places = {*turn.all_of("country"), *turn.all_of("region")}
    named = [
        name
        for name in turn.all_of("recruiter")
        if name.lower() not in _MEANINGLESS
        and not names_relative(turn.text, name)
        and not relative_alone(name)
        and name not in places
    ]
    firm = next((name for name in named if _FIRM.match(name)), None)
    return firm or next(iter(named), None) or person_who_took(turn.text) or None


def _ahead(text: str, words: str) -> bool:
    """Say whether a country is where somebody is about to be taken, not where she is."""
    way = rf"{_NOT_YET}(?: +\w+){{0,4}} +(?:ke|menuju|ka|to) +(?:negara +)?{re.escape(words)}"
    return bool(re.search(way, text.lower())) and not _THERE.search(text)


def _passed(text: str, words: str) -> bool:
    """Say whether a country was only on the way: "terbang lewat Dubai"."""
    way = r"\b(?:lewat|lwt|liwat|melalui|transit|singgah|mampir|via|through)(?: +(?:di|ke|in|at))?"
    return bool(re.search(rf"{way} +(?:negara +|bandara +)?{re.escape(words)}\b", text.lower()))


def _only_asked(turn: Turn, words: str) -> bool:
    """Say whether a place stands in a question about costs, papers or work there."""
    asked = rf"{_ASKED_ABOUT}(?: +\w+){{0,4}} +(?:ke|ka|nang|neng|to|in|di) +{re.escape(words)}\b"
    return turn.asks and bool(re.search(asked, turn.text, re.IGNORECASE))


def _named_regions(text: str) -> tuple[str, ...]:
    """Give the regions of the national table that stand after "asal" or "orang"."""
    told = [match[1] for match in _FROM.finditer(text)]
    known = load_regions().codes_of
    return tuple(
        dict.fromkeys(
            word
            for words in told
            for word in ((words,) if known(words) else words.split())
            if known(word)
        )
    )


def _places(turn: Turn, knowledge: Knowledge) -> dict[str, str]:
    found = {}
    abroad = [(c, words) for c, words in knowledge.mentions(turn.text) if c.code != HOME]
    if not abroad:
        typed = [(knowledge.country_named(name), name) for name in turn.all_of("country")]
        abroad = [(c, name) for c, name in typed if c is not None and c.code != HOME]
    # With a way through Dubai the embassy there would be the wrong one; named alone, it stays.
    abroad = [(c, words) for c, words in abroad if not _passed(turn.text, words)] or abroad
    # "dikurung di jeddah, berapa biaya ke taiwan": what is only asked about is not where she is.
    there = [(c, words) for c, words in abroad if not _only_asked(turn, words)]
    abroad = there or abroad
    regions = turn.all_of("region") or _named_regions(turn.text)
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
