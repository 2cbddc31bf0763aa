"""A person who is asked about with a place: "cek bu yati indramayu" asks for Yati of Indramayu."""

from __future__ import annotations

import re

from hotline.naming import is_person, person_asked, without_titles
from store.regions import load_regions

_LONGEST = 3  # words of a region's name
_FROM = re.compile(r" +(?:dari|saking|saka|ti|asal|di|from|in) +", re.IGNORECASE)
# Nobody calls a hotline so: who bears such a title is meant.
_OF_RANK = frozenset("haji hajah h hj ustad ustadz daeng puang tengku cut".split())


def asked_for(text: str) -> tuple[str, str]:
    """Give the person and the region that a question names, both as typed; empty without one.

    A title before several words that name no region ("bu cahaya rantau") may be said to us.
    """
    person, region = with_region(person_asked(text))
    of_rank = not _OF_RANK.isdisjoint(person.lower().replace(".", " ").split())
    certain = region or of_rank or len(without_titles(person).split()) == 1
    return (person, region) if certain else ("", "")


def with_region(name: str) -> tuple[str, str]:
    """Split a person's name from the region behind it; no region where none stands there."""
    if not is_person(name):
        return name, ""
    if (parted := _FROM.split(name, maxsplit=1))[1:]:
        return parted[0], parted[1]  # also "di lombok", which is an island and no regency
    words = name.split()
    most = min(_LONGEST, len(without_titles(name).split()) - 1)
    for size in range(most, 0, -1):
        region = " ".join(words[-size:])
        if load_regions().codes_of(region):
            return " ".join(words[:-size]), region
    return name, ""
