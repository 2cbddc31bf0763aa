"""The one message form inside Suar: what came in, what goes out, and the choices offered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Channel(StrEnum):
    """The ways callers reach us."""

    LOCAL = "local"
    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"
    SMS = "sms"


class InboxState(StrEnum):
    """What became of an inbound message."""

    WAITING = "waiting"  # stored, nobody has answered yet
    DONE = "done"  # exactly one turn, a safe text, or silence by design


class OutboxState(StrEnum):
    """What became of an outbound message."""

    QUEUED = "queued"  # stored, not yet given to the provider
    SENDING = "sending"  # being given to the provider at this moment
    SENT = "sent"  # the provider has it
    DELIVERED = "delivered"  # the phone has it
    READ = "read"  # the caller has opened it
    FAILED = "failed"  # refused for good
    UNCERTAIN = "uncertain"  # may have gone out; shown, never repeated blindly
    HELD = "held"  # waits for a safe hour or an open window


@dataclass(frozen=True, kw_only=True)
class InboundMessage:
    """One message from a caller as a channel understood it."""

    channel: Channel
    provider_id: str
    address: str
    text: str
    received_at: datetime


@dataclass(frozen=True)
class Choice:
    """One thing a caller can pick: a short title, and what the pick means to the bot."""

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """One message to a caller before a channel gives it its form."""

    text: str
    choices: tuple[Choice, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Give a plain form that can be stored."""
        choices = [{"title": c.title, "payload": c.payload} for c in self.choices]
        return {"text": self.text, "choices": choices}

    @classmethod
    def from_dict(cls, plain: dict[str, object]) -> Reply:
        """Read the plain form back."""
        raw = plain.get("choices") or []
        assert isinstance(raw, list)
        choices = tuple(Choice(str(c["title"]), str(c["payload"])) for c in raw)
        return cls(str(plain["text"]), choices)


@dataclass(frozen=True)
class Rendered:
    """A reply in the form one channel shows it."""

    text: str
    buttons: tuple[str, ...] = ()
    segments: int | None = None
