"""Deletes what a conversation's messages say, leaving ids and times for the statistics."""

from __future__ import annotations

import sqlalchemy as sa

from store.crypto import Keyring
from store.tables import conversations, inbox, outbox


def erase_conversation(connection: sa.Connection, keyring: Keyring, conversation: str) -> None:
    """Overwrite every text of a conversation; tickets are another matter, a responder decides."""
    connection.execute(
        sa.update(inbox)
        .where(inbox.c.conversation_id == conversation)
        .values(text_sealed=keyring.seal("", "inbox.text"))
    )
    empty = keyring.seal('{"text": "", "choices": []}', "outbox.body")
    connection.execute(
        sa.update(outbox).where(outbox.c.conversation_id == conversation).values(body_sealed=empty)
    )
    connection.execute(
        sa.update(conversations)
        .where(conversations.c.id == conversation)
        .values(choices_sealed=None)
    )
