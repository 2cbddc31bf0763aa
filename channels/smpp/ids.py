"""The centre's numbers of our messages: receipts may name one in hexadecimal or in decimal."""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

_MOST = 20_000


@dataclass
class Sent:
    """One message of ours that the centre has taken, in one part or several."""

    outbox_id: int
    address: str
    parts: int
    name: str = ""  # the number under which the message is stored
    delivered: set[str] = field(default_factory=set)


def forms(number: str) -> list[str]:
    """Give the ways to write a number, as it is first."""
    plain = number.strip()
    found = [plain, plain.upper(), plain.lower(), plain.lstrip("0")]
    if plain.isascii() and plain.isdigit():
        found += [f"{int(plain):x}", f"{int(plain):X}", f"{int(plain):08x}", f"{int(plain):08X}"]
    with contextlib.suppress(ValueError):
        found.append(str(int(plain, 16)) if plain.isascii() and plain.isalnum() else plain)
    return list(dict.fromkeys(one for one in found if one))


class Ids:
    """What this process knows of the messages it has given to the centre; for several threads."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._lock = threading.Lock()
        self._sent: OrderedDict[str, Sent] = OrderedDict()
        self._by_outbox: dict[int, Sent] = {}
        self._early: OrderedDict[str, str] = OrderedDict()

    def taken(self, number: str, outbox_id: int, address: str, part: int, parts: int) -> str:
        """Remember that the centre has taken a part; gives the name of the whole message.

        It is called in the order in which the centre speaks, so a receipt that follows finds it.
        """
        with self._lock:
            sent = self._by_outbox.get(outbox_id)
            if sent is None or part == 1:
                # In the form in which a receipt has come already, so that the two find each other.
                said = next((self._early[one] for one in forms(number) if one in self._early), "")
                name = (said or number) if parts == 1 else f"{number}+{parts - 1}"
                sent = Sent(outbox_id, address, parts, name)
                self._by_outbox[outbox_id] = sent
            self._sent[number] = sent
            while len(self._sent) > _MOST:
                _, old = self._sent.popitem(last=False)
                self._by_outbox.pop(old.outbox_id, None)
            return sent.name

    def find(self, number: str, address: str) -> Sent | None:
        """Give the message that a receipt is about, if we sent it."""
        with self._lock:
            for form in forms(number):
                sent = self._sent.get(form)
                # Another way to write it may be another message's number.
                if sent is not None and (form == number or sent.address == address):
                    return sent
        return None

    def early(self, number: str) -> None:
        """Remember a receipt whose message is not known yet."""
        with self._lock:
            for form in forms(number):
                self._early[form] = number
            while len(self._early) > 1000:
                self._early.popitem(last=False)

    def all_delivered(self, sent: Sent, number: str) -> bool:
        """Note that one part has arrived; says whether all have."""
        with self._lock:
            part = next((form for form in forms(number) if form in self._sent), number)
            sent.delivered.add(part)
            return len(sent.delivered) >= sent.parts

    def name_of(self, outbox_id: int) -> str:
        """Give the number under which a message is stored; empty when the centre gave none."""
        with self._lock:
            sent = self._by_outbox.get(outbox_id)
            return sent.name if sent else ""
