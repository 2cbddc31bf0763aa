"""Files that will not be kept: what is known of one, and who was told of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from hotline.attachments import AttachmentState
from store import conversations
from store.tables import attachments, conversation_events, inbox

_KINDS = ("file_refused", "file_given_up")


def message_of(connection: sa.Connection, attachment_id: int) -> tuple[str, float]:
    """Give the state of the message a file came with, and when it was sent."""
    row = connection.execute(
        sa.select(inbox.c.state, attachments.c.at)
        .join(inbox, inbox.c.id == attachments.c.inbox_id)
        .where(attachments.c.id == attachment_id)
    ).one()
    return row.state, row.at


def load(connection: sa.Connection, attachment_id: int) -> sa.Row[Any]:
    """Read a file's row with the sealed words of its message."""
    return connection.execute(
        sa.select(attachments, inbox.c.text_sealed)
        .join(inbox, inbox.c.id == attachments.c.inbox_id)
        .where(attachments.c.id == attachment_id)
    ).one()


def told_since(connection: sa.Connection, conversation: str, name: str, since: float) -> bool:
    """Say whether the caller was told the same after a moment: an album is one thing to her."""
    e = conversation_events.c
    rows = connection.execute(
        sa.select(e.details).where(
            e.conversation_id == conversation, e.kind.in_(_KINDS), e.at >= since
        )
    )
    return any(details.get("told") == name for details in rows.scalars())


def note(connection: sa.Connection, row: sa.Row[Any], *, told: str | None, now: float) -> None:
    """Write into the conversation's log what became of a file; responders read it."""
    kind = _KINDS[row.state == AttachmentState.FAILED.value]
    details = {"attachment": row.id, "reason": row.reason, "told": told}
    conversations.add_event(connection, row.conversation_id, kind, "gateway", details, now)
