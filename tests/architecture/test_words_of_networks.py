"""No word that callers are told to write is one by which a network or Twilio cuts them off."""

import re
from collections.abc import Iterator

import pytest

from hotline.optout import IN_WORDS, OUT_WORDS, wish
from suar import messages
from tests.architecture.texts import domain, variants

# What Twilio answers itself, and then keeps from us or cuts off the caller for.
NETWORKS = OUT_WORDS | IN_WORDS | {"help", "info"}
# Where such a word is meant: STOP's own texts.
MEANT = {"utter_opted_out", "utter_opted_in"}
_TOLD = re.compile(
    r"\b(?:tulis|balas|ketik|kirim|jawab|serat|bales|write|reply|type|send|text)\b[: ]+"
    r"(?:with |dengan |kata )?[\"']?(\w+)",
    re.IGNORECASE,
)


def titles() -> Iterator[tuple[str, str]]:
    """Give every title of a choice in every language."""
    for name, form in variants():
        for button in form.get("buttons") or []:
            yield name, button["title"]
    for language in messages.languages():
        for entry in messages.read_catalogue(language):
            if entry.context == "button" and entry.id:
                yield language, str(entry.string)


def texts() -> Iterator[tuple[str, str]]:
    """Give every text in every language."""
    for name, form in variants():
        yield name, form["text"]
    for language in messages.languages():
        for entry in messages.read_catalogue(language):
            if entry.id:
                yield str(entry.context).split(".")[0], str(entry.string)


def test_no_choice_is_a_word_of_the_networks() -> None:
    """By SMS a title is typed: "Stop" would cut her off."""
    found = list(titles())
    assert len(found) > 200
    for where, title in found:
        assert wish(title) is None, (where, title)
        assert title.lower().strip(" .!") not in NETWORKS, (where, title)


def test_no_instruction_asks_for_a_word_of_the_networks() -> None:
    """Neither "tulis STOP" nor "reply CANCEL", except where that is meant."""
    asked = {word for _, text in texts() for word in _TOLD.findall(text)}
    assert {"DARURAT", "BATAL", "LANJUT"} <= asked
    for name, text in texts():
        if name not in MEANT:
            told = {word.lower() for word in _TOLD.findall(text) if word.isupper()}
            assert told & NETWORKS == set(), (name, text)


@pytest.mark.parametrize("word", ["BATAL", "LANJUT", "RESEP", "LEWATI", "DARURAT", "STATUS"])
def test_our_own_words_are_free(word: str) -> None:
    """They reach the bot."""
    assert wish(word) is None
    assert word.lower() not in NETWORKS


def test_the_words_we_name_for_stopping_work() -> None:
    """MULAI and BERHENTI stand in the texts about it."""
    said = " ".join(f["text"] for n in sorted(MEANT) for f in domain()["responses"][n])
    assert {word.lower() for word in re.findall(r"\b[A-Z]{4,}\b", said)} <= OUT_WORDS | IN_WORDS


# What a first message may be answered with, before the caller has asked for anything.
FIRST = (
    "utter_greet", "utter_use_words", "utter_media_received", "utter_voice_received",
    "utter_unsure_empty", "utter_burst", "utter_opted_out", "utter_person_here", "utter_quiet",
)  # fmt: skip
TELLING = re.compile(
    r"perdagangan|tppo|trafficking|korban|victim|polisi|police|majikan|employer|gugus|satgas|"
    r"penyelamat|rescue|eksploitasi|perbudakan|slavery|sindikat|kekerasan|pmi\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", FIRST)
def test_what_a_stranger_sees_first_tells_nothing(name: str) -> None:
    """Whoever picks up the phone must not learn from one message what this number is for."""
    for form in domain()["responses"][name]:
        words = [form["text"], *(button["title"] for button in form.get("buttons") or [])]
        assert [word for word in words if TELLING.search(word)] == []
