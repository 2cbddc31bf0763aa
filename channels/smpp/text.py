"""Reads and writes the bytes of an SMS: GSM-7, Latin-1, UCS-2, and headers of long messages."""

from __future__ import annotations

from dataclasses import dataclass

import smsutil
import smsutil.codecs

from replies.render import to_gsm7

UDHI = 0x40  # bit of esm_class: the message begins with a header
_GSM = "gsm0338"
_ESCAPE = "\x1b"  # begins a sign of the second table; alone it is none
_CODECS = {
    0x00: _GSM,  # the centre's default alphabet
    0x01: "ascii",
    0x03: "latin-1",
    0x05: "shift_jis",
    0x06: "iso8859-5",
    0x07: "iso8859-8",
    0x08: "utf-16-be",  # UCS-2, and emoji as phones write them
    0x0A: "iso2022-jp",
    0x0D: "euc_jp",
    0x0E: "euc_kr",
}
_LONG_8, _LONG_16 = 0x00, 0x08  # header elements: this is a part of a long message
_PORTS = frozenset({0x04, 0x05})  # for a program of the phone, not for reading


@dataclass(frozen=True)
class Place:
    """Which part of a long message a message is."""

    reference: int
    total: int
    number: int  # counted from 1


@dataclass(frozen=True)
class Header:
    """What stands before the text."""

    place: Place | None = None
    for_program: bool = False


def decode(body: bytes, coding: int) -> str | None:
    """Read a text; None for data that is no text."""
    codec = _CODECS.get(coding) if coding < 0x10 else _by_class(coding)
    if codec == _GSM:
        return _default(body)
    return None if codec is None else body.decode(codec, "replace").replace("\0", "")


def _default(body: bytes) -> str:
    """Read the centre's default alphabet, which is GSM-7 but at some centres that say nothing."""
    if max(body, default=0) < 0x80:
        return body.decode(_GSM)
    try:
        return body.decode("utf-8").replace("\0", "")
    except UnicodeDecodeError:
        return body.decode("latin-1").replace("\0", "")


def _by_class(coding: int) -> str | None:
    """Read the data coding scheme of GSM 03.38, which some networks pass on as it is."""
    if coding & 0xF0 == 0xF0:
        return None if coding & 0x04 else _GSM
    if coding < 0x40 and not coding & 0x20:  # what is packed by a rule of its own is no text to us
        return {0x00: _GSM, 0x08: "utf-16-be"}.get(coding & 0x0C)
    return None


def take_header(body: bytes, esm_class: int) -> tuple[Header, bytes]:
    """Take the header off a message; one that is damaged counts as none."""
    if not esm_class & UDHI or not body or body[0] + 1 > len(body):
        return Header(), body
    elements, rest = body[1 : body[0] + 1], body[body[0] + 1 :]
    place, program = None, False
    while len(elements) >= 2 and len(elements) >= 2 + elements[1]:
        tag, value = elements[0], elements[2 : 2 + elements[1]]
        elements = elements[2 + elements[1] :]
        program = program or tag in _PORTS
        if tag == _LONG_8 and len(value) == 3:
            place = _place(value[0], value[1], value[2])
        elif tag == _LONG_16 and len(value) == 4:
            place = _place(value[0] * 256 + value[1], value[2], value[3])
    return Header(place, program), rest


def _place(reference: int, total: int, number: int) -> Place | None:
    return Place(reference, total, number) if 1 <= number <= total and total > 1 else None


def place_of(reference: bytes, total: bytes, number: bytes) -> Place | None:
    """Read the place from the three optional parameters."""
    if not (reference and total and number):
        return None
    return _place(int.from_bytes(reference), total[0], number[0])


def encode(text: str) -> bytes:
    """Write a text in GSM-7, one character a byte."""
    return _writable(text).encode(_GSM)


def _writable(text: str) -> str:
    return to_gsm7(text).replace(_ESCAPE, "")


def encode_parts(text: str, reference: int) -> list[bytes]:
    """Write a text as the messages that carry it, with headers when there are several."""
    parts = [part.content for part in smsutil.split(_writable(text)).parts]
    if len(parts) <= 1:
        return [encode(text)]
    return [
        bytes([5, _LONG_8, 3, reference % 256, len(parts), number]) + encode(part)
        for number, part in enumerate(parts, 1)
    ]
