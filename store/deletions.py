"""Messages that a caller wants gone from her phone: asked for here, worked off by the sender."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from store.conversations import add_event
from store.standing import make_due
from store.tables import conversation_events as events

ASKED = "delete_at_provider"
DONE = "deleted_at_provider"


@dataclass(frozen=True)
class Deletion:
    """The providers' numbers of messages of one conversation that shall go."""

    id: int
    refs: tuple[str, ...]
    asked_at: float


def ask(connection: sa.Connection, conversation: str, refs: Sequence[str], now: float) -> None:
    """Let the sender take messages back at the provider."""
    if refs:
        add_event(connection, conversation, ASKED, "caller", {"refs": list(refs)}, now)
        make_due(connection, conversation, now)


def pending(connection: sa.Connection, conversation: str) -> list[Deletion]:
    """List what was asked for and is not done, oldest first."""
    mine = events.c.conversation_id == conversation
    told = sa.select(events).where(mine, events.c.kind.in_((ASKED, DONE))).order_by(events.c.id)
    rows = connection.execute(told).all()
    done = {row.details["asked"] for row in rows if row.kind == DONE}
    return [
        Deletion(row.id, tuple(row.details["refs"]), row.at)
        for row in rows
        if row.kind == ASKED and row.id not in done
    ]


def done(
    connection: sa.Connection, conversation: str, deletion: Deletion, *, left: int, now: float
) -> None:
    """Note that a deletion is over, and how many messages stayed."""
    gone = len(deletion.refs) - left
    told = {"asked": deletion.id, "gone": gone, "left": left}
    add_event(connection, conversation, DONE, "provider", told, now)
