"""What is remembered about a conversation between its messages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from hotline.messages import Choice
from store.crypto import Keyring
from store.tables import conversations


@dataclass(frozen=True)
class Conversation:
    """A conversation as the worker needs it."""

    id: str
    channel: str
    transport: str
    language: str
    needs_person: bool
    neutral: bool
    choices: tuple[Choice, ...]


def load(connection: sa.Connection, keyring: Keyring, conversation: str) -> Conversation:
    """Read one conversation."""
    row = connection.execute(
        sa.select(conversations).where(conversations.c.id == conversation)
    ).one()
    choices: tuple[Choice, ...] = ()
    if row.choices_sealed:
        plain = json.loads(keyring.open(row.choices_sealed, "conversations.choices"))
        choices = tuple(Choice(title, payload) for title, payload in plain)
    return Conversation(
        row.id, row.channel, row.transport, row.language, row.needs_person, row.neutral, choices
    )


def remember(
    connection: sa.Connection,
    keyring: Keyring,
    conversation: str,
    *,
    choices: Sequence[Choice],
    language: str,
    needs_person: bool,
    neutral: bool,
) -> None:
    """Keep what the caller may pick from now, and how she is to be answered."""
    plain = json.dumps([[c.title, c.payload] for c in choices])
    sealed = keyring.seal(plain, "conversations.choices") if choices else None
    connection.execute(
        sa.update(conversations)
        .where(conversations.c.id == conversation)
        .values(
            choices_sealed=sealed, language=language, needs_person=needs_person, neutral=neutral
        )
    )
