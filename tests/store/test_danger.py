"""What the reader of the danger rules puts together and refuses."""

from pathlib import Path

import pytest

from hotline.errors import ContentError
from store.danger import load_guard

RULES = """
language: id
groups:
  me: [saya, aku]
contexts:
  joke:
    near: |
      canda
rules:
- id: beaten
  any: |
    dipukul
    mukul <me>
  unless: [joke]
"""


def test_rules_of_all_languages_read_every_message(tmp_path: Path) -> None:
    """Callers mix languages, so a Javanese rule uses the groups of the Indonesian file."""
    (tmp_path / "id.yml").write_text(RULES, encoding="utf-8")
    (tmp_path / "jv.yml").write_text(
        "language: jv\nrules:\n- id: beaten\n  any: |\n    nggebugi <me>\n", encoding="utf-8"
    )
    guard = load_guard(tmp_path)
    assert guard.read("juragane nggebugi aku") is not None
    assert guard.read("canda kok nggebugi aku") is None


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("<me>", "<them>", "not a group"),
        ("[joke]", "[prank]", "prank"),
        ("    dipukul", "    .. dipukul", "begin with a word"),
        ("near:", "around:", "around"),
        ("language: id", "lang: id", "may stand here"),
        ("[saya, aku]", "[saya, no]", "quote no"),
        ("rules:", "rules: [", "cannot be read"),
    ],
)
def test_a_broken_rule_file_is_refused(tmp_path: Path, old: str, new: str, what: str) -> None:
    """A guard with a hole in it does not start."""
    assert old in RULES
    (tmp_path / "id.yml").write_text(RULES.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError, match=what):
        load_guard(tmp_path)


SIGNS = """
language: common
scale: {ring: 3, rule: 3, sure: 9, faint: [], denied_by: [bukan]}
signs:
- id: watched
  weight: 2
  any: |
    di luar
- id: secret
  weight: 1
  any: |
    jangan telpon
"""


def test_signs_are_read_with_their_weights(tmp_path: Path) -> None:
    """Two signs reach the ring together."""
    (tmp_path / "id.yml").write_text(RULES, encoding="utf-8")
    (tmp_path / "signs.yml").write_text(SIGNS, encoding="utf-8")
    guard = load_guard(tmp_path)
    assert guard.read("dia di luar") is None
    assert guard.read("jangan telpon dia di luar") is not None


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("scale: {ring: 3, rule: 3, sure: 9, faint: [], denied_by: [bukan]}", "", "no scale"),
        ("rule: 3,", "loud: 3,", "a scale has denied_by, faint"),
        ("weight: 2", "weight: heavy", "must weigh a number"),
        ("weight: 2", "wait: 2", "id, weight and any"),
        ("    di luar", "    .. luar", "begin with a word"),
    ],
)
def test_broken_signs_are_refused(tmp_path: Path, old: str, new: str, what: str) -> None:
    """Signs that cannot be weighed do not load."""
    assert old in SIGNS
    (tmp_path / "signs.yml").write_text(SIGNS.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError, match=what):
        load_guard(tmp_path)


FRAMES = """
language: common
frames:
- id: asks
  any: |
    apakah
  spares: [beaten]
"""


def test_frames_are_read(tmp_path: Path) -> None:
    """A question silences signs, not the rule that it spares."""
    (tmp_path / "id.yml").write_text(RULES, encoding="utf-8")
    (tmp_path / "signs.yml").write_text(SIGNS, encoding="utf-8")
    (tmp_path / "frames.yml").write_text(FRAMES, encoding="utf-8")
    guard = load_guard(tmp_path)
    assert guard.read("jangan telpon dia di luar") is not None
    assert guard.read("apakah jangan telpon dia di luar") is None
    assert guard.read("apakah dipukul") is not None


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("any:", "some:", "a frame has"),
        ("[beaten]", "[beeten]", "no rule is named"),
        ("    apakah", "    .. apakah", "begin with a word"),
    ],
)
def test_broken_frames_are_refused(tmp_path: Path, old: str, new: str, what: str) -> None:
    """A frame that could never hold, or spares a rule nobody wrote, does not load."""
    (tmp_path / "id.yml").write_text(RULES, encoding="utf-8")
    (tmp_path / "frames.yml").write_text(FRAMES.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError, match=what):
        load_guard(tmp_path)


def test_a_folder_without_rules_is_refused(tmp_path: Path) -> None:
    """An empty folder never passes for a guard that hears nothing."""
    with pytest.raises(ContentError, match="no danger rules"):
        load_guard(tmp_path)
