"""Reads a PDF as a person would see it."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader


def pages(content: bytes) -> int:
    """Count the pages."""
    return len(PdfReader(BytesIO(content), strict=True).pages)


def words(content: bytes) -> str:
    """Give all that is drawn, line after line, in the order in which it is drawn."""
    reader = PdfReader(BytesIO(content), strict=True)
    return "\n".join(page.extract_text() for page in reader.pages)
