"""Canned answers: short texts for responders, in the languages callers write."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from hotline.errors import ContentError
from hotline.settings import ROOT

LANGUAGES = (
    "id", "jv", "su", "en", "mad", "sas", "min", "bjn", "ban", "bug", "ace", "bbc", "mkn",
)  # fmt: skip


@dataclass(frozen=True)
class Canned:
    """One text in every language."""

    id: str  # what is typed after the slash
    title: str
    texts: dict[str, str]


@cache
def load_canned(knowledge: Path = ROOT / "knowledge") -> tuple[Canned, ...]:
    """Read knowledge/canned.yml; raises ContentError when a language is missing."""
    rows = yaml.load((knowledge / "canned.yml").read_text("utf-8"), yaml.CSafeLoader)
    found = tuple(
        Canned(
            row["id"],
            row["title"],
            {n: row[f"text_{n}"].strip() for n in LANGUAGES if f"text_{n}" in row},
        )
        for row in rows
    )
    for one in found:
        if set(one.texts) != set(LANGUAGES):
            raise ContentError(f"knowledge/canned.yml: {one.id} lacks a language")
    return found
