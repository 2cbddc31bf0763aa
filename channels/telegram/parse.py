"""Reads an update as Telegram sends it: what a caller said, or what else happened."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from telegram import (
    CallbackQuery,
    Chat,
    ChatMemberUpdated,
    Message,
    MessageReactionUpdated,
    ReactionTypeEmoji,
    Update,
)

from channels.telegram.content import FIELDS, command_words, content_of
from hotline.messages import Channel, InboundMessage, Kind

# What we ask Telegram to send; everything else stays away.
UPDATES = ("message", "edited_message", "callback_query", "message_reaction", "my_chat_member")
_SHOWN = ("message_id", "date", "chat", "reply_markup")  # of our own message under a tap
_TAP = re.compile(r"c:(\d{1,18}):(\d{1,3})")


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What one update came to; most have one message and nothing else."""

    message: InboundMessage | None = None
    query: str = ""  # a tap that wants an answer, or the button goes on turning
    blocked: str = ""  # the address of a caller who has blocked the bot
    unblocked: str = ""
    at: datetime | None = None  # when she blocked or unblocked it, by Telegram's clock
    leave: int | None = None  # a group: whoever is in it would read what callers write
    passed_over: str = ""  # why nothing is kept, for the log


def parse_update(payload: Mapping[str, Any], received_at: datetime) -> Heard:
    """Read one update; never raises, whatever is in it."""
    number = payload.get("update_id")
    if isinstance(number, bool) or not isinstance(number, int):
        return Heard(passed_over="no update_id")
    try:
        return _storable(_heard(Update.de_json(_slim(payload), None), received_at))
    except Exception as error:  # noqa: BLE001 - a shape the library cannot read is still a message
        return _bare(payload, number, received_at, type(error).__name__)


