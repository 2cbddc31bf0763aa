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


class Kind(StrEnum):
    """What a phone can send."""

    TEXT = "text"
    PICK = "pick"  # a tapped button or list line
    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    VIDEO = "video"
    LOCATION = "location"
    CONTACT = "contact"
    STICKER = "sticker"
    REACTION = "reaction"
    EDIT = "edit"  # an earlier message was changed; the text is the new one
    DELETED = "deleted"
    OTHER = "other"  # something this version has no word for


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


class Purpose(StrEnum):
    """Why a message goes out: what the caller asked for may go at once, all else has to wait."""

    ANSWER = "answer"  # answers what the caller has just written
    RESPONDER = "responder"  # a person wrote it
    NOTICE = "notice"  # we begin: a reminder, a follow-up


class Hold(StrEnum):
    """Why a message waits."""

    WINDOW = "window"  # WhatsApp lets us write only within 24 hours of her last message
    SAFE_HOURS = "safe_hours"  # she has said when it is safe
    QUIET_HOURS = "quiet_hours"  # networks carry no SMS of services at night
    OPTED_OUT = "opted_out"  # she wrote STOP
    DO_NOT_WRITE = "do_not_write"  # she asked not to be written to
    UNREACHABLE = "unreachable"  # the provider cannot reach her; released when she writes


@dataclass(frozen=True)
class Media:
    """One file a caller sent, before it is fetched."""

    kind: Kind
    source: str  # the address or number under which the provider keeps it
    name: str = ""
    declared_type: str = ""
    size: int | None = None


@dataclass(frozen=True, kw_only=True)
class InboundMessage:
    """One message from a caller as a channel understood it."""

    channel: Channel
    provider_id: str  # unique on its channel: a repeat has the same
    address: str
    text: str
    received_at: datetime
    kind: Kind = Kind.TEXT
    # A tap names one of our own messages and the place of the choice in it: (outbox id, 1-based).
    pick: tuple[int, int] | None = None
    place: tuple[float, float] | None = None  # latitude, longitude in degrees
    contact: str = ""  # the telephone number of a shared contact
    own_contact: bool = False  # the provider says that the number is the caller's own
    ref: str = ""  # the provider's number of the message within the conversation
    media: tuple[Media, ...] = ()

    def details(self) -> dict[str, object]:
        """Give what is not text as a plain form; empty when there is nothing."""
        plain: dict[str, object] = {
            "pick": list(self.pick) if self.pick else None,
            "place": list(self.place) if self.place else None,
            "contact": self.contact,
            "own_contact": self.own_contact,
            "ref": self.ref,
        }
        return {name: value for name, value in plain.items() if value}


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
