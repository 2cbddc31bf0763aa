"""Earlier messages of a conversation: the one before, and the one an edit or deletion is about."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hotline.errors import KeyringError
from hotline.messages import InboxState, Kind
from store import corrections
from store.crypto import Keyring
from store.inbox import Waiting, kind_of, open_details
from store.tables import conversation_events, inbox

ERASED, DELETE_ASKED = "erased", "delete_asked"
_BY_THE_BOT = ("bot", "rest", "deletion", "safe_text")
_LOOK_BACK = 200  # messages


@dataclass(frozen=True)
class Handled:
    """An earlier message of the conversation, and what became of it."""

    id: int
    kind: Kind
    outcome: str
    received_at: float


def handled_before(connection: sa.Connection, conversation: str, before: int) -> Handled | None:
    """Give the message that was dealt with last before another one."""
    row = connection.execute(
        sa.select(inbox.c.id, inbox.c.kind, inbox.c.outcome, inbox.c.received_at)
        .where(inbox.c.conversation_id == conversation, inbox.c.id < before)
        .where(inbox.c.state == InboxState.DONE.value)
        .order_by(inbox.c.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return Handled(row.id, kind_of(row.kind), row.outcome or "", row.received_at)


def said_lately(
    connection: sa.Connection, keyring: Keyring, conversation: str, *, before: int, since: float
) -> list[tuple[int, str]]:
    """Give the ids and texts of a caller's messages before one of hers, oldest first."""
    rows = connection.execute(
        sa.select(inbox.c.id, inbox.c.text_sealed)
        .where(inbox.c.conversation_id == conversation, inbox.c.id < before)
        .where(inbox.c.received_at >= since)
        .order_by(inbox.c.id.desc())
        .limit(_LOOK_BACK)
    ).all()
    texts = ((row.id, _text(keyring, row.text_sealed)) for row in reversed(rows))
    return [(id_, text) for id_, text in texts if text]


def _text(keyring: Keyring, sealed: bytes) -> str:
    try:
        return keyring.open(sealed, "inbox.text")
    except KeyringError:
        return ""  # damaged, or sealed with a key we lack


def deletion_while_hidden(connection: sa.Connection, conversation: str) -> str | None:
    """Say what became of a wish to delete since the bot last answered: ERASED, DELETE_ASKED, None.

    While a caller may be watched only recipes answer, so this is what she asked for meanwhile.
    """
    answered = (
        sa.select(sa.func.max(inbox.c.received_at))
        .where(inbox.c.conversation_id == conversation, inbox.c.outcome.in_(_BY_THE_BOT))
        .scalar_subquery()
    )
    e = conversation_events.c
    kinds = connection.execute(
        sa.select(e.kind)
        .where(e.conversation_id == conversation, e.kind.in_((ERASED, DELETE_ASKED)))
        .where(e.at > sa.func.coalesce(answered, 0))
    ).scalars()
    found = set(kinds)
    return next((kind for kind in (ERASED, DELETE_ASKED) if kind in found), None)


def find_ref(
    connection: sa.Connection, keyring: Keyring, conversation: str, ref: str, *, before: int
) -> Handled | None:
    """Find the message that an edit or a deletion is about, by the provider's own number.

    Only the newest are looked through: providers let nobody change what is old.
    """
    if not ref:
        return None
    for row in connection.execute(
        sa.select(inbox)
        .where(inbox.c.conversation_id == conversation, inbox.c.id < before)
        .where(inbox.c.kind.not_in([Kind.EDIT.value, Kind.DELETED.value]))
        .order_by(inbox.c.id.desc())
        .limit(_LOOK_BACK)
    ):
        if _ref_of(keyring, row.details_sealed) == ref:
            return Handled(row.id, kind_of(row.kind), row.outcome or "", row.received_at)
    return None


def _ref_of(keyring: Keyring, sealed: bytes | None) -> str:
    try:
        return str(open_details(keyring, sealed).get("ref", ""))
    except (KeyringError, ValueError):
        return ""


def changed_later(
    connection: sa.Connection, keyring: Keyring, conversation: str, waiting: Waiting
) -> bool:
    """Say whether an edit or deletion of a message waits behind it: then that one is answered."""
    if not waiting.ref or not waiting.behind or waiting.kind in {Kind.EDIT, Kind.DELETED}:
        return False
    changes = connection.execute(
        sa.select(inbox.c.details_sealed).where(
            inbox.c.conversation_id == conversation,
            inbox.c.state == InboxState.WAITING.value,
            inbox.c.id > waiting.id,
            inbox.c.kind.in_([Kind.EDIT.value, Kind.DELETED.value]),
        )
    )
    return any(_ref_of(keyring, sealed) == waiting.ref for sealed in changes.scalars())


def mark_deleted(
    connection: sa.Connection, keyring: Keyring, message_id: int, *, keep_text: bool
) -> None:
    """Note that the caller took a message back; its words go too unless they are evidence."""
    row = connection.execute(sa.select(inbox.c.details_sealed).where(inbox.c.id == message_id))
    details = {**open_details(keyring, row.scalar_one()), "deleted": True}
    values: dict[str, Any] = {
        "details_sealed": keyring.seal(json.dumps(details), "inbox.details"),
    }
    if not keep_text:
        values["text_sealed"] = keyring.seal("", "inbox.text")
    connection.execute(sa.update(inbox).where(inbox.c.id == message_id).values(values))
    corrections.forget(connection, inbox.c.id == message_id)
