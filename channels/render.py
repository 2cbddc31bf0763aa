"""Gives a reply the form of its channel: buttons where there are any, numbered lines by SMS."""

from __future__ import annotations

import smsutil
from unidecode import unidecode

from hotline.messages import Channel, Rendered, Reply

# What the GSM-7 alphabet lacks but callers' names and pasted texts hold.
_LIKE = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "•": "-"}
)


def to_gsm7(text: str) -> str:
    """Write a text with the characters of GSM-7 only: one other would halve the message's room."""
    text = text.translate(_LIKE)
    return "".join(_one(char) for char in text)


def _one(char: str) -> str:
    if smsutil.is_valid_gsm(char):
        return char
    alike = unidecode(char).replace("`", "'")
    if not alike:
        return " " if char.isspace() else "?"
    return alike if smsutil.is_valid_gsm(alike) else "?"


def segments(text: str) -> int:
    """Count the parts by which a network carries and bills a text."""
    return len(smsutil.split(text).parts)


def render(reply: Reply, channel: str) -> Rendered:
    """Show a reply the way `channel` does."""
    titles = tuple(choice.title for choice in reply.choices)
    if channel != Channel.SMS:
        return Rendered(reply.text, titles)
    menu = "".join(f"\n{number} {title}" for number, title in enumerate(titles, 1))
    text = to_gsm7(reply.text + menu)
    return Rendered(text, titles, segments(text))
