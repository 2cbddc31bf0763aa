"""Reading the word lists the components learn from, and saying when they have changed."""

from __future__ import annotations

import hashlib
from pathlib import Path


def read_list(path: Path) -> list[str]:
    """Return the lines of a word list without comments and blanks; none if it is not there."""
    if not path.is_file():
        return []
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def read_glosses(path: Path) -> dict[str, str]:
    """Return, from lines "word: other other", each of the others with the word it stands for."""
    table: dict[str, str] = {}
    for line in read_list(path):
        word, _, others = line.partition(":")
        table.update(dict.fromkeys(others.split(), word.strip()))
    return table


def fingerprint(*paths: Path) -> str:
    """Return a hash of files and of the files in folders, so that Rasa trains anew after a change.

    Rasa itself compares only the settings and the source of the component's own class.
    """
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.glob("*") if path.is_dir() else [path]):
            if file.is_file():
                digest.update(file.name.encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()
