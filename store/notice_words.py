"""The words of notices in the language in which somebody reads the console."""

from __future__ import annotations

from functools import cache

from babel.messages.pofile import read_po

from hotline.notices import WORDS, Kind
from hotline.settings import ROOT


@cache
def _catalogue(language: str) -> dict[str, str]:
    file = ROOT / "locale" / language / "LC_MESSAGES" / "console.po"
    if not file.is_file():
        return {}
    with file.open("rb") as stream:
        return {str(one.id): str(one.string) for one in read_po(stream) if one.id and one.string}


def words(kind: Kind, language: str) -> str:
    """Give what a notice says; in Indonesian where there is no translation."""
    return _catalogue(language).get(WORDS[kind], WORDS[kind])
