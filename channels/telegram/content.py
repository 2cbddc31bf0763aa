"""Says what a message holds: words, a file, a place, a telephone number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from telegram import Message, MessageEntity

from hotline.messages import Kind, Media

DOWNLOADABLE = 20_000_000  # bytes; Telegram hands bots nothing larger
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)

# The order matters: a moving picture also looks like a document.
_FILES = (
    ("voice", Kind.VOICE),
    ("audio", Kind.VOICE),
    ("video", Kind.VIDEO),
    ("video_note", Kind.VIDEO),
    ("animation", Kind.VIDEO),
    ("document", Kind.DOCUMENT),
)
# What Telegram itself notes in a chat: nobody said anything.
_NOTICES = (
    "boost_added",
    "chat_background_set",
    "connected_website",
    "delete_chat_photo",
    "message_auto_delete_timer_changed",
    "new_chat_photo",
    "new_chat_title",
    "pinned_message",
    "proximity_alert_triggered",
    "write_access_allowed",
)
# All that is read of a message.
FIELDS = (
    *("message_id", "date", "chat", "from", "text", "entities", "caption", "photo", "sticker"),
    *("location", "venue", "contact", "poll", "dice"),
    *(name for name, _ in _FILES),
    *_NOTICES,
)


@dataclass(frozen=True, kw_only=True)
class Content:
    """What one message holds."""

    kind: Kind
    text: str = ""
    media: tuple[Media, ...] = ()
    place: tuple[float, float] | None = None
    contact: str = ""
    own_contact: bool = False


def content_of(message: Message) -> Content | None:
    """Read a message; None for what nobody said."""
    if message.text is not None:
        return Content(kind=Kind.TEXT, text=_text(message, message.text))
    special = _place(message) or _contact(message) or _file(message)
    if special is not None:
        return special
    if message.sticker is not None:
        return Content(kind=Kind.STICKER, text=message.sticker.emoji or "")
    if any(getattr(message, name, None) for name in _NOTICES):
        return None
    return Content(kind=Kind.OTHER, text=_words_of_other(message))


def _text(message: Message, text: str) -> str:
    for entity in message.entities:
        if entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0:
            return command_words(text, text)
    return text


def command_words(text: str, otherwise: str) -> str:
    """Say in words what a /command means; `otherwise` for what is none."""
    found = _COMMAND.fullmatch(text)
    if found is None:
        return otherwise
    name, rest = found[1].lower(), (found[2] or "").strip()
    known = _table()
    if name == "start":
        return known["links"].get(rest.lower(), known["commands"]["start"])
    words = known["commands"].get(name, name.replace("_", " "))
    return f"{words} {rest}".strip()


@cache
def _table() -> dict[str, dict[str, str]]:
    file = Path(__file__).with_name("commands.yml")
    read: dict[str, dict[str, str]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return read


def _place(message: Message) -> Content | None:
    spot = message.venue.location if message.venue else message.location
    if spot is None:
        return None
    words = f"{message.venue.title}, {message.venue.address}" if message.venue else ""
    return Content(kind=Kind.LOCATION, text=words, place=(spot.latitude, spot.longitude))


def _contact(message: Message) -> Content | None:
    card = message.contact
    if card is None:
        return None
    # Anyone can share anybody's number: it is her own only if Telegram says so.
    own = message.from_user is not None and card.user_id == message.from_user.id
    name = "" if own else f"{card.first_name} {card.last_name or ''}".strip()
    return Content(kind=Kind.CONTACT, text=name, contact=card.phone_number, own_contact=own)


def _file(message: Message) -> Content | None:
    caption = message.caption or ""
    if message.photo:
        # Telegram offers a photo in several sizes, the smallest first.
        fitting = [one for one in message.photo if (one.file_size or 0) <= DOWNLOADABLE]
        best = (fitting or message.photo[:1])[-1]
        media = Media(Kind.PHOTO, best.file_id, "", "image/jpeg", best.file_size)
        return Content(kind=Kind.PHOTO, text=caption, media=(media,))
    for name, kind in _FILES:
        file = getattr(message, name)
        if file is not None:
            media = Media(
                kind,
                file.file_id,
                getattr(file, "file_name", None) or "",
                getattr(file, "mime_type", None) or "",
                file.file_size,
            )
            return Content(kind=kind, text=caption, media=(media,))
    return None


def _words_of_other(message: Message) -> str:
    if message.poll is not None:
        return message.poll.question
    if message.dice is not None:
        return message.dice.emoji
    return message.caption or ""
