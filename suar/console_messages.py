"""Gathers every text of the console into its English catalogue."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from console.canned import load_canned
from console.macros import load_macros
from console.problems import KNOWN
from hotline.notices import WORDS
from hotline.settings import ROOT

FILE = Path("locale") / "en" / "LC_MESSAGES" / "console.po"
_HEADER = "# Texts of the responders' console."


def entries(root: Path = ROOT) -> Iterator[str]:
    """Give every Indonesian text a responder can read, in the order of the files."""
    for file in sorted((root / "console" / "templates").glob("*.html")):
        with file.open("rb") as stream:
            for _, _, said, _ in babel_extract(stream, ["_"], [], {}):
                if isinstance(said, str):  # else a title of knowledge/, see below
                    yield said
    for _, text in KNOWN:
        yield text
    yield from WORDS.values()
    for one in load_canned(root / "knowledge"):
        yield one.title
    for macro in load_macros(root / "knowledge"):
        yield macro.title


def read(root: Path = ROOT) -> Catalog:
    """Read the catalogue, or begin an empty one."""
    file = root / FILE
    if not file.exists():
        return Catalog(locale="en", project="Suar", charset="utf-8")
    with file.open("rb") as stream:
        return read_po(stream, locale="en")


def update(root: Path = ROOT) -> tuple[int, int]:
    """Bring the catalogue up to date; returns how many texts are translated, of how many."""
    known = {str(entry.id): str(entry.string) for entry in read(root) if entry.id}
    fresh = Catalog(locale="en", charset="utf-8", header_comment=_HEADER, project="Suar")
    for text in dict.fromkeys(entries(root)):
        fresh.add(text, known.get(text, ""))
    out = io.BytesIO()
    write_po(out, fresh, width=0, omit_header=False, sort_output=False)
    # The date of writing would change the file at every run and say nothing.
    kept = [line for line in out.getvalue().splitlines() if b"-Date:" not in line]
    (root / FILE).write_bytes(b"\n".join(kept) + b"\n")
    done = [entry for entry in fresh if entry.id and entry.string]
    return len(done), len([entry for entry in fresh if entry.id])
