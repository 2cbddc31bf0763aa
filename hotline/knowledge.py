"""The facts that change: contacts, countries, destinations and service units."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property

from hotline.errors import ContentError
from hotline.folding import squeezed, words

# A word that makes the next one a language ("bahasa Inggris"), not a country.
_LANGUAGE_WORDS = frozenset({"bahasa", "bhs", "bhasa", "basa", "boso"})
_HOME = "ID"
_AT = frozenset({"di", "ke", "dari", "nang", "ing", "ka", "in", "at", "to"})
# A name that is also an everyday word ("kedah", "perak") counts after one of these.
_PLACE_WORDS = _AT | frozenset(
    "kota negara negeri asal neng ning daerah wilayah saking teko soko ti from near".split()
)
_ALSO_A_WORD = "?"  # at the end of a name in countries.yml
# Before a name they take it back; one of the above may stand between.
_DENIALS = frozenset(squeezed(w) for w in ("bukan", "bkn", "dudu", "sanes", "lain", "not"))


class KnowledgeError(ContentError):
    """A knowledge file cannot be used; says which file, which item and why."""

    def __init__(self, file: str, item: str, what: str) -> None:
        super().__init__(f"{file}: {item}: {what}")
        self.file = file
        self.item = item
        self.what = what


@dataclass(frozen=True, slots=True)
class Contact:
    """A number or address a caller may turn to, with its source and date."""

    id: str
    country: str
    unit: str
    area: tuple[str, ...]
    purpose: str
    channel: str
    number: str
    source: str
    as_of: str
    mark: str
    verified: bool
    show: bool
    disagrees_with: str | None = None
    note: str | None = None
    dialled_as: str | None = None  # the country whose number it is, where that is another


@dataclass(frozen=True, slots=True)
class Emergency:
    """The local emergency number of a country."""

    number: str
    what: str
    mark: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Country:
    """A country with the everyday ways to write it and its places."""

    code: str
    name: str
    aliases: tuple[str, ...]
    cities: tuple[str, ...]
    emergency: Emergency | None


@dataclass(frozen=True, slots=True)
class Destination:
    """What is known about going to work in one country."""

    code: str
    status: str
    sectors: str
    text: str
    sms: str
    source: str
    as_of: str
    review_by: date


@dataclass(frozen=True, slots=True)
class Unit:
    """A type of service unit and when to refer somebody to it."""

    id: str
    name: str
    does: str
    when_to_refer: str
    level: str
    source: str
    mark: str
    as_of: str = ""  # empty: the file says none


def key(text: str) -> tuple[str, ...]:
    """Fold a name to the form in which names are compared."""
    return tuple(squeezed(word) for word in words(text))


@dataclass(frozen=True)
class Knowledge:
    """All facts of one installation, read once and looked up often."""

    contacts: tuple[Contact, ...]
    countries: tuple[Country, ...]
    destinations: tuple[Destination, ...]
    units: tuple[Unit, ...]

    @cached_property
    def _names(self) -> dict[tuple[str, ...], Country]:
        return {
            key(name): country
            for country in self.countries
            for name in (country.name, *country.aliases, *country.cities)
        }

    @cached_property
    def _doubtful(self) -> Mapping[tuple[str, ...], frozenset[str]]:
        """Map the names that are everyday words too to the spellings that are certain alone."""
        spellings: dict[tuple[str, ...], set[str]] = {}
        for country in self.countries:
            for name in (*country.aliases, *country.cities):
                if name.endswith(_ALSO_A_WORD):
                    spellings.setdefault(key(name), set()).add(" ".join(words(name)))
        return {name: frozenset(spelt) for name, spelt in spellings.items()}

    @cached_property
    def _longest(self) -> int:
        return max((len(name) for name in self._names), default=0)

    @cached_property
    def _joined(self) -> dict[str, Country]:
        return {"".join(name): country for name, country in self._names.items()}

    def country(self, code: str) -> Country | None:
        """Find a country by its two-letter code."""
        return next((one for one in self.countries if one.code == code), None)

    def countries_in(self, text: str) -> list[Country]:
        """List the countries a text names, by name, alias or city, in order of first mention."""
        return list(dict.fromkeys(country for country, _ in self.mentions(text)))

    def mentions(self, text: str) -> list[tuple[Country, str]]:
        """List the countries a text names with the words that name them, denied ones left out.

        "bukan johor, di penang" speaks of Penang alone.
        """
        folded = key(text)
        return list(self._mentions(folded, alone=self._is_certain(folded, text)))

    def country_named(self, text: str) -> Country | None:
        """Find the country meant by a name, a misspelt name, or a longer text.

        A country abroad goes before Indonesia: "orang Indonesia di Malaysia" is about Malaysia.
        """
        folded = key(text)
        exact = self._names.get(folded) or self._joined.get("".join(folded))
        if exact and self._is_certain(folded, text):
            return exact
        found = self.countries_in(text)
        abroad = [country for country in found if country.code != _HOME]
        return next(iter(abroad or found), None) or self._nearly(folded)

    def contacts_for(self, code: str, limit: int = 5) -> list[Contact]:
        """List the contacts of a country that may be shown, the most useful first."""
        return [one for one in self.contacts if one.country == code and one.show][:limit]

    def destination(self, code: str) -> Destination | None:
        """Find what is known about a destination; None means nothing is known."""
        return next((one for one in self.destinations if one.code == code), None)

    def unit(self, unit_id: str) -> Unit | None:
        """Find a type of service unit."""
        return next((one for one in self.units if one.id == unit_id), None)

    def _is_certain(self, folded: tuple[str, ...], text: str) -> bool:
        """Say whether a text that is one name is surely that: "amman" is a city, "aman" is safe."""
        return folded not in self._doubtful or " ".join(words(text)) in self._doubtful[folded]

    def _mentions(self, folded: tuple[str, ...], *, alone: bool) -> Iterator[tuple[Country, str]]:
        at = 0
        while at < len(folded):
            country, length = self._longest_name_at(folded, at)
            before = folded[at - 1] if at else ""
            if folded[at : at + length] in self._doubtful and not (
                before in _PLACE_WORDS or (length == len(folded) and alone)
            ):
                country = None
            if before in _AT and at > 1:
                before = folded[at - 2]
            if country and before not in _LANGUAGE_WORDS | _DENIALS:
                yield country, " ".join(folded[at : at + length])
            at += length

    def _longest_name_at(self, folded: Sequence[str], at: int) -> tuple[Country | None, int]:
        for length in range(min(self._longest, len(folded) - at), 0, -1):
            country = self._names.get(tuple(folded[at : at + length]))
            if country:
                return country, length
        return None, 1

    def _nearly(self, folded: Sequence[str]) -> Country | None:
        # Only for a short answer such as "malaysya": in a story, near names are other words.
        if not folded or len(folded) > 3:
            return None
        long_names = [name for name in self._joined if len(name) >= 6]
        near = get_close_matches("".join(folded), long_names, n=1, cutoff=0.86)
        return self._joined[near[0]] if near else None
