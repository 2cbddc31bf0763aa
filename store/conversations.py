"""What is remembered about a conversation between its messages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from hotline.conversations import Claim
from hotline.errors import KeyringError
from hotline.messages import Choice
from hotline.tickets import OPEN_STATES
from store.crypto import Keyring
from store.reply_ways import JOINED_LATER
from store.tables import conversation_events, conversations, ticket_conversations, tickets


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """A conversation as the worker needs it."""

    id: str
    channel: str
    transport: str
    language: str
    needs_person: bool
    neutral: bool
    choices: tuple[Choice, ...]
    claim: Claim = field(default_factory=Claim)
    opted_out: bool = False


def load(connection: sa.Connection, keyring: Keyring, conversation: str) -> Conversation:
    """Read one conversation."""
    row = connection.execute(
        sa.select(conversations).where(conversations.c.id == conversation)
    ).one()
    return Conversation(
        id=row.id,
        channel=row.channel,
        transport=row.transport,
        language=row.language,
        needs_person=row.needs_person,
        neutral=row.neutral,
        choices=_choices(keyring, row.choices_sealed),
        claim=Claim(row.claimed_by, row.claimed_until, row.told_of_person_at),
        opted_out=row.opted_out_at is not None,
    )


def _choices(keyring: Keyring, sealed: bytes | None) -> tuple[Choice, ...]:
    if not sealed:
        return ()
    try:
        plain = json.loads(keyring.open(sealed, "conversations.choices"))
    except KeyringError:
        return ()  # a damaged menu must not keep her next message from being read
    return tuple(Choice(title, payload) for title, payload in plain)


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
    """Keep what the caller may pick from now, and how she is to be answered.

    Only a responder takes a conversation off the list of those that need a person.
    """
    offer(connection, keyring, conversation, choices)
    connection.execute(
        sa.update(conversations)
        .where(conversations.c.id == conversation)
        .values(language=language, neutral=neutral)
    )
    if needs_person:
        mark_for_person(connection, conversation, needed=True)


def offer(
    connection: sa.Connection, keyring: Keyring, conversation: str, choices: Sequence[Choice]
) -> None:
    """Keep what the caller may pick from now."""
    plain = json.dumps([[c.title, c.payload] for c in choices])
    sealed = keyring.seal(plain, "conversations.choices") if choices else None
    mine = conversations.c.id == conversation
    connection.execute(sa.update(conversations).where(mine).values(choices_sealed=sealed))


def mark_for_person(connection: sa.Connection, conversation: str, *, needed: bool) -> None:
    """Put a conversation on the responders' list, or take it off."""
    mine = conversations.c.id == conversation
    connection.execute(sa.update(conversations).where(mine).values(needs_person=needed))


def urgency(connection: sa.Connection, conversation: str) -> str:
    """Give the highest urgency of the open tickets of a conversation."""
    query = (
        sa.select(tickets.c.urgency)
        .join(ticket_conversations, ticket_conversations.c.ticket_id == tickets.c.id)
        .where(
            ticket_conversations.c.conversation_id == conversation,
            tickets.c.state.in_([state.value for state in OPEN_STATES]),
        )
    )
    found = set(connection.execute(query).scalars())
    return next((one for one in ("critical", "high") if one in found), "normal")


def add_event(
    connection: sa.Connection,
    conversation: str,
    kind: str,
    actor: str,
    details: dict[str, Any],
    now: float,
) -> None:
    """Append to a conversation's log: ids and fixed words only, never what was said."""
    row = {
        "conversation_id": conversation,
        "kind": kind,
        "actor": actor,
        "details": details,
        "at": now,
    }
    connection.execute(sa.insert(conversation_events), row)


def set_opted_out(connection: sa.Connection, conversation: str, *, out: bool, now: float) -> None:
    """Obey STOP, or the word that takes it back; the first STOP's time stands."""
    mine = conversations.c.id == conversation
    values = {"opted_out_at": sa.func.coalesce(conversations.c.opted_out_at, now) if out else None}
    connection.execute(sa.update(conversations).where(mine).values(values))
    add_event(connection, conversation, "opted_out" if out else "opted_in", "caller", {}, now)


def told_of_person(connection: sa.Connection, conversation: str, at: float | None) -> None:
    """Remember when the caller was told that a person answers; None once the bot is back."""
    connection.execute(
        sa.update(conversations)
        .where(conversations.c.id == conversation)
        .values(told_of_person_at=at)
    )


def claim(
    connection: sa.Connection, conversation: str, *, by: str, now: float, until: float
) -> str | None:
    """Give a conversation to a responder; returns who holds it already, None when it is done.

    One statement decides, so that two responders cannot both have it.
    """
    free = sa.or_(
        conversations.c.claimed_by.is_(None),
        conversations.c.claimed_by == by,
        conversations.c.claimed_until <= now,
    )
    done = connection.execute(
        sa.update(conversations)
        .where(conversations.c.id == conversation, free)
        .values(claimed_by=by, claimed_until=until)
    )
    if done.rowcount:
        return None
    query = sa.select(conversations.c.claimed_by).where(conversations.c.id == conversation)
    return str(connection.execute(query).scalar_one())


def give_back(connection: sa.Connection, conversation: str) -> None:
    """Let the bot answer again; the person has seen what needed one."""
    connection.execute(
        sa.update(conversations)
        .where(conversations.c.id == conversation)
        .values(claimed_by=None, claimed_until=None, needs_person=False)
    )


def reply_conversation(connection: sa.Connection, ticket_id: int) -> str | None:
    """Say where a reply to a ticket goes: the conversation chosen, else the one it came from.

    Never of itself to one that joined with code and key: both can be read off her phone.
    """
    mine = ticket_conversations.c.ticket_id == ticket_id
    chosen = connection.execute(
        sa.select(tickets.c.reply_conversation_id)
        .join(
            ticket_conversations,
            ticket_conversations.c.conversation_id == tickets.c.reply_conversation_id,
        )
        .where(mine, tickets.c.id == ticket_id)
    ).scalar()
    if chosen is not None:
        return str(chosen)
    return connection.execute(
        sa.select(ticket_conversations.c.conversation_id)
        .where(mine, ~JOINED_LATER)
        .order_by(ticket_conversations.c.joined_at, ticket_conversations.c.conversation_id)
        .limit(1)
    ).scalar()
