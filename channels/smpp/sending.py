"""Gives messages to the centre: in GSM-7, long ones in parts, with our number as reference."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from channels.smpp import text, wire
from channels.smpp.codes import ended, refused
from channels.smpp.ids import Ids
from channels.smpp.session import Answer, NoAnswerError, Part, SessionEndedError
from hotline.channel_settings import SmppSettings
from hotline.delivery import Delivery, End, Parcel
from hotline.messages import Channel
from replies.render import form

ANSWER_SECONDS = 15.0  # a centre that has not answered by then may have taken it
_RECEIPT_PLEASE = 1
_CROWDED = (wire.THROTTLED, wire.QUEUE_FULL)
_TRIES = 5  # for a part of which earlier ones have gone out
_ADDRESS = re.compile(r"\+?\d{5,20}")


class Line(Protocol):
    """The way to the session, whichever thread asks."""

    def submit(self, make: Callable[[int], bytes], part: Part, seconds: float) -> Answer:
        """Give one message to the centre; raises SessionEndedError or NoAnswerError."""


@dataclass(frozen=True)
class Sender:
    """Our address as the centre wants it: type of number, plan, and the number or name."""

    kind: int
    plan: int
    address: str

    @classmethod
    def read(cls, setting: str) -> Sender:
        """Read a sender: +628..., 12345, SUAR, or with type and plan before it (5:0:SUAR)."""
        if told := re.fullmatch(r"([0-6]):(\d{1,2}):(.+)", setting):
            return cls(int(told[1]), int(told[2]), told[3])
        digits = setting.removeprefix("+")
        if not digits.isdigit():
            return cls(5, 0, setting)
        return cls(1, 1, digits) if len(digits) > 8 else cls(3, 0, digits)


class SmppTransport:
    """SMS through one centre."""

    name = "smpp"

    def __init__(
        self,
        settings: SmppSettings,
        line: Line,
        ids: Ids,
        *,
        seconds: float = ANSWER_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Send over `line`; an answer is awaited for `seconds`."""
        self._sender = Sender.read(settings.sender)
        self._payload = settings.long_messages == "payload"
        self._line = line
        self._ids = ids
        self._seconds = seconds
        self._sleep = sleep
        self._with_reference = True

    def send(self, parcel: Parcel) -> Delivery:
        """Give one message to the centre and say how it ended."""
        if not _ADDRESS.fullmatch(parcel.address):
            return ended("no_number")
        written = form(parcel.reply, Channel.SMS).text
        bodies = [text.encode(written)] if self._payload else text.encode_parts(written, parcel.id)
        first: Answer | None = None
        for number, body in enumerate(bodies, 1):
            part = Part(parcel.id, parcel.address, number, len(bodies))
            try:
                answer = self._give(parcel, part, body)
            except SessionEndedError:
                return ended("in_parts" if first else "not_bound")
            except NoAnswerError:
                return ended("in_parts" if first else "timeout")
            if answer.status != wire.OK:
                return ended("in_parts") if first else refused(answer.status)
            first = first or answer
        assert first is not None
        return Delivery(end=End.SENT, provider_id=self._ids.name_of(parcel.id) or first.number)

    def _give(self, parcel: Parcel, part: Part, body: bytes) -> Answer:
        """Give one part; what was refused for a moment is tried again once others have gone."""
        for left in range(_TRIES if part.number > 1 else 1, 0, -1):
            answer = self._submit(parcel, part, body)
            if answer.status == wire.OPTION_NOT_ALLOWED and self._with_reference:
                # It was refused for our reference; receipts find their message without it too.
                self._with_reference = False
                answer = self._submit(parcel, part, body)
            if answer.status not in _CROWDED or left == 1:
                return answer
            self._sleep(1.0)
        return answer

    def _submit(self, parcel: Parcel, part: Part, body: bytes) -> Answer:
        options = []
        if self._with_reference:
            reference = (parcel.id % 65536).to_bytes(2)
            options.append(wire.Tlv(wire.USER_MESSAGE_REFERENCE, reference))
        long_one = len(body) > 160
        if long_one:
            options.append(wire.Tlv(wire.MESSAGE_PAYLOAD, body))

        def make(sequence: int) -> bytes:
            return wire.SubmitSm(
                self._sender.address,
                parcel.address.removeprefix("+"),
                b"" if long_one else body,
                source_addr_ton=self._sender.kind,
                source_addr_npi=self._sender.plan,
                dest_addr_ton=1,
                dest_addr_npi=1,
                esm_class=text.UDHI if part.total > 1 else 0,
                registered_delivery=_RECEIPT_PLEASE,
                tlvs=options,
                sequence_number=sequence,
            ).encode()

        return self._line.submit(make, part, self._seconds)
