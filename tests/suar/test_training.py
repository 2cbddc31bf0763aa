"""The model's name: the same content gives the same model, another content another."""

import json
import os
from pathlib import Path

import pytest

from hotline.errors import SuarError
from hotline.settings import ROOT, load_settings
from suar.training import (
    SOURCES,
    _forget_old,
    content_hash,
    ensure_model,
    make_model,
    model_file,
    source_files,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a small project with a few of the sources."""
    for name in ("config.yml", "data/nlu/id/costs.yml", "bot/components/text.py"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    return tmp_path


def test_every_source_exists() -> None:
    """A folder that was renamed must not silently drop out of the content."""
    assert [name for name in SOURCES if not (ROOT / name).exists()] == []
    assert len(source_files()) > len(SOURCES)


def test_the_same_content_has_the_same_name(root: Path) -> None:
    """Neither the time nor the place of the files matters."""
    before = content_hash(root)
    (root / "config.yml").touch()
    assert content_hash(root) == before


@pytest.mark.parametrize("change", ["edit", "add", "remove", "rename"])
def test_any_change_gives_another_name(root: Path, change: str) -> None:
    """A model is never used for content that it was not made from."""
    before, file = content_hash(root), root / "data/nlu/id/costs.yml"
    if change == "edit":
        file.write_text("lain")
    elif change == "add":
        file.with_name("wages.yml").write_text("")
    elif change == "remove":
        file.unlink()
    else:
        file.rename(file.with_name("fees.yml"))
    assert content_hash(root) != before


def test_what_python_leaves_behind_changes_nothing(root: Path) -> None:
    """Running the components once is no reason to train again."""
    before = content_hash(root)
    cache = root / "bot/components/__pycache__"
    cache.mkdir()
    (cache / "text.cpython-310.pyc").write_bytes(b"x")
    assert content_hash(root) == before


def test_moving_text_between_files_changes_the_name(root: Path) -> None:
    """The borders between files belong to the content."""
    one, two = root / "data/nlu/id/a.yml", root / "data/nlu/id/b.yml"
    one.write_text("ab")
    two.write_text("c")
    before = content_hash(root)
    one.write_text("a")
    two.write_text("bc")
    assert content_hash(root) != before


def test_a_model_that_is_there_is_not_trained_again(tmp_path: Path) -> None:
    """The file named for the present content is used as it is."""
    settings = load_settings({"SUAR_HOME": str(tmp_path)})
    model = model_file(settings)
    model.parent.mkdir()
    model.write_bytes(b"a model")
    assert ensure_model(settings) == model
    assert model.read_bytes() == b"a model"


def test_the_model_in_use_is_kept_however_old(tmp_path: Path) -> None:
    """While new ones are refused it is what callers talk to; figures go with their model."""
    for number in range(5):
        for end in (".tar.gz", ".json"):
            file = tmp_path / f"suar-{number}{end}"
            file.write_text("{}")
            os.utime(file, (1_000_000_000 + number, 1_000_000_000 + number))
    (tmp_path / "in-use.json").write_text('{"model": "suar-0.tar.gz"}')
    _forget_old(tmp_path)
    left = sorted(file.name for file in tmp_path.glob("suar-*.tar.gz"))
    assert left == [f"suar-{number}.tar.gz" for number in (0, 2, 3, 4)]
    assert not (tmp_path / "suar-1.json").exists()
    assert (tmp_path / "suar-0.json").exists()


def test_the_newest_model_is_there_for_tests_and_figures_also_when_refused(tmp_path: Path) -> None:
    """They ask what the present content makes, not what callers may meet."""
    settings = load_settings({"SUAR_HOME": str(tmp_path)})
    model = model_file(settings)
    model.parent.mkdir()
    model.write_bytes(b"a model")
    used = model.with_name("suar-used.tar.gz")
    used.write_bytes(b"another")
    notes = {"model": used.name, "refused": {model.name: used.name}}
    (model.parent / "in-use.json").write_text(json.dumps(notes))
    assert make_model(settings) == model
    assert ensure_model(settings) == used
    assert ensure_model(settings, allow=True) == model
    assert ensure_model(settings) == model


def test_a_model_from_elsewhere_is_used_as_it_is(tmp_path: Path) -> None:
    """SUAR_MODEL outweighs whatever the content is."""
    model = tmp_path / "other.tar.gz"
    model.write_bytes(b"a model")
    settings = load_settings({"SUAR_HOME": str(tmp_path), "SUAR_MODEL": str(model)})
    assert ensure_model(settings) == model


def test_a_model_that_is_named_but_missing_is_an_error(tmp_path: Path) -> None:
    """Training another one in silence would hide the operator's mistake."""
    settings = load_settings({"SUAR_HOME": str(tmp_path), "SUAR_MODEL": "/nowhere/m.tar.gz"})
    with pytest.raises(SuarError, match=r"SUAR_MODEL names /nowhere/m\.tar\.gz"):
        ensure_model(settings)
