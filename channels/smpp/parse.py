"""Reads what a centre gives us: a caller's message or part of one, or a receipt for one of ours."""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers

from channels.smpp import text, wire
from channels.smpp.text import Place
from hotline.messages import OutboxState

# Bits of esm_class that say what a message is.
_KIND = 0x3C
_RECEIPT, _ON_THE_WAY = 0x04, 0x20
_NATIONAL = 2  # type of number
_HOME = "ID"
_NUMBER = re.compile(r"\+?\d{7,20}")
_FIELD = re.compile(r"\b(id|stat|err):\s*([^\s:]+)", re.IGNORECASE)
# The receipt's words, and the numbers of the optional parameter that says the same.
_STATES = {
    "DELIVRD": OutboxState.DELIVERED,
    "ENROUTE": OutboxState.SENT,
    "ACCEPTD": OutboxState.SENT,
    "SCHEDUL": OutboxState.SENT,
    "BUFFRED": OutboxState.SENT,
    # Nobody knows: what we know already, that the centre took it, stays true.
    "UNKNOWN": OutboxState.SENT,
    "EXPIRED": OutboxState.FAILED,
    "DELETED": OutboxState.FAILED,
    "UNDELIV": OutboxState.FAILED,
    "REJECTD": OutboxState.FAILED,
}
_NUMBERED = {
    1: "ENROUTE",
    2: "DELIVRD",
    3: "EXPIRED",
    4: "DELETED",
    5: "UNDELIV",
    6: "ACCEPTD",
    7: "UNKNOWN",
    8: "REJECTD",
}


@dataclass(frozen=True)
class Piece:
    """A caller's message, or one part of it."""

    address: str  # E.164
    own: str  # the number of ours that she wrote to
    body: bytes
    coding: int
    place: Place | None = None
    readable: bool = True
    told_id: str = ""  # the centre's number of the message, where it says one


@dataclass(frozen=True)
class Receipt:
    """What became of one of our messages."""

    told_id: str
    status: str
    state: OutboxState
    error: str
    address: str
    reference: int | None  # our own reference, where the centre gives it back


def parse_deliver(pdu: wire.DeliverSm) -> Piece | Receipt | None:
    """Read one message from the centre; None when it is from nobody whom we could answer."""
    options = wire.tlvs(pdu.tlvs)
    kind = pdu.esm_class & _KIND
    # By its bits, or by both parameters that only receipts have: never by its words alone, which
    # anybody can write in a message.
    reports = {wire.RECEIPTED_MESSAGE_ID, wire.MESSAGE_STATE} <= set(options)
    if kind in (_RECEIPT, _ON_THE_WAY) or (kind == 0 and reports):
        return _receipt(pdu, options)
    address = to_e164(pdu.source_addr, pdu.source_addr_ton)
    if kind != 0 or address is None:
        return None
    return _piece(pdu, options, address)


def _piece(pdu: wire.DeliverSm, options: dict[int, bytes], address: str) -> Piece:
    whole = pdu.short_message or options.get(wire.MESSAGE_PAYLOAD, b"")
    header, body = text.take_header(whole, pdu.esm_class)
    place = header.place or text.place_of(
        options.get(wire.SAR_REFERENCE, b""),
        options.get(wire.SAR_TOTAL, b""),
        options.get(wire.SAR_NUMBER, b""),
    )
    return Piece(
        address=address,
        own=pdu.destination_addr,
        body=body,
        coding=pdu.data_coding,
        place=place,
        readable=not header.for_program,
        told_id=wire.c_string(options.get(wire.RECEIPTED_MESSAGE_ID, b"")),
    )


def _receipt(pdu: wire.DeliverSm, options: dict[int, bytes]) -> Receipt | None:
    words = (pdu.short_message or options.get(wire.MESSAGE_PAYLOAD, b"")).decode("latin-1")
    # What the message itself said follows after "text:" and is not ours to read.
    told = {name.lower(): value for name, value in _FIELD.findall(words.split("text:")[0])}
    numbered = options.get(wire.MESSAGE_STATE, b"")
    status = _NUMBERED.get(numbered[0], "") if numbered else ""
    status = status or told.get("stat", "").upper()[:7]
    told_id = wire.c_string(options.get(wire.RECEIPTED_MESSAGE_ID, b"")) or told.get("id", "")
    reference = options.get(wire.USER_MESSAGE_REFERENCE, b"")
    if not told_id and not reference:
        return None
    return Receipt(
        told_id=told_id[:64],
        status=status,
        state=_STATES.get(status, OutboxState.SENT),
        error=told.get("err", "")[:4],
        address=to_e164(pdu.source_addr, pdu.source_addr_ton) or "",
        reference=int.from_bytes(reference) if reference else None,
    )


def to_e164(address: str, type_of_number: int) -> str | None:
    """Write a sender's number with its country; None for names and short codes.

    Those are advertisers' and networks' machines: an answer would go nowhere, or begin an endless
    talk between two machines.
    """
    address = address.strip()
    if not _NUMBER.fullmatch(address):
        return None
    digits = address.removeprefix("+").removeprefix("00")
    local = type_of_number == _NATIONAL or (digits.startswith("0") and address[0] != "+")
    for candidate in (digits, f"+{digits}") if local else (f"+{digits}", digits):
        try:
            read = phonenumbers.parse(candidate, _HOME)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(read):
            return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)
    # A number range that is newer than our table of them.
    return None if digits.startswith("0") or len(digits) < 8 else f"+{digits}"
