"""Rows for publication in the columns of the Counter-Trafficking Data Collaborative (codebook v6).

Only what the hotline holds is filled in; a column that stays empty in every row means "not asked",
never "no". Who was a victim is for a data officer to say: unverified tickets make no rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from hotline.elements import Answer
from hotline.suppress import PUBLISHED

Row = Mapping[str, str]

_MEANS = {
    "meansOfControlThreats": {"threatened", "held_for_ransom", "weapon"},
    "meansOfControlPhysicalAbuse": {"beaten", "violence", "injury"},
    "meansOfControlSexualAbuse": {"sexual_violence"},
    "meansOfControlPsychoactiveSubstances": {"drugged"},
    "meansOfControlRestrictsMovement": {"locked_in", "confined", "scam_compound_captive"},
    "meansOfControlWithholdsNecessities": {"no_food_or_medicine"},
}
# What responders have marked, where a column says the same; their answer outweighs the bot's.
_MARKED_MEANS = {
    "meansOfControlDebtBondage": {"means.debt", "ilo.debt"},
    "meansOfControlTakesEarnings": {"ilo.wages"},
    "meansOfControlThreats": {"means.threat", "ilo.intimidation"},
    "meansOfControlPhysicalAbuse": {"means.force"},
    "meansOfControlFalsePromises": {"means.fraud", "ilo.deception"},
    "meansOfControlRestrictsMovement": {"means.confinement", "ilo.movement"},
    "meansOfControlExcessiveWorkingHours": {"ilo.overtime"},
    "meansOfControlWithholdsDocuments": {"ilo.documents"},
    "isAbduction": {"means.abduction"},
}
_MEANS_COLUMNS = tuple(dict.fromkeys([*_MEANS, *_MARKED_MEANS]))
_FORMS = {
    "isForcedLabour": {"purpose.forced_labour"},
    "isSexualExploit": {"purpose.sexual"},
    "isOtherExploit": {"purpose.other_exploitation"},
    "isSlaveryAndPractices": {"purpose.slavery"},
    "isForcedMarriage": {"purpose.forced_marriage"},
    "isOrganRemoval": {"purpose.organs"},
}
_BOTH = "isSexAndLabour"
_FORM_COLUMNS = (*_FORMS, _BOTH)
_LABOUR = {
    "typeOfLabourDomesticWork": r"rumah tangga|\b(?:prt|art|pembantu|babu|maid|nanny|rewang)\b"
    r"|domestic|house ?maid|pengasuh|baby",
    "typeOfLabourAgriculture": r"kebun|ladang|sawit|tani|petik|farm|ternak",
    "typeOfLabourConstruction": r"bangunan|konstruksi|tukang (?:batu|kayu|las)|kuli",
    "typeOfLabourAquafarming": r"nelayan|\babk\b|kapal ikan|perikanan|fish|anak buah kapal",
    "typeOfLabourHospitality": r"restoran|hotel|pelayan|kafe|wait(?:er|ress)|barista",
}
# A word for each that its own pattern finds again, and no other's.
_COARSE = {
    "typeOfLabourDomesticWork": "rumah tangga",
    "typeOfLabourAgriculture": "kebun",
    "typeOfLabourConstruction": "konstruksi",
    "typeOfLabourAquafarming": "nelayan",
    "typeOfLabourHospitality": "restoran",
}
# By these a reader could find somebody again; means and forms follow the row they belong to.
KEYS = ("yearOfRegistration", "majorityStatus", "CountryOfExploitation", *_LABOUR)
COLUMNS = (
    "yearOfRegistration", "Datasource", "gender", "ageBroad", "majorityStatus", "citizenship",
    *_MEANS_COLUMNS, *_FORM_COLUMNS, *_LABOUR, "CountryOfExploitation",
)  # fmt: skip
# What is taken away first where too few are alike.
_COARSER = (tuple(_LABOUR), ("majorityStatus",), ("CountryOfExploitation",))


@dataclass(frozen=True)
class Known:
    """What a row is made of; nothing of it names anybody."""

    year: int
    country: str  # two letters; empty when none or several were named
    minor: bool
    occupation: str
    reasons: frozenset[str]
    answers: Mapping[str, Answer] = field(default_factory=dict)  # what responders have marked


def row_of(known: Known) -> dict[str, str]:
    """Write what is known in CTDC's columns."""
    row = dict.fromkeys(COLUMNS, "")
    row["yearOfRegistration"] = str(known.year)
    row["Datasource"] = "Hotline"
    row["majorityStatus"] = "Minor" if known.minor else ""
    row["CountryOfExploitation"] = known.country
    for column in _MEANS_COLUMNS:
        seen = bool(_MEANS.get(column, set()) & known.reasons)
        row[column] = _marked(known.answers, _MARKED_MEANS.get(column, set()), otherwise=seen)
    for column, items in _FORMS.items():
        row[column] = _marked(known.answers, items)
    row[_BOTH] = "1" if row["isForcedLabour"] and row["isSexualExploit"] else ""
    for column, pattern in _LABOUR.items():
        row[column] = "1" if re.search(pattern, known.occupation.lower()) else ""
    return row


def _marked(
    answers: Mapping[str, Answer], items: Collection[str], *, otherwise: bool = False
) -> str:
    """Say what is marked: there, not there (blank), or what is known otherwise."""
    said = {answers.get(item, Answer.UNKNOWN) for item in items}
    if Answer.YES in said:
        return "1"
    return "1" if otherwise and Answer.NO not in said else ""


def coarse_occupation(told: str) -> str:
    """Give no more of an occupation than the rows above say of it."""
    found = [name for name, pattern in _LABOUR.items() if re.search(pattern, told.lower())]
    return ", ".join(_COARSE[name] for name in found)


def is_minor(told: str) -> bool:
    """Say whether what was told means a minor."""
    return told.strip().lower() in {"yes", "ya", "true"}


def anonymous(rows: Iterable[Row], k: int = PUBLISHED) -> list[dict[str, str]]:
    """Blank or drop what fewer than k rows have in common, until every row has k - 1 equals.

    The rows come out sorted: their order in the database would tell who came first.
    """
    left = [dict(row) for row in rows]
    kept: list[dict[str, str]] = []
    for columns in ((), *_COARSER):
        for row in left:
            row.update(dict.fromkeys(columns, ""))
        alike = Counter(map(_key, left))
        kept += [row for row in left if alike[_key(row)] >= k]
        left = [row for row in left if alike[_key(row)] < k]
    # What was done to only few of the alike would single them out within their group: first the
    # means of control go, then the forms of exploitation, then the row.
    for columns in (_MEANS_COLUMNS, _FORM_COLUMNS):
        _blank_rare(kept, columns, k)
    whole = Counter(tuple(row.values()) for row in kept)
    left = [row for row in kept if whole[tuple(row.values())] >= k]
    return sorted(left, key=lambda row: tuple(row.values()))


def _key(row: Row) -> tuple[str, ...]:
    return tuple(row[column] for column in KEYS)


def _blank_rare(rows: list[dict[str, str]], columns: Iterable[str], k: int) -> None:
    """Blank these columns of the rows that fewer than k of a group have in this combination."""
    common = Counter(tuple(row.values()) for row in rows)
    rare = [row for row in rows if common[tuple(row.values())] < k]
    for row in rare:
        row.update(dict.fromkeys(columns, ""))
