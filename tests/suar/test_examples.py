"""Adding to the training examples: what stood there stays, and what is added reads back."""

from pathlib import Path

import pytest

from hotline.errors import ContentError
from suar.examples import LEARNED, Example, add, file_of, near_duplicates, read_file

FILE = """version: "3.1"
nlu:
- intent: faq/costs
  metadata: {language: id}
  examples: |
    - brp ongkos ke [taiwan](country)
    - mahal ga kak"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with the costs in Indonesian; its file ends without a line break."""
    (tmp_path / "id").mkdir()
    (tmp_path / "id" / "costs.yml").write_text(FILE)
    return tmp_path


def example(text: str) -> Example:
    return Example("faq/costs", "id", text)


def test_examples_are_added_under_a_heading_of_their_own(folder: Path) -> None:
    """A reader sees which ones came from the desk; a second time there is one heading still."""
    add([example("biayanya brp sih bu ke [hongkong](country)")], folder)
    add([example("potongan gaji sampai berapa bulan")], folder)
    file = folder / "id" / "costs.yml"
    assert [e.marked for e in read_file(file)] == [
        "brp ongkos ke [taiwan](country)",
        "mahal ga kak",
        "biayanya brp sih bu ke [hongkong](country)",
        "potongan gaji sampai berapa bulan",
    ]
    assert {(e.intent, e.language) for e in read_file(file)} == {("faq/costs", "id")}
    assert file.read_text().count(LEARNED) == 1
    assert file.read_text().startswith(FILE)


@pytest.mark.parametrize("text", ["satu\ndua", "satu\n- intent: greet", ""])
def test_what_would_not_read_back_is_not_written(folder: Path, text: str) -> None:
    """The file stays as it was, and nothing else is left beside it."""
    with pytest.raises(ContentError, match="nothing was written"):
        add([example(text)], folder)
    assert (folder / "id" / "costs.yml").read_text() == FILE
    assert [file.name for file in (folder / "id").iterdir()] == ["costs.yml"]


def test_a_file_keeps_who_may_read_it(folder: Path) -> None:
    """The command works with a narrow mask; the project's files are for everybody."""
    file = folder / "id" / "costs.yml"
    file.chmod(0o644)
    add([example("biayanya brp sih bu")], folder)
    assert file.stat().st_mode & 0o777 == 0o644


def test_a_topics_file_bears_its_slug(folder: Path) -> None:
    """As do all files of the topic."""
    assert file_of("faq/costs", "id", folder) == folder / "id" / "costs.yml"
    assert file_of("greet", "jv", folder) == folder / "jv" / "greet.yml"


def test_a_sentence_with_another_name_is_a_copy() -> None:
    """Of another intent it is not: that is what the border is made of."""
    one = example("brp ongkos ke [taiwan](country) lewat agen resmi")
    two = example("brp ongkos ke [hongkong](country) lewat agen resmi")
    assert near_duplicates([one, two]) == [(two.marked, one.marked)]
    assert near_duplicates([one, Example("faq/contract", "id", two.marked)]) == []
