"""The training examples of data/nlu, read once for the tests that look them over."""

from __future__ import annotations

from functools import cache

from suar import examples
from suar.examples import FOLDER, Example, languages, near_duplicates, read_file

__all__ = ["FOLDER", "Example", "languages", "near_duplicates", "of", "read_file"]


@cache
def of(language: str) -> tuple[Example, ...]:
    """Give all examples of a language."""
    return examples.of(language)