def _slim(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Drop what we do not read: the library refuses all of a message for one odd part of it."""
    kept: dict[str, Any] = {key: payload[key] for key in ("update_id", *UPDATES) if key in payload}
    for kind in ("message", "edited_message"):
        if kind in kept:
            kept[kind] = _only(kept[kind], FIELDS)
    query = kept.get("callback_query")
    if isinstance(query, Mapping) and "message" in query:
        kept["callback_query"] = {**query, "message": _only(query["message"], _SHOWN)}
    return kept


def _only(message: Any, fields: Sequence[str]) -> Any:
    if not isinstance(message, Mapping):
        return message
    return {key: message[key] for key in fields if key in message}


def _storable(heard: Heard) -> Heard:
    """Refuse what is not of its kind, which the library does not; raises TypeError."""
    if heard.message is None:
        return heard
    one = heard.message
    words = (one.text, one.contact, *(w for m in one.media for w in (m.source, m.name)))
    sizes = [m.size for m in one.media if m.size is not None]
    if not all(isinstance(word, str) for word in words) or not _numbers(*sizes, *(one.place or ())):
        raise TypeError("a field of another kind")
    media = tuple(replace(m, name=_whole(m.name)) for m in one.media)
    return replace(heard, message=replace(one, text=_whole(one.text), media=media))


def _numbers(*values: object) -> bool:
    return all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)


def _whole(text: str) -> str:
    """Replace halves of characters, which JSON can hold and no database."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _heard(update: Update, received_at: datetime) -> Heard:
    number = str(update.update_id)
    if update.message is not None:
        return _message(update.message, number, received_at)
    if update.edited_message is not None:
        return _message(update.edited_message, number, received_at, edited=True)
    if update.callback_query is not None:
        return _tap(update.callback_query, number, received_at)
    if update.message_reaction is not None:
        return _reaction(update.message_reaction, number, received_at)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    return Heard(passed_over="a kind of update we do not use")


def _message(
    message: Message, number: str, received_at: datetime, *, edited: bool = False
) -> Heard:
    if message.chat.type != Chat.PRIVATE:
        return _not_private(message.chat)
    if message.from_user is not None and message.from_user.is_bot:
        return Heard(passed_over="from a bot")
    content = content_of(message)
    if content is None:
        return Heard(passed_over="a notice of Telegram's own")
    return Heard(
        message=InboundMessage(
            channel=Channel.TELEGRAM,
            provider_id=number,
            address=str(message.chat.id),
            text=content.text,
            received_at=received_at,
            kind=Kind.EDIT if edited else content.kind,
            place=content.place,
            contact=content.contact,
            own_contact=content.own_contact,
            ref=str(message.message_id),
            media=content.media,
        )
    )


def _not_private(chat: Chat) -> Heard:
    if chat.type == Chat.CHANNEL:
        return Heard(passed_over="from a channel")
    return Heard(leave=chat.id, passed_over="from a group")


def _tap(query: CallbackQuery, number: str, received_at: datetime) -> Heard:
    shown = query.message
    if shown is not None and shown.chat.type != Chat.PRIVATE:
        return Heard(query=query.id, passed_over="a tap in a group")
    data = query.data or ""
    found = _TAP.fullmatch(data)
    title = _title(shown, data) if isinstance(shown, Message) else ""
    if found is None and not title:
        return Heard(query=query.id, passed_over="a tap on a button that is not ours")
    return Heard(
        query=query.id,
        message=InboundMessage(
            channel=Channel.TELEGRAM,
            provider_id=number,
            # In a private chat both numbers are the same; old messages come without their chat.
            address=str(shown.chat.id if shown is not None else query.from_user.id),
            text=title,
            received_at=received_at,
            # A button of an older bot behind the same token says what its title says.
            kind=Kind.PICK if found else Kind.TEXT,
            pick=(int(found[1]), int(found[2])) if found else None,
            ref=str(shown.message_id) if shown is not None else "",
        ),
    )


def _title(shown: Message, data: str) -> str:
    rows = shown.reply_markup.inline_keyboard if shown.reply_markup else ()
    return next((b.text for row in rows for b in row if b.callback_data == data), "")


def _reaction(change: MessageReactionUpdated, number: str, received_at: datetime) -> Heard:
    if change.chat.type != Chat.PRIVATE:
        return Heard(passed_over="a reaction in a group")
    signs = [one.emoji for one in change.new_reaction if isinstance(one, ReactionTypeEmoji)]
    return Heard(
        message=InboundMessage(
            channel=Channel.TELEGRAM,
            provider_id=number,
            address=str(change.chat.id),
            text="".join(signs),
            received_at=received_at,
            kind=Kind.REACTION,
            ref=str(change.message_id),
        )
    )


def _membership(change: ChatMemberUpdated) -> Heard:
    inside = change.new_chat_member.status not in {"kicked", "left"}
    if change.chat.type == Chat.PRIVATE:
        address = str(change.chat.id)
        return Heard(
            blocked="" if inside else address, unblocked=address if inside else "", at=change.date
        )
    if change.chat.type == Chat.CHANNEL or not inside:
        return Heard(passed_over="a change in a group or channel")
    return Heard(leave=change.chat.id, passed_over="put into a group")


def _bare(payload: Mapping[str, Any], number: int, received_at: datetime, why: str) -> Heard:
    """Keep what can be kept of a message that the library cannot read."""
    message = payload.get("message")
    chat = message.get("chat") if isinstance(message, Mapping) else None
    known = isinstance(chat, Mapping) and chat.get("type") == "private"
    if not known or not isinstance(chat, Mapping) or not isinstance(chat.get("id"), int):
        return Heard(passed_over=f"unreadable ({why})")
    assert isinstance(message, Mapping)
    text = message.get("text") or message.get("caption")
    return Heard(
        message=InboundMessage(
            channel=Channel.TELEGRAM,
            provider_id=str(number),
            address=str(chat["id"]),
            text=_whole(command_words(text, text)) if isinstance(text, str) else "",
            received_at=received_at.astimezone(UTC),
            kind=Kind.TEXT if isinstance(text, str) else Kind.OTHER,
            ref=str(message.get("message_id") or ""),
        )
    )
