"""What the form for a new ticket holds, and what is wrong with it: all faults at once."""

from __future__ import annotations

import re
from collections.abc import Callable

import phonenumbers
from pydantic import BaseModel

from console.knowledge import facts
from hotline.intake import Brought
from hotline.tickets import USUAL_URGENCY, Category, Urgency, higher_urgency
from store.languages import load_languages
from store.regions import load_regions
from store.ticket_intake import Told

# Signs of danger that can be ticked, in the words that tickets and exports keep.
SIGNS = (
    "locked_in", "beaten", "sexual_violence", "threatened", "held_for_ransom", "being_sold",
    "moved_across_border", "scam_compound_captive", "suicidal", "hiding", "on_the_run",
    "no_food_or_medicine", "phone_taken", "injury", "minor", "may_be_watched",
)  # fmt: skip
RULES = ("never_call", "no_visit", "no_family", "no_police")
LONGEST = {"story": 4000, "why": 500, "who": 200, "safe_time": 200}
_USUAL = 120  # characters of every other field
_SHORTEST = 5
_PARTS = ("origin", "transit", "destination")


class Typed(BaseModel):
    """The form as it was sent; nothing of it is trusted or lost."""

    how: str = ""
    name: str = ""
    phone: str = ""
    anonymous: str = ""
    language: str = "id"
    story: str = ""
    who: str = ""
    category: str = ""
    urgency: str = ""
    sign: list[str] = []
    why: str = ""
    origin: str = ""
    transit: str = ""
    destination: str = ""
    contact: str = ""  # yes, no, or empty: not asked
    safe_time: str = ""
    rule: list[str] = []
    keep: str = ""
    mark: str = ""


Wrong = dict[str, str]  # field to what of it was not understood


def read(typed: Typed) -> tuple[Told | None, Wrong]:
    """Read the form; gives what was told, or every field that must be looked at again."""
    wrong: Wrong = {}
    how = _choice(typed.how, Brought, "how", wrong)
    category = _choice(typed.category, Category, "category", wrong)
    urgency = _choice(typed.urgency, Urgency, "urgency", wrong)
    if typed.language not in {one.code for one in load_languages().all}:
        wrong["language"] = ""
    if len(typed.story.strip()) < _SHORTEST:
        wrong["story"] = ""
    for name, value in typed.model_dump().items():
        if isinstance(value, str) and len(value) > LONGEST.get(name, _USUAL):
            wrong[f"{name}_long"] = str(LONGEST.get(name, _USUAL))
    signs = tuple(one for one in SIGNS if one in typed.sign)
    if category and urgency and not signs and len(typed.why.strip()) < _SHORTEST:
        lowered = higher_urgency(urgency, USUAL_URGENCY[category]) is not urgency
        if urgency is not Urgency.NORMAL or lowered:
            wrong["why"] = ""
    regions = {part: _places(part, getattr(typed, part), wrong) for part in _PARTS}
    if typed.phone.strip() and not re.search(r"\d{4}", re.sub(r"\D", "", typed.phone)):
        wrong["phone"] = typed.phone.strip()
    if wrong or how is None or category is None or urgency is None:
        return None, wrong
    return Told(
        brought=how, category=category, urgency=urgency, reasons=signs, why=typed.why.strip(),
        language=typed.language, anonymous=bool(typed.anonymous), facts=_facts(typed, regions),
        regions=regions,
    ), {}  # fmt: skip


def _choice[T](said: str, kind: Callable[[str], T], name: str, wrong: Wrong) -> T | None:
    try:
        return kind(said)
    except ValueError:
        wrong[name] = ""
        return None


def _places(part: str, said: str, wrong: Wrong) -> tuple[str, ...]:
    """Read names of regions, and of countries where somebody passed through or was brought."""
    found: dict[str, None] = {}
    unknown = []
    for one in (piece.strip() for piece in re.split(r"[,;/\n]", said)):
        codes = load_regions().codes_of(one) or (_countries(one) if part != "origin" else ())
        if one and not codes:
            unknown.append(one[:60])
        found |= dict.fromkeys(codes)
    if unknown:
        wrong[part] = ", ".join(unknown)
    return tuple(found)


def _countries(said: str) -> tuple[str, ...]:
    plain = said.casefold()
    return tuple(
        one.code
        for one in facts().countries
        if plain in {one.code.casefold(), one.name.casefold(), *map(str.casefold, one.aliases)}
    )


def number_of(said: str) -> str:
    """Write a telephone number so that a search finds it; what is none stays as it is."""
    try:
        parsed = phonenumbers.parse(said, "ID")
    except phonenumbers.NumberParseException:
        return said
    if not phonenumbers.is_possible_number(parsed):
        return said
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def _facts(typed: Typed, regions: dict[str, tuple[str, ...]]) -> tuple[tuple[str, str], ...]:
    abroad = [code for code in regions["destination"] if code.isalpha()]
    told = [
        ("caller_name", typed.name.strip()),
        ("caller_phone", number_of(typed.phone.strip()) if typed.phone.strip() else ""),
        ("story", typed.story.strip()),
        ("who", typed.who.strip()),
        ("country", abroad[0] if len(abroad) == 1 else ""),
        ("consent", typed.contact if typed.contact in {"yes", "no"} else ""),
        ("safe_time", typed.safe_time.strip()),
        *(("contact_rule", rule) for rule in RULES if rule in typed.rule),
        ("contact_rule", "do_not_write" if typed.contact == "no" else ""),
    ]
    return tuple((name, value) for name, value in told if value)
