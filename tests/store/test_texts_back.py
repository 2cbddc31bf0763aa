"""Translations read backwards: every text of every catalogue comes back in Indonesian."""

from __future__ import annotations

import pytest

from store.texts import load_texts
from store.texts_back import Backwards, known, reader

TEXTS = load_texts()


def _bare(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("language", sorted(TEXTS.catalogues))
def test_nearly_every_translation_is_found_again(language: str) -> None:
    """Only texts whose lines cannot be paired, or that consist of places, may be missing."""
    back = Backwards(TEXTS.catalogues[language])
    asked = [
        (theirs, ours)
        for (context, ours), theirs in TEXTS.catalogues[language].items()
        if context != "button" and theirs != ours
    ]
    right = sum(_bare(back(theirs)) == _bare(ours) for theirs, ours in asked)
    assert right >= 0.95 * len(asked), (right, len(asked))


def test_places_keep_what_was_filled_in() -> None:
    """A code or a name is said as it was."""
    told = {("", "Kode Anda {code}.\nHalo."): "Kode panjenengan {code}.\nSugeng."}
    back = reader({"jv": told})("jv")
    assert back
    assert back("Kode panjenengan SR-8T6J-B9.\nSugeng.") == "Kode Anda SR-8T6J-B9.\nHalo."
    assert back("Kode panjenengan SR-8T6J-B9.\nIki liya.") == "Kode Anda SR-8T6J-B9.\nIki liya."


def test_what_no_catalogue_holds_is_not_guessed() -> None:
    """A responder's own words, another language, and lines that are all place."""
    back = reader({"jv": {("", "{country}: {lines}"): "{country}: {lines}"}})
    assert back("ms") is None
    assert known(["Saya Ani."], back("jv")) == {}
    assert known(["Saya Ani."], None) == {}
    found = back("jv")
    assert found
    assert found("Hong Kong: 999") == ""
