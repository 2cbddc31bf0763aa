"""Kinds of files by their content: what phones send is kept, what could act is not."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.file_types import type_of
from hotline.attachments import ENDINGS, clean_name, is_active

_OOXML = "application/vnd.openxmlformats-officedocument."


def archive(*names: str, **stored: str) -> bytes:
    """Make a zip file with entries of these names."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as out:
        for name, text in stored.items():
            out.writestr(name, text)
        for name in names:
            out.writestr(name, "x" * 50, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def box(brand: str) -> bytes:
    """Make the beginning of a file of the MP4 family."""
    return b"\x00\x00\x00\x18ftyp" + brand.encode() + b"\x00\x00\x02\x00isommp42" + bytes(50)


def old_office(stream: str) -> bytes:
    """Make the beginning of an old office file."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + stream.encode("utf-16-le")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(99), "image/jpeg"),
        (b"\xff\xd8\xff\xe1\x00\x10Exif\x00\x00" + bytes(99), "image/jpeg"),
        (b"\xff\xd8\xff\xdb\x00\x43" + bytes(99), "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(50), "image/png"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(50), "image/webp"),
        (b"GIF89a" + bytes(50), "image/gif"),
        (box("heic"), "image/heif"),
        (b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead\x01\x01" + bytes(50), "audio/ogg"),
        (b"ID3\x03\x00\x00\x00\x00\x00\x21" + bytes(50), "audio/mpeg"),
        (b"\xff\xfb\x90\x00" + bytes(400), "audio/mpeg"),
        (b"#!AMR\n\x3c\x00" + b"\x91" * 60, "audio/amr"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(50), "audio/wav"),
        (box("M4A "), "audio/mp4"),
        (box("mp42"), "video/mp4"),
        (box("isom"), "video/mp4"),
        (box("avc1"), "video/mp4"),
        (box("XYZ9"), "video/mp4"),
        (box("3gp4"), "video/3gpp"),
        (box("3gp5"), "video/3gpp"),
        (box("qt  "), "video/quicktime"),
        (b"%PDF-1.4\n%\xe2\xe3\n" + b"x" * 50, "application/pdf"),
        (b"%PDF-1.4\nsemua huruf", "application/pdf"),
        (b"Halo Bu, saya Siti.\r\nTolong.", "text/plain"),
        ("Sugêng énjing “ya” 🙏".encode(), "text/plain"),
        (b"BMI di Johor", "text/plain"),
        (b"ID3 kg gula", "text/plain"),
        (b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Siti\r\nEND:VCARD\r\n", "text/vcard"),
        (b"{\\rtf1\\ansi kontrak}", "application/rtf"),
        (archive("[Content_Types].xml", "word/document.xml"),
         f"{_OOXML}wordprocessingml.document"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), f"{_OOXML}spreadsheetml.sheet"),
        (archive("content.xml", mimetype="application/vnd.oasis.opendocument.text"),
         "application/vnd.oasis.opendocument.text"),
        (old_office("WordDocument"), "application/msword"),
        (old_office("Workbook"), "application/vnd.ms-excel"),
    ],
)  # fmt: skip
def test_what_phones_send_is_known(data: bytes, kind: str) -> None:
    """Photos, voice notes, films, documents and plain text."""
    assert type_of(data) == kind
    assert kind in ENDINGS


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \n",
        b"<!DOCTYPE html><html><script>alert(1)</script></html>",
        b"  \n<html><body>foto.jpg</body></html>",
        b"\xef\xbb\xbf<script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
        b'<?xml version="1.0"?><svg/>',
        archive("a.txt"),
        archive("AndroidManifest.xml", "classes.dex"),
        archive("META-INF/MANIFEST.MF", "A.class"),
        archive("content.xml", mimetype="application/x-program"),
        b"PK\x03\x04 not a zip \xff",
        old_office("CustomAction"),
        b"MZ\x90\x00\x03" + bytes(60),
        b"\x7fELF\x02\x01\x01" + bytes(60),
        gzip.compress(b"a" * 1000, mtime=0),
        b"Rar!\x1a\x07\x00" + bytes(60),
        b"7z\xbc\xaf\x27\x1c" + bytes(60),
        bytes(range(256)),
    ],
)
def test_what_could_act_or_is_not_known_is_refused(data: bytes) -> None:
    """Web pages, programs, installers, archives and noise, whatever they are called."""
    assert type_of(data) is None


@given(st.binary(max_size=400))
def test_no_bytes_stop_the_check(data: bytes) -> None:
    """Strangers choose them."""
    kind = type_of(data)
    assert kind is None or kind in ENDINGS


@given(st.binary(max_size=200))
def test_no_broken_archive_stops_the_check(data: bytes) -> None:
    """Nor what begins as one."""
    whole = archive("[Content_Types].xml", "word/document.xml")
    type_of(whole[:40] + data + whole[40:])
    type_of(b"PK\x05\x06" + data)


def test_documents_that_can_hold_macros_are_marked() -> None:
    """A responder is warned before opening one; a photo needs no warning."""
    assert [is_active(kind) for kind in ("application/msword", "application/pdf")] == [True, True]
    assert [is_active(kind) for kind in ("image/jpeg", "audio/ogg", "text/plain")] == [False] * 3


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("Kontrak Siti.PDF", "application/pdf", "Kontrak Siti.pdf"),
        ("../../etc/passwd", "text/plain", "passwd.txt"),
        ("C:\\Users\\x\\foto.jpg", "image/jpeg", "foto.jpg"),
        ("foto\u202egpj.exe", "image/jpeg", "fotogpj.jpg"),
        ("a\x00b\nc.jpg", "image/jpeg", "abc.jpg"),
        ("faktur.pdf.exe", "application/pdf", "faktur.pdf.pdf"),
        ("...", "image/jpeg", "lampiran.jpg"),
        ("", "audio/ogg", "lampiran.ogg"),
        ('<b>"x"|?*', "", "bx"),
        ("é" * 500 + ".jpg", "image/jpeg", "é" * 80 + ".jpg"),
        ("tidak jadi.exe", "", "tidak jadi"),
    ],
)
def test_a_name_hides_nothing(name: str, kind: str, shown: str) -> None:
    """No way to another folder, no turned text, and the ending is what was found."""
    assert clean_name(name, kind) == shown
