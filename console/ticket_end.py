"""How a ticket ends, for its page: a proposal that waits, wishes to clear it, who cares next."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from store import endings, erasure_requests, next_owner
from store.crypto import Keyring
from store.retention_due import members
from store.staff import Session


def how_it_ends(
    connection: sa.Connection,
    keyring: Keyring,
    session: Session,
    id_: int,
    events: list[dict[str, Any]],
) -> dict[str, Any]:
    """Read it; `events` is what the reader may know of the ticket's log."""
    waits = endings.standing(connection, id_)
    return {
        "ending": waits,
        "may_confirm": waits is not None and endings.may_confirm(session.staff, waits),
        "ending_seconds": endings.seconds(connection, id_, waits) if waits else [],
        "ending_lines": endings.reasons(connection, keyring, events),
        "erasure": erasure_requests.standing(connection, keyring, members(connection, id_)),
        "next_owner": next_owner.read(connection, keyring, id_),
    }
