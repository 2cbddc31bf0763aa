"""Reads what Twilio tells of a message: its kind, its sender, its words, files and place."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime

from hotline.messages import Channel, InboundMessage, Kind, Media

_PICK = re.compile(r"c:(\d{1,18}):([1-9]\d?)")
_NUMBER = re.compile(r"\+?\d{7,20}")
_SID = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_WHATSAPP = "whatsapp:"
_MOST_FILES = 10
# Twilio's word for a kind -> ours. What has words is text whatever it is called.
_BY_NAME = {
    "sticker": Kind.STICKER,
    "reaction": Kind.REACTION,
    "edit": Kind.EDIT,
    "edited": Kind.EDIT,
    "deleted": Kind.DELETED,
    "revoked": Kind.DELETED,
}
_BY_TYPE = {"image": Kind.PHOTO, "audio": Kind.VOICE, "video": Kind.VIDEO}
_CARDS = frozenset({"text/vcard", "text/x-vcard", "text/directory"})
# The words by which the opt-out of an account is worked; HELP changes nothing and stays a text.
_OPT_WORDS = frozenset({"STOP", "START"})


def parse_message(form: Mapping[str, str], received_at: datetime) -> list[InboundMessage]:
    """Turn one webhook into messages: one, or none when nobody could be answered.

    The profile name, the WhatsApp id and the fields of advertisements are left out: nobody needs
    them to help.
    """
    sender = _sender(form)
    provider_id = form.get("MessageSid") or form.get("SmsMessageSid") or form.get("SmsSid") or ""
    if sender is None or not _SID.fullmatch(provider_id):
        return []
    channel, address = sender
    pick, title = _tap(form)
    place = _place(form)
    media = _media(form)
    text = title or _words(form, place)
    return [
        InboundMessage(
            channel=channel,
            provider_id=provider_id,
            address=address,
            text=text,
            received_at=received_at,
            kind=_kind(form, text, media, tapped=title is not None, placed=place is not None),
            pick=pick,
            place=place,
            media=media,
        )
    ]


def _sender(form: Mapping[str, str]) -> tuple[Channel, str] | None:
    """Give the channel and address; None for senders that nobody can answer."""
    sender = form.get("From", "").strip()
    if sender.startswith(_WHATSAPP) or (not sender and form.get("ExternalUserId")):
        # WhatsApp may hide the number and name its own id of the person instead.
        address = sender.removeprefix(_WHATSAPP) or form.get("ExternalUserId", "")
        address = address.strip().removeprefix(_WHATSAPP)
        return (Channel.WHATSAPP, address) if address else None
    # Names and short codes are advertisers' and networks' machines: an answer would go nowhere,
    # or begin an endless talk between two machines.
    return (Channel.SMS, sender) if _NUMBER.fullmatch(sender) else None


def _tap(form: Mapping[str, str]) -> tuple[tuple[int, int] | None, str | None]:
    """Give the place of a tapped choice and its title; (None, None) when nothing was tapped."""
    for payload, title in (("ButtonPayload", "ButtonText"), ("ListId", "ListTitle")):
        if form.get(payload) or form.get(title):
            ours = _PICK.fullmatch(form.get(payload, ""))
            shown = form.get(title) or form.get("Body", "")
            return ((int(ours[1]), int(ours[2])) if ours else None), shown
    return None, None


def _place(form: Mapping[str, str]) -> tuple[float, float] | None:
    try:
        latitude, longitude = float(form["Latitude"]), float(form["Longitude"])
    except (KeyError, ValueError):
        return None
    sound = math.isfinite(latitude) and math.isfinite(longitude)
    if not sound or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return latitude, longitude


def _words(form: Mapping[str, str], place: tuple[float, float] | None) -> str:
    opted = form.get("OptOutType", "").upper()
    if opted in _OPT_WORDS:
        return opted  # whichever local word the account has for it
    body = form.get("Body", "")
    if body.strip() or place is None:
        return body
    named = (form.get("Label", "").strip(), form.get("Address", "").strip())
    return ", ".join(part for part in named if part)


def _media(form: Mapping[str, str]) -> tuple[Media, ...]:
    """List the files; the fields themselves count, not the number that is told of them."""
    files = []
    for place in range(_MOST_FILES):
        source = form.get(f"MediaUrl{place}")
        if source:
            declared = form.get(f"MediaContentType{place}", "").partition(";")[0].strip().lower()
            files.append(Media(_file_kind(form, declared), source, declared_type=declared))
    return tuple(files)


def _file_kind(form: Mapping[str, str], declared: str) -> Kind:
    if declared in _CARDS:
        return Kind.CONTACT
    if form.get("MessageType", "").lower() == "sticker":
        return Kind.STICKER
    return _BY_TYPE.get(declared.partition("/")[0], Kind.DOCUMENT)


def _kind(
    form: Mapping[str, str], text: str, media: tuple[Media, ...], *, tapped: bool, placed: bool
) -> Kind:
    named = _BY_NAME.get(form.get("MessageType", "").lower())
    if tapped:
        return Kind.PICK
    if media:
        return media[0].kind
    if placed:
        return Kind.LOCATION
    if named:
        return named
    return Kind.TEXT if text.strip() else Kind.OTHER
