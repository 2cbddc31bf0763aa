"""Deletes what a conversation's messages say, leaving ids and times for the statistics."""

from __future__ import annotations

import math

import sqlalchemy as sa

from hotline.errors import KeyringError
from hotline.messages import InboxState
from store import corrections, deletions, unsent
from store.attachments import erase_files
from store.console_tables import ticket_work
from store.crypto import Keyring
from store.inbox import open_details
from store.standing import lock
from store.tables import conversations, inbox, outbox, ticket_conversations


def erase_conversation(
    connection: sa.Connection,
    keyring: Keyring,
    conversation: str,
    *,
    before: float = math.inf,
    answered: int | None = None,
) -> None:
    """Overwrite every text of a conversation; tickets are another matter, a responder decides.

    With `before`, only what is older. What waits unread stays, and is read: it may be a cry for
    help, written after the wish to delete. `answered` is the message with that wish, which waits
    too while it is being answered, but goes. Hours and "do not write" stay: they protect her, and
    forgetting them could not.
    """
    lock(connection, conversation)
    hers = sa.and_(
        inbox.c.conversation_id == conversation, inbox.c.received_at < before, _read(answered)
    )
    connection.execute(
        sa.update(inbox)
        .where(hers)
        .values(text_sealed=keyring.seal("", "inbox.text"), details_sealed=None)
    )
    corrections.forget(connection, hers)
    erase_files(connection, keyring, conversation, before=before, of=hers)
    _erase_ours(connection, keyring, conversation, before)
    connection.execute(
        sa.update(conversations)
        .where(conversations.c.id == conversation)
        .values(choices_sealed=None)
    )


def _read(answered: int | None) -> sa.ColumnElement[bool]:
    done = inbox.c.state != InboxState.WAITING.value
    return done if answered is None else sa.or_(done, inbox.c.id <= answered)


def _erase_ours(
    connection: sa.Connection, keyring: Keyring, conversation: str, before: float
) -> None:
    """Overwrite what we wrote; what has not gone out yet ends here, it would go out empty."""
    ours = sa.and_(outbox.c.conversation_id == conversation, outbox.c.created_at < before)
    unsent.end_waiting(connection, ours)
    empty = keyring.seal('{"text": "", "choices": []}', "outbox.body")
    connection.execute(sa.update(outbox).where(ours).values(body_sealed=empty))


def must_stay(connection: sa.Connection, conversation: str) -> bool:
    """Say whether a ticket of the conversation, also a closed one, is under a legal hold."""
    query = (
        sa.select(ticket_work.c.ticket_id)
        .join(ticket_conversations, ticket_conversations.c.ticket_id == ticket_work.c.ticket_id)
        .where(ticket_conversations.c.conversation_id == conversation, ticket_work.c.legal_hold)
    )
    return connection.execute(query.limit(1)).first() is not None


def take_back_at_provider(
    connection: sa.Connection, keyring: Keyring, conversation: str, *, now: float
) -> None:
    """Ask for every message of a conversation to vanish from the phone, hers and ours.

    Has to run before `erase_conversation`, which forgets the numbers. Only Telegram can do it; the
    sender leaves alone what a provider cannot take back.
    """
    deletions.ask(connection, conversation, _refs(connection, keyring, conversation), now)


def _refs(connection: sa.Connection, keyring: Keyring, conversation: str) -> list[str]:
    hers = connection.execute(
        sa.select(inbox.c.details_sealed)
        .where(inbox.c.conversation_id == conversation, inbox.c.details_sealed.is_not(None))
        .order_by(inbox.c.id)
    ).scalars()
    ours = connection.execute(
        sa.select(outbox.c.provider_id)
        .where(outbox.c.conversation_id == conversation, outbox.c.provider_id.is_not(None))
        .order_by(outbox.c.id)
    ).scalars()
    refs = [_ref(keyring, sealed) for sealed in hers]
    return [ref for ref in dict.fromkeys([*refs, *ours]) if ref]


def _ref(keyring: Keyring, sealed: bytes) -> str:
    try:
        return str(open_details(keyring, sealed).get("ref", ""))
    except (KeyringError, ValueError):
        return ""
