"""Promises about the code itself: small pieces, one place for settings, nothing patched."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from hotline.settings import Settings, load_settings, read_env_file
from tests.architecture.texts import PACKAGES, ROOT, parse, python_files

MOST_LINES = 300
MOST_LINES_OF_A_TEST = 450  # tables of examples are long and easy to read
MOST_IN_A_FUNCTION = 50
MIGRATION = "store/migrations/versions/2026_11_22_the_road.py"
CONSOLE_MIGRATION = "store/migrations/versions/2026_11_22d_console.py"
# Longer than we like, each for a reason.
LONG_FILES = {
    MIGRATION: "one migration is one file, and this one makes every table",
    CONSOLE_MIGRATION: "as the first one, for the console",
}
LONG_FUNCTIONS = {
    f"{MIGRATION}:upgrade": "it lists the tables",
    f"{CONSOLE_MIGRATION}:upgrade": "it lists the tables",
    "store/register/importing.py:import_file": "one import is one transaction, told in order",
}
READS_ENVIRONMENT = {
    "hotline/settings.py": "the one place",
    "suar/environments.py": "children inherit PATH and HOME",
    "bot/connector.py": "Rasa's Python cannot import the settings; suar run hands them over",
    "bot/tracker_store.py": "as bot/connector.py",
}
SETTING = re.compile(r"SUAR_[A-Z_]+[A-Z]")


def short(file: Path) -> str:
    """Name a file from the root."""
    return file.relative_to(ROOT).as_posix()


def functions(file: Path) -> Iterator[tuple[str, int]]:
    """Give every function of a file with its number of lines."""
    for node in ast.walk(parse(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield node.name, node.end_lineno - node.lineno + 1


def too_long(most: int, *folders: str) -> set[str]:
    """Name the files with more lines than that."""
    return {
        short(file)
        for file in python_files(*folders)
        if len(file.read_text(encoding="utf-8").splitlines()) > most
    }


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    """The table above holds the exceptions."""
    assert too_long(MOST_LINES, *PACKAGES) == set(LONG_FILES)
    assert too_long(MOST_LINES_OF_A_TEST, "tests", "benchmarks") == set()


def test_no_function_is_longer_than_fifty_lines() -> None:
    """As above."""
    long = {
        f"{short(file)}:{name}"
        for file in python_files(*PACKAGES)
        for name, lines in functions(file)
        if lines > MOST_IN_A_FUNCTION
    }
    assert long <= set(LONG_FUNCTIONS)


def test_every_module_says_what_it_is() -> None:
    """One sentence opens every file that holds anything."""
    for file in python_files(*PACKAGES, "tests", "benchmarks"):
        tree = parse(file)
        if tree.body:
            assert ast.get_docstring(tree), short(file)


def test_the_environment_is_read_in_the_listed_places_only() -> None:
    """A setting that is read elsewhere is documented nowhere."""
    reading = set()
    for file in python_files(*PACKAGES):
        for node in ast.walk(parse(file)):
            if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}:
                reading.add(short(file))
    assert reading <= set(READS_ENVIRONMENT)


@pytest.mark.parametrize("word", ["unittest" + ".mock", "mock" + ".patch", "datetime." + "utcnow"])
def test_nothing_is_mocked_and_no_clock_is_naive(word: str) -> None:
    """Fakes are written by hand, moments carry their zone."""
    for file in python_files(*PACKAGES, "tests", "benchmarks"):
        assert word not in file.read_text(encoding="utf-8"), short(file)


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME"])
def test_nothing_is_left_for_later_in_the_code(word: str) -> None:
    """What is missing stands in the documentation, where operators read it."""
    for file in python_files(*PACKAGES):
        assert re.search(rf"\b{word}\b", file.read_text(encoding="utf-8")) is None, short(file)


def settings_in_code() -> set[str]:
    """Name every setting that the modules of settings in hotline/ read."""
    files = sorted((ROOT / "hotline").glob("*settings.py"))
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return {name for name in SETTING.findall(text) if f'"{name}"' in text}


def test_every_setting_stands_in_the_example_and_no_other() -> None:
    """An operator finds all settings in one file, and none that does nothing."""
    assert set(read_env_file(ROOT / ".env.example")) == settings_in_code()


def test_every_setting_in_the_example_is_described() -> None:
    """A block of settings begins with a comment."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    for block in re.split(r"\n\s*\n", text):
        if "=" in block:
            assert block.lstrip().startswith("#"), block


def test_the_example_holds_the_defaults() -> None:
    """Copying it changes nothing."""
    assert load_settings(read_env_file(ROOT / ".env.example")) == load_settings({})


def test_every_setting_has_an_effect() -> None:
    """A value that nobody reads would be a promise to the operator."""
    code = "\n".join(
        file.read_text(encoding="utf-8")
        for file in python_files(*PACKAGES)
        if short(file) != "hotline/settings.py"
    )
    unused = [f.name for f in fields(Settings) if not re.search(rf"\.{f.name}\b", code)]
    assert unused == []
