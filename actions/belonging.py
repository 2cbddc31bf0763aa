"""Whether a conversation may write on a ticket: what a task remembers is a claim, not a proof."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from actions.desk import Desk
from actions.turn import Turn
from store import db, spoken_for, standing


class NotJoinedError(Exception):
    """The task speaks of a ticket that this conversation does not belong to: look afresh."""


@contextmanager
def writing(ticket_id: int, turn: Turn, desk: Desk) -> Iterator[sa.Connection]:
    """Open a transaction on a ticket; raises NotJoinedError before anything is written."""
    with db.write(desk.vault.engine) as connection:
        if not spoken_for.belongs(connection, ticket_id, turn.conversation):
            raise NotJoinedError(ticket_id)
        # The conversation first and then its ticket, as everybody does: nobody waits crosswise.
        standing.keep(connection, turn.conversation)
        yield connection
