"""Finds a message's conversation, for tests."""

import sqlalchemy as sa

from store import db
from store.tables import inbox
from store.vault import Vault


def conversation_of(vault: Vault, message_id: int) -> str:
    """Say to which conversation a stored message belongs."""
    query = sa.select(inbox.c.conversation_id).where(inbox.c.id == message_id)
    with db.read(vault.engine) as connection:
        return str(connection.execute(query).scalar_one())
