"""What answering a message needs, and how it was answered before that is written."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from channels.rasa import Bot
from hotline.conversations import Notice
from hotline.danger import Guard
from hotline.messages import Choice, Reply
from hotline.optout import Wish
from hotline.readable import readable
from hotline.understood import Understood
from store.conversations import Conversation
from store.texts import Texts
from store.vault import Vault


def nowhere(_latitude: float, _longitude: float) -> str:
    """Name no country: for who needs none."""
    return ""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What answering a message needs."""

    vault: Vault
    bot: Bot
    guard: Guard
    texts: Texts
    max_text: int
    burst_limit: int
    lease: float
    sms_segments: int = 3
    media_bytes: int = 20 * 1024 * 1024
    country_at: Callable[[float, float], str] = nowhere
    now: Callable[[], float] = field(default=time.time)

    def say(self, known: Conversation, name: str, /, **values: object) -> Reply:
        """Give one of our own texts in the caller's language and the form of her channel."""
        return self.texts.reply(name, known.language, known.channel, **values)


@dataclass(frozen=True, kw_only=True)
class Heard:
    """An inbound message as the guard and the bot get it, whatever kind it was."""

    text: str = ""  # for the bot: cleaned and cut
    whole: str = ""  # for the guard: danger may stand at the end
    choice: Choice | None = None  # tapped, so it needs no guessing
    facts: tuple[tuple[str, str], ...] = ()  # for the ticket, once there is one
    instead: str | None = None  # the text of ours that answers it; the bot is not asked
    silent: bool = False  # nobody answers it, by design
    outcome: str = "kept"  # of a message the bot is not asked about
    person: str | None = None  # why a person should see it
    deletes: int | None = None  # the message that the caller took back
    shared: str = ""  # what the words came with, as channels/rasa.py has it


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a message was answered, before it is written."""

    kind: str  # bot, safe_text, unreadable, neutral, quiet, burst, person, kept, opted_out, ...
    replies: tuple[Reply, ...] = ()
    language: str
    neutral: bool = False
    person: str | None = None  # why a person must see it
    keep_choices: bool = True
    notice: Notice | None = None
    wish: Wish | None = None
    event: str | None = None  # what a responder shall see in the conversation's log
    understood: Understood | None = None  # what the bot took it for, where it was asked
    author: str = ""  # the responder whose words they are; empty: the bot's or ours


class LostLeaseError(Exception):
    """Another worker holds the conversation now; what was prepared here must not be written."""


def clean(text: str, longest: int) -> str:
    """Make a text readable and cut it to `longest` characters; the stored message stays whole.

    Control characters go, and letters in disguise and run-on words become plain ones: here, once.
    """
    kept = "".join(c for c in text if c.isprintable() or c in "\n\t")
    return readable(kept[:longest]).text[:longest].strip()
