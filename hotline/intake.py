"""How somebody reaches the desk without a conversation, and which of it is an answer already."""

from __future__ import annotations

from enum import StrEnum


class Brought(StrEnum):
    """How a report came, or how a responder spoke with a caller, outside of every channel."""

    PHONE = "phone"
    VISIT = "visit"
    LETTER = "letter"

    @property
    def face_to_face(self) -> bool:
        """Say whether the caller has spoken with a person by it."""
        return self is not Brought.LETTER
