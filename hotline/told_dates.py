"""Tells a date of the form 2026-08 or 2026-11-22 as people say it: "Agu 2026", "22 Nov 2026"."""

from __future__ import annotations

import re

_MONTHS = "Jan Feb Mar Apr Mei Jun Jul Agu Sep Okt Nov Des".split()
_ENGLISH = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_DATE = re.compile(r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>\d{2}))?")


def told_date(as_of: str, language: str) -> str:
    """Name the month, and the day where it is known; a bare year or anything else stays."""
    found = _DATE.fullmatch(as_of)
    if found is None:
        return as_of
    month = (_ENGLISH if language == "en" else _MONTHS)[int(found["month"]) - 1]
    day = f"{int(found['day'])} " if found["day"] else ""
    return f"{day}{month} {found['year']}"
