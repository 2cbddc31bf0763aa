"""What the reader of the danger rules puts together and refuses."""

from pathlib import Path

import pytest

from hotline.errors import ContentError
from hotline.settings import ROOT
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


def test_words_as_typed_are_read_and_must_stand_for_a_word(tmp_path: Path) -> None:
    """A Batak "nga" (already) takes nothing back, and what is no pair of words is refused."""
    as_typed = 'as_typed: {nga: nunga}\ngroups:\n  "no": [ngga]\n'
    rules = RULES.replace("groups:\n", as_typed).replace(
        "    near: |\n      canda", "    just_before: |\n      <no>"
    )
    (tmp_path / "bbc.yml").write_text(rules, encoding="utf-8")
    guard = load_guard(tmp_path)
    assert guard.read("ngga dipukul") is None
    assert guard.read("nga dipukul") is not None
    (tmp_path / "bbc.yml").write_text(rules.replace("{nga: nunga}", "[nga]"), encoding="utf-8")
    with pytest.raises(ContentError, match="a word for a word"):
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


@pytest.mark.parametrize(
    "text",
    ["sms mantong, bek neutelpon", "sms mi puang aja' tatelpong", "unang telepon, sms ma",
     "sms saja, jangan telepon", "sms mawon, ampun nelpon", "text only, no calls please"],
)  # fmt: skip
def test_how_somebody_wants_to_be_written_to_is_no_danger(text: str) -> None:
    """It is a wish, kept as one; by itself it says nothing of what is being done to her."""
    assert load_guard(ROOT / "data" / "danger").read(text) is None
