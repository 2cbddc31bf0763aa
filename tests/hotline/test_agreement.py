"""Yes and no in thirteen languages: a word agrees or refuses in its own language only."""

import re
from pathlib import Path

import pytest

from hotline import reading
from hotline.agreement import FOLDER, read_answer_lists

ROOT = Path(__file__).parents[2]
CODES = sorted(path.stem for path in FOLDER.glob("*.txt") if path.stem != "common")
MOST_WORDS = 3
RIGHT_AT_LEAST = 0.9
_MARK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def short_examples(code: str, intent: str) -> list[str]:
    """Give the training examples of an intent with at most three words."""
    lines = (ROOT / "data" / "nlu" / code / f"{intent}.yml").read_text(encoding="utf-8")
    bare = (line.strip() for line in lines.splitlines())
    texts = [_MARK.sub(r"\1", line[2:]) for line in bare if line.startswith("- ")]
    return [t for t in texts if "intent:" not in t and len(t.split()) <= MOST_WORDS]


def test_every_language_has_its_words() -> None:
    """A language that is understood can agree and refuse."""
    assert sorted(path.name for path in (ROOT / "data" / "nlu").iterdir()) == CODES


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(("intent", "wanted"), [("affirm", True), ("deny", False)])
def test_short_answers_are_read_in_the_callers_language(
    code: str, intent: str, wanted: bool
) -> None:
    """Nine of ten are; not knowing is no refusal, whoever filed it under one."""
    told = [text for text in short_examples(code, intent) if not reading.skips(text)]
    right = [text for text in told if reading.yes_or_no(text, code) is wanted]
    assert len(right) >= RIGHT_AT_LEAST * len(told), sorted(set(told) - set(right))


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", ["own", "id", None])
def test_no_agreement_is_read_as_a_refusal_or_the_other_way_round(
    code: str, language: str | None
) -> None:
    """Not even while the caller's language is not known yet, or thought to be Indonesian."""
    heard = code if language == "own" else language
    for intent, opposite in (("affirm", False), ("deny", True)):
        told = short_examples(code, intent)
        assert [t for t in told if reading.yes_or_no(t, heard) is opposite] == []


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("olo", "bbc", True), ("nyo", "ace", True), ("io", "min", True), ("aoq", "sas", True),
        ("enggi", "mad", True), ("io", "bug", True), ("nah", "ban", True), ("ia", "mkn", True),
        ("daong", "bbc", False), ("hana", "ace", False), ("indak", "min", False),
        ("ndeq", "sas", False), ("bunten", "mad", False), ("de'", "bug", False),
        ("sing", "ban", False), ("ten", "ban", False), ("sonde", "mkn", False),
        ("kada", "bjn", False), ("endek", "sas", False), ("endek", "mad", True),
        ("nah", "en", False), ("can", "en", True), ("can", "su", False),
    ],
)  # fmt: skip
def test_a_word_means_what_it_means_in_the_callers_language(
    text: str, language: str, said: bool
) -> None:
    """The same word may be the opposite next door."""
    assert reading.yes_or_no(text, language) is said


@pytest.mark.parametrize(("text", "said"), [("olo", True), ("Nyo pak", True), ("daong", False)])
def test_a_clear_word_alone_counts_before_the_language_is_known(text: str, said: bool) -> None:
    """The first message of a caller says too little to tell her language."""
    assert reading.yes_or_no(text) is said
    assert reading.yes_or_no(text, "id") is said


@pytest.mark.parametrize(
    "text", ["ora oleh", "ora oleh pak", "ndak buliah", "tak olle", "son bole", "kada usah"]
)
@pytest.mark.parametrize("language", ["id", "jv", "ace"])
def test_a_refusal_that_only_its_language_knows_is_one_in_any_talk(
    text: str, language: str
) -> None:
    """Both words are that language's own, and nobody else reads them as a yes."""
    assert reading.yes_or_no(text, language) is False


@pytest.mark.parametrize(
    "text",
    [
        "nah", "endek", "can", "ten", "wah", "han solo", "io takut", "hana setuju",
        "sing setuju", "so setuju", "kada papa", "hana masalah", "ndak baa doh", "tidak apa apa",
        "la", "ka", "lai di rumah", "jadi saya takut", "mau pulang", "ya salah", "iya nanti saja",
        "mau tanya dulu", "nggih badhe tanglet", "bit coin", "ada polisi", "get out",
    ],
)  # fmt: skip
def test_what_could_be_either_is_asked_again(text: str) -> None:
    """In doubt it is no consent, and no refusal either."""
    assert reading.yes_or_no(text, "id") is None


@pytest.mark.parametrize("text", ["iyaaa", "YAA PAK", "enggaaak", "he'eh", "𝗶𝘆𝗮", "ｉｙａ", "iyé'"])
def test_stretched_and_odd_letters_are_read(text: str) -> None:
    """Whatever the keyboard made of the word."""
    assert reading.yes_or_no(text, "bug" if "é" in text else "id") is (text != "enggaaak")


@pytest.mark.parametrize(
    "text",
    [
        "ndang huboto", "indak tau", "kada tahu", "sonde tau", "ndekku taok", "de' uisseng",
        "tak taoh", "ten uning", "sing nawang", "hana lon teupeu", "ora ngerti", "teu nyaho",
        "dunno",
    ],
)  # fmt: skip
def test_not_knowing_is_understood_in_every_language(text: str) -> None:
    """It is neither a place nor a refusal."""
    assert reading.skips(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("boleh tau buat apa", "id"),
        ("boleh tahu siapa", "id"),
        ("boleh siapa yang baca", "id"),
        ("boleh minta nomor", "id"),
        ("boleh saya pulang", "id"),
        ("buliah tau untuak a", "min"),
        ("bulih tahu", "bjn"),
        ("sure who is it", "en"),
    ],
)
def test_asking_what_for_is_no_consent(text: str, code: str) -> None:
    """ "Boleh" begins a question as well as an answer, with no question mark on a phone."""
    assert reading.yes_or_no(text, code) is None


def test_a_list_with_an_unknown_kind_is_refused() -> None:
    """A mistyped kind would silence its words."""
    with pytest.raises(ValueError, match="yess"):
        read_answer_lists({"xx": ["yess: iya"]})
