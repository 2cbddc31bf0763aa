"""Reads knowledge/languages.yml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from hotline.errors import ContentError
from hotline.languages import Answers, Language, Languages
from hotline.settings import ROOT


@cache
def load_languages(file: Path = ROOT / "knowledge" / "languages.yml") -> Languages:
    """Read the languages; raises ContentError naming the file and what is wrong."""
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
        rows = tuple(
            Language(row["code"], row["name"], Answers(row["answers"]), frozenset(row["called"]))
            for row in content["languages"]
        )
        return Languages(rows, frozenset(content["road_topics"]))
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise ContentError(f"{file}: {type(error).__name__}: {error}") from None
