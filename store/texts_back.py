"""Gives the Indonesian of what was said from a catalogue: translations read backwards."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

_PLACE = re.compile(r"\{(\w+)\}")
_LEAST = 4  # letters of its own that a line with places must have: "{country}:" fits anything


class Backwards:
    """One catalogue from translation to Indonesian, line by line, with places filled as read."""

    def __init__(self, catalogue: Mapping[tuple[str, str], str]) -> None:
        """Take what `Texts.catalogues` holds of one language."""
        self._plain: dict[str, str] = {}
        self._shaped: list[tuple[re.Pattern[str], str]] = []
        for ours, theirs in _lines(catalogue):
            if not _PLACE.search(theirs):
                self._plain.setdefault(theirs, ours)
            elif len(re.sub(r"\W", "", _PLACE.sub("", theirs))) >= _LEAST:
                self._shaped.append((_pattern(theirs), ours))
        # The line with most words of its own is tried first: "In {country}: {rest}" fits too much.
        self._shaped.sort(key=lambda pair: -len(pair[0].pattern))

    def __call__(self, text: str) -> str:
        """Give a text with every line the catalogue knows in Indonesian; "" if it knows none."""
        found = [(line, self._line(line.strip())) for line in text.splitlines()]
        if not any(known for _, known in found):
            return ""
        return "\n".join(known or line for line, known in found)

    def _line(self, line: str) -> str:
        if line in self._plain:
            return self._plain[line]
        for pattern, ours in self._shaped:
            if fits := pattern.fullmatch(line):
                return _fill(ours, fits.groupdict())
        return ""


def _fill(line: str, places: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: places.get(place[1], place[0]), line)


def _lines(catalogue: Mapping[tuple[str, str], str]) -> Iterator[tuple[str, str]]:
    """Pair the lines of texts and translations that have equally many; others cannot be paired."""
    for (_, ours), theirs in catalogue.items():
        left, right = _stripped(ours), _stripped(theirs)
        if len(left) == len(right):
            yield from zip(left, right, strict=True)


def _stripped(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _pattern(line: str) -> re.Pattern[str]:
    parts: list[str] = []
    seen: set[str] = set()
    for number, part in enumerate(_PLACE.split(line)):
        parts.append(_hole(part, seen) if number % 2 else re.escape(part))
    return re.compile("".join(parts))


def _hole(name: str, seen: set[str]) -> str:
    if name in seen:
        return f"(?P={name})"
    seen.add(name)
    return f"(?P<{name}>.+?)"


def reader(
    catalogues: Mapping[str, Mapping[tuple[str, str], str]],
) -> Callable[[str], Backwards | None]:
    """Make what gives one for a language, built when first asked for; None where none is known."""

    @cache
    def back(language: str) -> Backwards | None:
        return Backwards(catalogues[language]) if language in catalogues else None

    return back


def known(texts: Iterable[str], back: Backwards | None) -> dict[str, str]:
    """Give those of the texts that can be read backwards, each with its Indonesian."""
    found = {text: back(text) for text in texts} if back else {}
    return {text: ours for text, ours in found.items() if ours and ours != text}
