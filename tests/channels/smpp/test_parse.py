"""What a centre gives us, read from bytes as they come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smpp34 import DeliverSm, SmppError, Tlv, decode

from channels.smpp import text
from channels.smpp.parse import Piece, Receipt, parse_deliver, to_e164
from channels.smpp.text import Place, encode_parts, take_header
from hotline.messages import OutboxState
from replies.render import segments


def heard(
    body: bytes = b"halo", *, source: str = "6281200000001", ton: int = 1,
    tlvs: list[Tlv] | None = None, esm: int = 0, coding: int = 0,
) -> Piece | Receipt | None:  # fmt: skip
    """Read a message as it comes over the line."""
    pdu = DeliverSm(
        source,
        "62800",
        body,
        source_addr_ton=ton,
        esm_class=esm,
        data_coding=coding,
        tlvs=tlvs or [],
    )
    read = decode(pdu.encode())
    assert isinstance(read, DeliverSm)
    return parse_deliver(read)


@pytest.mark.parametrize(
    ("source", "ton", "address"),
    [
        ("6281200000001", 1, "+6281200000001"),
        ("+6281200000001", 0, "+6281200000001"),
        ("6281200000001", 0, "+6281200000001"),
        ("081200000001", 0, "+6281200000001"),
        ("81200000001", 2, "+6281200000001"),
        ("006281200000001", 0, "+6281200000001"),
        ("60123000001", 1, "+60123000001"),
        ("966500000002", 1, "+966500000002"),
        ("PROMO", 5, None),
        ("3636", 3, None),
        ("", 0, None),
        ("12345678901234567890123", 1, None),
    ],
)
def test_a_senders_number_gets_its_country(source: str, ton: int, address: str | None) -> None:
    """However the network writes it; names and short codes are nobody to answer."""
    assert to_e164(source, ton) == address


@pytest.mark.parametrize(
    ("body", "coding", "words"),
    [
        (b"\x00 \x11 \x1be \x1b(a\x1b) \x7f", 0, "@ _ € {a} à"),
        (b"halo", 1, "halo"),
        ("é".encode("latin-1"), 3, "é"),
        ("Ꮓ😭".encode("utf-16-be"), 8, "Ꮓ😭"),
        (b"halo", 0xF1, "halo"),
        (b"halo", 0x10, "halo"),
        ("é".encode("utf-16-be"), 0x18, "é"),
        (b"\x00\x01", 4, None),
        (b"\x00\x01", 0xF5, None),
        (b"x", 0x63, None),
        (b"\xd8", 8, "�"),
        (b"\xff", 1, "�"),
        ("é😭".encode(), 0, "é😭"),
        ("é".encode("latin-1"), 0, "é"),
        (b"a\x1b", 0, "a "),
    ],
)
def test_every_alphabet_is_read(body: bytes, coding: int, words: str | None) -> None:
    """Data that is no text is no text."""
    assert text.decode(body, coding) == words


@pytest.mark.parametrize(
    ("header", "place"),
    [
        ("050003070302", Place(7, 3, 2)),
        ("06080401070302", Place(0x107, 3, 2)),
        ("080003070302240101", Place(7, 3, 2)),
        ("050003070304", None),
        ("050003070300", None),
        ("050003070101", None),
        ("0500030703", None),
        ("030001", None),
    ],
)
def test_a_header_says_which_part_it_is(header: str, place: Place | None) -> None:
    """One that makes no sense counts as none."""
    assert take_header(bytes.fromhex(header) + b"x", 0x40)[0].place == place


def test_what_is_for_a_program_is_not_read() -> None:
    """Settings and rings come by a port."""
    piece = heard(bytes.fromhex("06050423f40000") + b"BEGIN:VCARD", esm=0x40)
    assert isinstance(piece, Piece)
    assert not piece.readable


def test_a_receipt_is_known_by_its_bits() -> None:
    """The id without the zero byte that should end it is whole too."""
    receipt = heard(b"", esm=0x04, tlvs=[Tlv(0x1E, b"ABC1"), Tlv(0x427, b"\5")])
    assert receipt == Receipt("ABC1", "UNDELIV", OutboxState.FAILED, "", "+6281200000001", None)


def test_strange_parameters_do_no_harm() -> None:
    """Those of vendors, empty ones, and those nobody sends."""
    odd = [Tlv(0x1401, b"x"), Tlv(0x0427, b""), Tlv(0x0420, b"\1"), Tlv(0x0008, b"\0\1")]
    assert isinstance(heard(tlvs=odd), Piece)


@given(st.binary(max_size=200), st.integers(0, 255), st.integers(0, 255))
def test_nothing_a_centre_says_breaks_the_reading(body: bytes, esm: int, coding: int) -> None:
    """Whatever the bytes."""
    found = heard(body, esm=esm, coding=coding)
    if isinstance(found, Piece):
        text.decode(found.body, found.coding)


@given(st.binary(max_size=60))
def test_bytes_that_are_no_message_are_told_so(rest: bytes) -> None:
    """With the one error that we expect."""
    data = (len(rest) + 16).to_bytes(4) + bytes.fromhex("000000050000000000000001") + rest
    try:
        read = decode(data)
    except SmppError:
        return
    assert isinstance(read, DeliverSm)
    parse_deliver(read)


@given(st.text(max_size=500), st.integers(0, 2**40))
def test_what_we_write_can_be_read_again(words: str, reference: int) -> None:
    """In as many parts as are billed, each within what a network carries."""
    written = text.to_gsm7(words).replace("\x1b", "")
    parts = encode_parts(words, reference)
    assert len(parts) == max(segments(written), 1)
    bodies = [take_header(part, 0x40)[1] if len(parts) > 1 else part for part in parts]
    assert "".join(text.decode(body, 0) or "" for body in bodies) == written
    assert all(len(body) <= (153 if len(parts) > 1 else 160) for body in bodies)
