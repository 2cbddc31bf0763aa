"""Gives a reply the form of its channel: buttons, a list, or numbered lines; GSM-7 for SMS."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import smsutil
from unidecode import unidecode

from hotline.messages import Channel, Choice, Rendered, Reply

# A choice that is not shown as one: it stands for what was left out of a long SMS (parts.py).
REST = "rest:"
# What the providers let through.
TELEGRAM_TEXT = 4096
WHATSAPP_TEXT = 1600
WHATSAPP_BODY = 1024  # a text with buttons or a list below it
_BUTTONS, _BUTTON_TITLE = 3, 20  # more buttons need Meta's approval
_LIST_LINES, _LIST_TITLE = 10, 24

# What the GSM-7 alphabet lacks but callers' names and pasted texts hold.
_LIKE = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "•": "-", "\t": " "}
)
_UNREADABLE = re.compile(r"\?{2,}")


class Picker(StrEnum):
    """How a caller picks on her phone."""

    NONE = "none"  # nothing to pick
    BUTTONS = "buttons"  # below the text
    LIST = "list"  # behind one button that opens it
    NUMBERS = "numbers"  # lines in the text itself


@dataclass(frozen=True)
class Form:
    """A reply as a transport needs it; the place of a title is the place of its choice."""

    text: str
    picker: Picker
    titles: tuple[str, ...]
    plain: str  # text and numbered lines: what goes out where the provider takes no picker


def to_gsm7(text: str) -> str:
    """Write a text with the characters of GSM-7 only: one other would halve the message's room."""
    # ESC is no letter: in GSM-7 it makes the next one another.
    if not text:
        return text
    text = text.replace("\x1b", "") or "?"
    if smsutil.is_valid_gsm(text):
        return text
    whole = unicodedata.normalize("NFC", text).translate(_LIKE)
    return "".join(_word(word) for word in re.split(r"(\s+)", whole)).strip() or "?"


def _word(word: str) -> str:
    """Write one word; of a script that nobody has a table for, one question mark remains."""
    made = "".join(_one(char) for char in word)
    own = _UNREADABLE.search(word)
    return made if own else _UNREADABLE.sub("?", made)


@lru_cache(maxsize=4096)
def _one(char: str) -> str:
    if smsutil.is_valid_gsm(char):
        return char
    alike = unidecode(char).replace("`", "'")
    if alike and smsutil.is_valid_gsm(alike):
        return alike
    if char.isspace():
        return " "
    # A smile or an invisible mark is left out: "terima kasih ?" would be a question.
    return "?" if unicodedata.category(char)[0] in "LN" else ""


def segments(text: str) -> int:
    """Count the parts by which a network carries and bills a text."""
    return len(smsutil.split(text).parts)


def units(text: str) -> int:
    """Count as Telegram and Meta do: a sign beyond the first 65,536 counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shown_choices(reply: Reply) -> tuple[Choice, ...]:
    """Give the choices a caller sees; the rest of a long SMS is asked for by a word."""
    return tuple(choice for choice in reply.choices if not choice.payload.startswith(REST))


def form(reply: Reply, channel: str) -> Form:
    """Give a reply the form its channel can carry."""
    titles = tuple(choice.title for choice in shown_choices(reply))
    menu = "".join(f"\n{number} {title}" for number, title in enumerate(titles, 1))
    plain = reply.text + menu
    if channel == Channel.SMS:
        plain = to_gsm7(plain)
        return Form(plain, Picker.NUMBERS if titles else Picker.NONE, titles, plain)
    picker = _picker(reply.text, titles, channel)
    return Form(plain if picker is Picker.NUMBERS else reply.text, picker, titles, plain)


def _picker(text: str, titles: tuple[str, ...], channel: str) -> Picker:
    if not titles:
        return Picker.NONE
    if channel != Channel.WHATSAPP:
        return Picker.BUTTONS
    longest = max(map(units, titles))
    # WhatsApp refuses an empty body and two titles alike.
    if not text.strip() or units(text) > WHATSAPP_BODY or len(set(titles)) < len(titles):
        return Picker.NUMBERS
    if len(titles) <= _BUTTONS and longest <= _BUTTON_TITLE:
        return Picker.BUTTONS
    if len(titles) <= _LIST_LINES and longest <= _LIST_TITLE:
        return Picker.LIST
    return Picker.NUMBERS


def render(reply: Reply, channel: str) -> Rendered:
    """Show a reply the way `channel` does."""
    made = form(reply, channel)
    if channel == Channel.SMS:
        return Rendered(made.text, made.titles, segments(made.text))
    return Rendered(made.text, () if made.picker is Picker.NUMBERS else made.titles)
