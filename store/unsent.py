"""What can never go out, although it waited for it: damaged, or deleted by its caller meanwhile."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from hotline.errors import KeyringError
from hotline.messages import OutboxState, Reply
from store.crypto import Keyring
from store.fates import WINDOW_AUTHOR
from store.outbox import ERASED, NOT_NEEDED
from store.tables import outbox

_WAITS = (OutboxState.QUEUED.value, OutboxState.HELD.value)
_ERASED = {"state": OutboxState.FAILED.value, "hold": NOT_NEEDED, "error_code": ERASED}


def open_body(keyring: Keyring, sealed: bytes) -> Reply | None:
    """Read a message of ours; None when it is damaged."""
    try:
        return Reply.from_dict(json.loads(keyring.open(sealed, "outbox.body")))
    except (KeyringError, ValueError, KeyError, AssertionError):
        return None


def end_of(row: sa.Row[Any], reply: Reply | None) -> dict[str, str]:
    """Say with which values of its row of `outbox` a message ends; nothing if it can go out."""
    if reply is None:
        return {"state": OutboxState.FAILED.value, "error_code": "unreadable"}
    if row.author == WINDOW_AUTHOR or reply.text or reply.choices:
        return {}
    return _ERASED  # deleted while it was being sent, and that try has come back


def end_waiting(connection: sa.Connection, ours: sa.ColumnElement[bool]) -> None:
    """End those of our messages that have not gone out yet, because their words are deleted."""
    waits = outbox.c.state.in_(_WAITS)
    connection.execute(sa.update(outbox).where(ours, waits).values(**_ERASED, next_at=None))
