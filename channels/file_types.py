"""Tells what kind a file is by its content; what its sender calls it counts for nothing."""

from __future__ import annotations

import io
import re
import zipfile
from contextlib import suppress

import puremagic

_TEXT_SIGNS = frozenset("\n\r\t\f")
_WEB_PAGE = re.compile(r"<\s*(?:!doctype|html|head|body|script|svg|iframe|\?xml)", re.IGNORECASE)
_LOOK_AT = 4096
_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
_IN_ZIP = {
    "word/document.xml": f"{_OOXML}wordprocessingml.document",
    "xl/workbook.xml": f"{_OOXML}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OOXML}presentationml.presentation",
}
_ODF_KINDS = frozenset({f"{_ODF}text", f"{_ODF}spreadsheet", f"{_ODF}presentation"})
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# An installer has the same form as an old office file; only the name of its first stream tells.
_IN_OLE = {
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
}
_BY_ENDING = {
    **dict.fromkeys((".jpg", ".jpeg", ".jfif"), "image/jpeg"),
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
    **dict.fromkeys((".heif", ".heic", ".avif"), "image/heif"),
    ".bmp": "image/bmp",
    **dict.fromkeys((".tif", ".tiff"), "image/tiff"),
    **dict.fromkeys((".ogg", ".oga", ".opus"), "audio/ogg"),
    **dict.fromkeys((".mp3", ".mp1", ".mp2"), "audio/mpeg"),
    **dict.fromkeys((".m4a", ".f4a"), "audio/mp4"),
    ".aac": "audio/aac",
    ".amr": "audio/amr",
    ".wav": "audio/wav",
    **dict.fromkeys((".mp4", ".m4v"), "video/mp4"),
    **dict.fromkeys((".3gp", ".3ga", ".3gpp", ".3g2"), "video/3gpp"),
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".avi": "video/x-msvideo",
    ".pdf": "application/pdf",
}


def type_of(data: bytes) -> str | None:
    """Give the kind of a file that may be kept, or None for a program, an archive, a web page."""
    text = _as_text(data)
    if text is not None:
        return _type_of_text(text)
    if data.startswith(b"PK"):
        return _type_in_zip(data)
    if data.startswith(_OLE):
        return next((kind for name, kind in _IN_OLE.items() if _stream(name) in data), None)
    return _type_by_magic(data)


def _as_text(data: bytes) -> str | None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    clean = all(char >= " " or char in _TEXT_SIGNS for char in text)
    return text if clean else None


def _type_of_text(text: str) -> str | None:
    if text.startswith("%PDF-"):
        return "application/pdf"
    if text.startswith("{\\rtf"):
        return "application/rtf"
    # A browser that guesses would run it.
    if not text.strip() or _WEB_PAGE.search(text[:_LOOK_AT]):
        return None
    return "text/vcard" if text.lstrip().upper().startswith("BEGIN:VCARD") else "text/plain"


def _type_in_zip(data: bytes) -> str | None:
    # Only the list of names is read, and one short entry that stands unpacked.
    broken = (zipfile.BadZipFile, ValueError, KeyError, OSError, NotImplementedError)
    with suppress(*broken), zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if "[Content_Types].xml" in names:
            return next((kind for name, kind in _IN_ZIP.items() if name in names), None)
        entry = archive.getinfo("mimetype")
        if entry.compress_type == zipfile.ZIP_STORED and entry.file_size < 100:
            kind = archive.read(entry).decode("ascii")
            return kind if kind in _ODF_KINDS else None
    return None


def _stream(name: str) -> bytes:
    return name.encode("utf-16-le")


def _type_by_magic(data: bytes) -> str | None:
    if data[4:10] == b"ftyp3g":
        return "video/3gpp"
    try:
        guesses = puremagic.magic_string(data)
    except (puremagic.PureError, ValueError):
        guesses = []
    kinds = (_BY_ENDING.get(guess.extension.lower()) for guess in guesses)
    found = next((kind for kind in kinds if kind), None)
    # Phones write brands into this box that no list knows.
    return found or ("video/mp4" if data[4:8] == b"ftyp" else None)
