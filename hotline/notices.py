"""Notices to staff outside the console: they say that something waits, never what or whose."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from enum import StrEnum

from hotline.errors import Retry


class Way(StrEnum):
    """How somebody can be told."""

    TELEGRAM = "telegram"
    EMAIL = "email"


class Kind(StrEnum):
    """Why somebody is told."""

    CRITICAL = "critical"  # a critical ticket waits: nobody has it, or there is new danger
    ESCALATED = "escalated"  # a ticket is late and has gone up
    REMINDER = "reminder"  # a referral or a follow-up is overdue
    ERASURE = "erasure"  # somebody below asks to clear a ticket, or has cleared one
    LINKED = "linked"  # this telephone now gets notices
    TEST = "test"  # somebody tries whether it works


class Later(Retry):
    """The provider itself said after how many seconds to come again."""

    def __init__(self, text: str, seconds: float) -> None:
        super().__init__(text)
        self.seconds = seconds


class NoticeState(StrEnum):
    """What became of a notice."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"  # this address does not take it; the person must enter another
    EXPIRED = "expired"  # too old to be of use


# In Indonesian, as the words of the console; no code, no place, no name: others read phones too.
WORDS: Mapping[Kind, str] = {
    Kind.CRITICAL: "Ada tiket gawat yang menunggu dijawab. Buka konsol.",
    Kind.ESCALATED: "Ada tiket yang melewati batas waktu. Buka konsol.",
    Kind.REMINDER: "Ada rujukan atau pantauan yang lewat tenggat. Buka konsol.",
    Kind.ERASURE: "Ada permintaan hapus atau isi tiket yang dihapus. Buka konsol.",
    Kind.LINKED: "Telegram ini sekarang menerima pemberitahuan Suar.",
    Kind.TEST: "Ini percobaan pemberitahuan Suar. Tidak ada yang perlu dikerjakan.",
}
EXPIRES = 6 * 3600.0
CODE_SECONDS = 15 * 60.0
_FIRST_PAUSE, _LONGEST_PAUSE = 15.0, 15 * 60.0
_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no look-alikes
_CODE = re.compile(rf"\s*MEJA-?([{_SIGNS}]{{5}})-?([{_SIGNS}]{{5}})\s*", re.IGNORECASE)
_ADDRESS = re.compile(r"[^@\s<>,;\"]{1,64}@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")


def pause(failures: int) -> float:
    """Say how long to leave a provider alone after so many failures in a row."""
    return float(min(_FIRST_PAUSE * 2 ** min(failures - 1, 10), _LONGEST_PAUSE))


def new_code() -> str:
    """Draw a code that links a telephone; about 49 bits, and it works for minutes."""
    drawn = "".join(secrets.choice(_SIGNS) for _ in range(10))
    return f"MEJA-{drawn[:5]}-{drawn[5:]}"


def read_code(text: str) -> str | None:
    """Read a code as typed or pasted; a message of which it is only a part is not one."""
    found = _CODE.fullmatch(text) if len(text) < 40 else None
    return f"MEJA-{found[1]}-{found[2]}".upper() if found else None


def is_address(text: str) -> bool:
    """Say whether something looks like an address for e-mail."""
    return len(text) <= 120 and _ADDRESS.fullmatch(text) is not None
