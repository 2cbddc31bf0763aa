"""Draws one A4 page from a rendered template, whatever somebody has written into its words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal

from fpdf import FPDF
from fpdf.enums import MethodReturnValue
from fpdf.fonts import TTFFont

_FONT = Path(__file__).parent / "fonts" / "DejaVuSansCondensed.ttf"
_LEFT, _TOP, _WIDTH, _BOTTOM = 16.0, 14.0, 178.0, 274.0  # millimetres
_NAMES = 46.0  # the column of names
_Colour = tuple[int, int, int]
_INK, _GREY, _PALE, _WHITE = (20, 20, 20), (90, 90, 90), (235, 235, 235), (255, 255, 255)
# How many characters of each value are printed: all, and fewer until the page is one page.
_CUTS = (6000, 3000, 1500, 800, 400, 200, 100, 50, 24)
_CUT = " […]"
_MISSING = "\u25a1"
_MOST_MARKS = 2  # on one letter; more would climb over the lines above
_KINDS = {
    "h1": "title", "h2": "heading", "h3": "secret", "li": "warning", "dt": "name", "dd": "value",
    "p": "text", "footer": "foot",
}  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """A part of the page: what it is, and its words."""

    kind: str
    text: str


@dataclass(frozen=True, kw_only=True)
class _Look:
    """How a piece stands on the page; lengths in millimetres."""

    size: float
    left: float = _LEFT
    width: float = _WIDTH
    ink: _Colour = _INK
    paper: _Colour = _WHITE
    box: bool = False
    align: Literal["L", "C"] = "L"
    above: float = 0.0
    below: float = 0.0


_LOOKS = {
    "secret": _Look(size=11, ink=_WHITE, paper=_INK, box=True, align="C", below=2),
    "title": _Look(size=14, below=1),
    "heading": _Look(size=10.5, above=1.5, below=0.8),
    "warning": _Look(size=9.5, paper=_PALE, box=True),
    "name": _Look(size=8.5, width=_NAMES - 2, ink=_GREY),
    "value": _Look(size=9, left=_LEFT + _NAMES, width=_WIDTH - _NAMES, below=0.6),
    "text": _Look(size=9),
    "foot": _Look(size=7.5, ink=_GREY),
}


class _Reader(HTMLParser):
    """Takes the words out of a template that uses few elements and no attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self._kind, self._words = "", list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _KINDS:
            self._kind, self._words = _KINDS[tag], []
        elif tag == "q":
            self._words.append("“")

    def handle_data(self, data: str) -> None:
        if self._kind:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if _KINDS.get(tag) == self._kind:
            self.pieces.append(Piece(self._kind, clean("".join(self._words))))
            self._kind = ""
        elif tag == "q":
            self._words.append("”")


def read(page: str) -> list[Piece]:
    """Read the pieces of a rendered template."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.pieces


def clean(text: str) -> str:
    """Keep what can be printed: no control or direction signs, no towers of marks."""
    kept, marks = [], 0
    for sign in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(sign)
        marks = marks + 1 if kind in {"Mn", "Me"} else 0
        if sign == "\n" or (kind[0] != "C" and marks <= _MOST_MARKS and kind not in {"Zl", "Zp"}):
            kept.append(sign)
    lines = (re.sub(r"\s+", " ", line).strip() for line in "".join(kept).split("\n"))
    return "\n".join(line for line in lines if line)


class _Page(FPDF):
    def __init__(self, title: str) -> None:
        super().__init__(format="A4")
        self.set_margins(_LEFT, _TOP, 210 - _LEFT - _WIDTH)
        self.set_auto_page_break(False)
        self.add_font("suar", fname=_FONT)
        self.set_title(title)
        self.set_creator("Suar")
        self.add_page()
        font = self.fonts["suar"]
        assert isinstance(font, TTFFont)
        self._font = font

    def put(self, text: str, look: _Look, *, dry: bool) -> float:
        """Write words into a column, or only say how high they would stand."""
        self.set_font("suar", size=look.size)
        self.set_text_color(*look.ink)
        self.set_fill_color(*look.paper)
        self.set_x(look.left)
        known = self._font.cmap
        height = self.multi_cell(
            look.width, look.size * 0.47,
            "".join(s if s == "\n" or ord(s) in known else _MISSING for s in text),
            align=look.align, border=1 if look.box else 0, fill=look.box,
            padding=1 if look.box else 0, new_x="LEFT", new_y="NEXT",
            dry_run=dry, output=MethodReturnValue.HEIGHT,
        )  # fmt: skip
        assert isinstance(height, float | int)
        return height

    def finish(self) -> bytes:
        """Give the file, and close the font's."""
        content = bytes(self.output())
        self._font.ttfont.close()
        return content


def draw(pieces: list[Piece], title: str) -> bytes:
    """Draw the page; values are cut, all at the same length, until everything stands on one."""
    page = _Page(title)
    body = [piece for piece in pieces if piece.kind != "foot"]
    cut = next((cut for cut in _CUTS if _put_all(page, body, cut, dry=True) <= _BOTTOM), _CUTS[-1])
    _put_all(page, body, cut, dry=False)
    page.set_y(_BOTTOM + 1)
    page.line(_LEFT, page.get_y(), _LEFT + _WIDTH, page.get_y())
    for piece in pieces:
        if piece.kind == "foot":
            page.put(_cut(piece.text, 300), _LOOKS["foot"], dry=False)
    return page.finish()


def _put_all(page: _Page, pieces: list[Piece], cut: int, *, dry: bool) -> float:
    """Go down the page piece by piece; returns where it ends."""
    y = beside = _TOP
    for piece in pieces:
        look = _LOOKS[piece.kind]
        # What protects her is cut after everything else has been.
        text = _cut(piece.text, cut * 20 if piece.kind == "warning" else cut)
        if piece.kind == "name":
            beside = y
        start = (beside if piece.kind == "value" else y) + look.above
        page.set_y(start)
        end = start + page.put(text, look, dry=dry)
        y = max(y, end) + look.below
        if piece.kind == "heading" and not dry:
            page.line(_LEFT, end, _LEFT + _WIDTH, end)
    return y


def _cut(text: str, most: int) -> str:
    lines = text.split("\n")
    kept = "\n".join(lines[: max(1, most // 24)])[:most]
    return text if kept == text else kept.rstrip() + _CUT
