"""`make messages`: translators get every text, and no translation outlives its original."""

import re
from pathlib import Path

import pytest

from hotline.settings import ROOT
from suar.messages import catalogue_file, entries, read_catalogue, update

DOMAIN = """
responses:
  utter_code:
  - text: "Kode Anda {code}."
    buttons:
    - {title: "Lapor", payload: "/report"}
  - channel: sms
    text: "Kode {code}"
"""
OFFERS = """
signs:
- {id: debt, title: "Utang", text: "Anda diminta berutang. ", sms: "Diminta berutang."}
questions:
- {id: paid, text: "Sudah bayar?", choices: [{title: "Sudah", payload: "/yes"}]}
grades:
- {id: high, text: "Banyak tanda bahaya."}
"""
PLACES = """
destinations:
- {code: MY, text: "Malaysia: ...", sms: "Malaysia"}
"""
COUNTRIES = """
- {code: MY, name: Malaysia}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a project with a handful of texts."""
    for name, content in {
        "bot/domain/one.yml": DOMAIN,
        "knowledge/offer_signs.yml": OFFERS,
        "knowledge/destinations.yml": PLACES,
        "knowledge/countries.yml": COUNTRIES,
    }.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return tmp_path


def translate(root: Path, context: str, text: str, into: str) -> None:
    """Do what a translator does: fill in one text and take the fuzzy flag off."""
    file = catalogue_file("jv", root)
    head, marks = f'msgctxt "{context}"\nmsgid "{text}"\n', r"#, fuzzy[^\n]*\n"
    pattern = re.compile(marks + re.escape(head) + 'msgstr ""')
    content, filled = pattern.subn(f'{head}msgstr "{into}"', file.read_text())
    assert filled == 1
    file.write_text(content)


def test_every_text_is_gathered_with_its_context(root: Path) -> None:
    """Responses, their channels, buttons, offer signs, destinations and countries."""
    assert set(entries(root)) == {
        ("utter_code", "Kode Anda {code}."),
        ("utter_code.sms", "Kode {code}"),
        ("button", "Lapor"),
        ("button", "Sudah"),
        ("offer.sign.debt", "Anda diminta berutang."),
        ("offer.sign.debt.sms", "Diminta berutang."),
        ("offer.title.debt", "Utang"),
        ("offer.question.paid", "Sudah bayar?"),
        ("offer.grade.high", "Banyak tanda bahaya."),
        ("destination.MY", "Malaysia: ..."),
        ("destination.MY.sms", "Malaysia"),
        ("country", "Malaysia"),
    }


def test_a_new_catalogue_is_empty_and_says_how_much_there_is_to_do(root: Path) -> None:
    """Nothing is called translated that nobody has translated."""
    assert update("jv", root) == (0, 12)
    assert catalogue_file("jv", root).exists()


def test_a_translation_survives_an_update(root: Path) -> None:
    """With its approval; the texts around it stay marked as not yet read by a native speaker."""
    update("jv", root)
    translate(root, "button", "Lapor", "Lapur")
    assert update("jv", root) == (1, 12)
    kept = read_catalogue("jv", root).get("Lapor", "button")
    assert kept is not None
    assert (kept.string, "fuzzy" in kept.flags) == ("Lapur", False)
    other = read_catalogue("jv", root).get("Sudah", "button")
    assert other is not None
    assert "fuzzy" in other.flags


def test_updating_twice_changes_no_byte(root: Path) -> None:
    """A commit shows what changed, not when."""
    update("jv", root)
    before = catalogue_file("jv", root).read_bytes()
    update("jv", root)
    assert catalogue_file("jv", root).read_bytes() == before


def test_a_changed_text_loses_its_translation(root: Path) -> None:
    """A translation of another sentence would be told as if it were this one."""
    update("jv", root)
    translate(root, "utter_code", "Kode Anda {code}.", "Kode sampeyan {code}.")
    file = root / "bot/domain/one.yml"
    file.write_text(file.read_text().replace("Kode Anda {code}.", "Simpan kode {code}."))
    assert update("jv", root) == (0, 12)
    fresh = read_catalogue("jv", root).get("Simpan kode {code}.", "utter_code")
    assert fresh is not None
    assert fresh.string == ""


def test_the_lost_translation_stays_for_the_translator(root: Path) -> None:
    """What was translated before is the best help for translating the new sentence."""
    update("jv", root)
    translate(root, "utter_code", "Kode Anda {code}.", "Kode sampeyan {code}.")
    file = root / "bot/domain/one.yml"
    file.write_text(file.read_text().replace("Kode Anda {code}.", "Simpan kode {code}."))
    update("jv", root)
    assert "Kode sampeyan {code}." in catalogue_file("jv", root).read_text()


def test_the_real_texts_can_be_gathered() -> None:
    """No text of the project is empty, and each context names a sentence once."""
    every = list(entries(ROOT))
    assert len(every) > 100
    assert [context for context, text in every if not text.strip()] == []
