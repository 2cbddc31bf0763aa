"""The PDUs of SMPP 3.4 that we exchange with a centre, as bytes; what they mean is said elsewhere.

smpp34 reads and writes them. Its own session answers a message before we could store it, so only
its codec is used here.
"""

from __future__ import annotations

import struct

from smpp34 import DeliverSm, RawPdu, SmppError, SubmitSm, Tlv, decode

from hotline.channel_settings import SmppSettings

__all__ = ["DeliverSm", "RawPdu", "SmppError", "SubmitSm", "Tlv", "decode", "tlvs"]

HEADER = 16
# A message_payload holds up to 65,535 bytes; what says to be longer is no SMPP.
LARGEST = 70_000
VERSION = 0x34

GENERIC_NACK = 0x80000000
BIND_TRANSCEIVER, BIND_TRANSCEIVER_RESP = 0x09, 0x80000009
SUBMIT_SM_RESP = 0x80000004
DELIVER_SM, DELIVER_SM_RESP = 0x05, 0x80000005
UNBIND, UNBIND_RESP = 0x06, 0x80000006
ENQUIRE_LINK, ENQUIRE_LINK_RESP = 0x15, 0x80000015
_RESPONSE = 0x80000000

OK = 0x00
ALREADY_BOUND = 0x05
SYSTEM_ERROR = 0x08
QUEUE_FULL = 0x14
THROTTLED = 0x58
NOT_NOW = 0x64  # ESME_RX_T_APPN: we cannot take it now, the centre shall repeat it
REJECTED = 0x66  # ESME_RX_R_APPN: we shall never take it
OPTION_NOT_ALLOWED = 0xC1
UNKNOWN_COMMAND = 0x03

# Tags of optional parameters.
USER_MESSAGE_REFERENCE = 0x0204
SAR_REFERENCE, SAR_TOTAL, SAR_NUMBER = 0x020C, 0x020E, 0x020F
MESSAGE_PAYLOAD = 0x0424
RECEIPTED_MESSAGE_ID = 0x001E
MESSAGE_STATE = 0x0427


def pdu(command: int, sequence: int, *, status: int = OK, body: bytes = b"") -> bytes:
    """Write one PDU."""
    return struct.pack(">LLLL", HEADER + len(body), command, status, sequence) + body


def bind(settings: SmppSettings, sequence: int) -> bytes:
    """Write the request to open a session in both directions."""
    words = (settings.system_id, settings.password, settings.system_type)
    # Version, then type and plan of our address and its range: the centre knows which is ours.
    body = b"".join(map(_c_string, words)) + bytes([VERSION, 0, 0]) + _c_string("")
    return pdu(BIND_TRANSCEIVER, sequence, body=body)


def deliver_answer(sequence: int, status: int) -> bytes:
    """Write the answer to a message the centre gave us."""
    return pdu(DELIVER_SM_RESP, sequence, status=status, body=_c_string(""))


def is_answer(command: int) -> bool:
    """Say whether a PDU answers one of ours."""
    return bool(command & _RESPONSE)


def tlvs(options: list[Tlv]) -> dict[int, bytes]:
    """Give the optional parameters by tag."""
    return {one.tag: one.value for one in options}


def c_string(value: bytes) -> str:
    """Read a text that should end with a zero byte; some centres leave it out."""
    return value.split(b"\0", 1)[0].decode("latin-1").strip()


def _c_string(text: str) -> bytes:
    return text.encode("latin-1", "replace") + b"\0"
