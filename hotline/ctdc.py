"""Rows for publication in the columns of the Counter-Trafficking Data Collaborative (codebook v6).

Only what the hotline holds is filled in; a column that stays empty in every row means "not asked",
never "no". Who was a victim is for a data officer to say: unverified tickets make no rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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
_LABOUR = {
    "typeOfLabourDomesticWork": r"rumah tangga|\b(?:prt|art|pembantu|babu|maid|nanny|rewang)\b"
    r"|domestic|house ?maid|pengasuh|baby",
    "typeOfLabourAgriculture": r"kebun|ladang|sawit|tani|petik|farm|ternak",
    "typeOfLabourConstruction": r"bangunan|konstruksi|tukang (?:batu|kayu|las)|kuli",
    "typeOfLabourAquafarming": r"nelayan|\babk\b|kapal ikan|perikanan|fish|anak buah kapal",
    "typeOfLabourHospitality": r"restoran|hotel|pelayan|kafe|wait(?:er|ress)|barista",
}
# By these a reader could find somebody again; the means of control follow the row they belong to.
KEYS = ("yearOfRegistration", "majorityStatus", "CountryOfExploitation", *_LABOUR)
COLUMNS = (
    "yearOfRegistration", "Datasource", "gender", "ageBroad", "majorityStatus", "citizenship",
    *_MEANS, *_LABOUR, "CountryOfExploitation",
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


def row_of(known: Known) -> dict[str, str]:
    """Write what is known in CTDC's columns."""
    row = dict.fromkeys(COLUMNS, "")
    row["yearOfRegistration"] = str(known.year)
    row["Datasource"] = "Hotline"
    row["majorityStatus"] = "Minor" if known.minor else ""
    row["CountryOfExploitation"] = known.country
    for column, reasons in _MEANS.items():
        row[column] = "1" if reasons & known.reasons else ""
    for column, pattern in _LABOUR.items():
        row[column] = "1" if re.search(pattern, known.occupation.lower()) else ""
    return row


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
    # Means of control that only few of the alike share would single them out within their group.
    return sorted(_without_rare_means(kept, k), key=lambda row: tuple(row.values()))


def _key(row: Row) -> tuple[str, ...]:
    return tuple(row[column] for column in KEYS)


def _without_rare_means(rows: list[dict[str, str]], k: int) -> list[dict[str, str]]:
    """Blank the means of control whose combination fewer than k rows of a group have."""
    common = Counter(tuple(row.values()) for row in rows)
    rare = [row for row in rows if common[tuple(row.values())] < k]
    for row in rare:
        row.update(dict.fromkeys(_MEANS, ""))
    left = Counter(tuple(row.values()) for row in rows)
    return [row for row in rows if left[tuple(row.values())] >= k]
