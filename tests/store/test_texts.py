"""Texts outside Rasa: the right variant, the right language, and broken files named."""

from pathlib import Path

import pytest

from hotline.errors import ContentError
from hotline.messages import Channel, Choice
from store.texts import Texts, load_texts

DOMAIN = """
responses:
  utter_code:
  - text: "Kode Anda {code}."
  - channel: sms
    text: "Kode {code}"
  utter_menu:
  - text: "Pilih:"
    buttons:
    - {title: "Lapor", payload: "/report"}
"""
CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgctxt "utter_code"
msgid "Kode Anda {code}."
msgstr "Kode sampeyan {code}."

msgctxt "button"
msgid "Lapor"
msgstr "Lapur"

msgctxt "utter_menu"
msgid "Pilih:"
msgstr ""
"""


@pytest.fixture
def texts(tmp_path: Path) -> Texts:
    """Give two texts in Indonesian, partly translated into Javanese."""
    (tmp_path / "domain").mkdir()
    (tmp_path / "domain" / "one.yml").write_text(DOMAIN)
    folder = tmp_path / "locale" / "jv" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "bot.po").write_text(CATALOGUE)
    return load_texts(tmp_path / "domain", tmp_path / "locale")


def test_a_channel_gets_its_own_variant(texts: Texts) -> None:
    """SMS has a shorter text; every other channel gets the first."""
    assert texts.get("utter_code", "id", "sms", code="SR-1") == "Kode SR-1"
    assert texts.get("utter_code", "id", "telegram", code="SR-1") == "Kode Anda SR-1."


def test_a_language_falls_back_to_indonesian(texts: Texts) -> None:
    """What is not translated is still said, in Indonesian."""
    assert texts.get("utter_code", "jv", "whatsapp", code="x") == "Kode sampeyan x."
    assert texts.get("utter_code", "jv", "sms", code="x") == "Kode x"
    assert texts.get("utter_menu", "jv", "whatsapp") == "Pilih:"
    assert texts.get("utter_menu", "xx", "whatsapp") == "Pilih:"


def test_choices_are_translated_and_keep_their_payload(texts: Texts) -> None:
    """The title changes with the language, the meaning does not."""
    assert texts.reply("utter_menu", "jv", "whatsapp").choices == (Choice("Lapur", "/report"),)


def test_braces_in_a_value_are_only_text(texts: Texts) -> None:
    """What a caller typed is put in as it is, and a place without a value stays visible."""
    assert texts.get("utter_code", "id", "sms", code="{code}{0}") == "Kode {code}{0}"
    assert texts.get("utter_code", "id", "sms") == "Kode {code}"


def test_an_unknown_name_is_an_error_that_names_it(texts: Texts) -> None:
    """A typing error in the code is found at once."""
    with pytest.raises(ContentError, match="utter_nothing"):
        texts.get("utter_nothing", "id", "sms")


@pytest.mark.parametrize("content", ["responses: [", "", "- satu\n- dua\n"])
def test_a_broken_file_is_named(tmp_path: Path, content: str) -> None:
    """The operator who edits content reads which file does not fit."""
    (tmp_path / "rusak.yml").write_text(content)
    with pytest.raises(ContentError, match=r"rusak\.yml"):
        load_texts(tmp_path, tmp_path)


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("language", ["id", "jv", "su", "en"])
@pytest.mark.parametrize(
    "name",
    [
        "utter_safe_text", "utter_burst", "utter_neutral_first", "utter_neutral_again",
        "utter_neutral_back", "utter_neutral_back_deleted", "utter_neutral_back_asked",
    ],
)  # fmt: skip
def test_what_the_worker_says_without_rasa_is_there(
    channel: Channel, language: str, name: str
) -> None:
    """The real texts: none is missing when Rasa is."""
    assert len(REAL.get(name, language, channel)) > 20


REAL = load_texts()
