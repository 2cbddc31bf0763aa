"""Callers' files: claimed for fetching, kept, refused, tried again or given up; listed, erased."""

from __future__ import annotations

import math
import random
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass

import sqlalchemy as sa

from hotline.attachments import (
    GIVE_UP_AFTER,
    MOST_ATTEMPTS,
    AttachmentState,
    Reason,
    clean_name,
    pause,
)
from store.crypto import Keyring
from store.tables import attachments, inbox, ticket_facts

_WAITING = AttachmentState.WAITING.value


@dataclass(frozen=True)
class Claimed:
    """A file to fetch, held by a lease."""

    id: int
    owner: str
    transport: str
    source_sealed: bytes
    size: int | None  # as the provider told
    file: str  # the name it will be kept under
    attempts: int
    at: float  # when the caller sent it


@dataclass(frozen=True)
class Attachment:
    """A caller's file as a responder sees it in a list."""

    id: int
    inbox_id: int
    kind: str
    name: str  # cleaned
    type: str | None  # by its content; nothing is known before it is fetched
    size: int | None
    state: str
    reason: str | None
    at: float


def anything_due(connection: sa.Connection, transports: Collection[str], now: float) -> bool:
    """Say whether a claim would find anything."""
    query = sa.select(attachments.c.id).where(_due(transports, now)).limit(1)
    return connection.execute(query).first() is not None


def _due(transports: Collection[str], now: float) -> sa.ColumnElement[bool]:
    due: sa.ColumnElement[bool] = sa.and_(
        attachments.c.state == _WAITING,
        attachments.c.next_at <= now,
        attachments.c.transport.in_(transports),
    )
    return due


def claim(
    connection: sa.Connection,
    *,
    owner: str,
    transports: Collection[str],
    now: float,
    lease: float,
) -> Claimed | None:
    """Take the file that has waited longest; after `lease` seconds without a word it is free."""
    due = _due(transports, now)
    give_up_on_interrupted(connection, transports, now)
    # First tries first: a file that never comes must not keep a new one waiting.
    query = sa.select(attachments).where(due).order_by(attachments.c.attempts, attachments.c.id)
    if connection.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True)
    row = connection.execute(query.limit(1)).first()
    if row is None:
        return None
    # The name is stored before the file is there: whatever is killed, no file is without a row.
    file = row.file or secrets.token_hex(16)
    connection.execute(
        sa.update(attachments)
        .where(attachments.c.id == row.id)
        .values(owner=owner, next_at=now + lease, attempts=row.attempts + 1, file=file)
    )
    return Claimed(
        row.id, owner, row.transport, row.source_sealed, row.size, file, row.attempts + 1, row.at
    )


def give_up_on_interrupted(
    connection: sa.Connection, transports: Collection[str], now: float
) -> list[int]:
    """Give up the files whose fetchers were stopped again and again; returns their ids."""
    given_up = (
        sa.update(attachments)
        .where(_due(transports, now), attachments.c.attempts >= MOST_ATTEMPTS)
        .values(
            state=AttachmentState.FAILED.value,
            reason=sa.func.coalesce(attachments.c.reason, Reason.INTERRUPTED.value),
            owner=None,
            next_at=None,
        )
    )
    return list(connection.execute(given_up.returning(attachments.c.id)).scalars())


def keep(connection: sa.Connection, claimed: Claimed, *, found_type: str, size: int) -> bool:
    """Note that the file is kept; False when it was erased or taken over meanwhile."""
    return _finish(
        connection, claimed, AttachmentState.KEPT, found_type=found_type, size=size, reason=None
    )


def refuse(
    connection: sa.Connection, claimed: Claimed, reason: Reason, *, found_type: str | None = None
) -> bool:
    """Note that the file will never be kept, and why."""
    return _finish(
        connection,
        claimed,
        AttachmentState.REFUSED,
        file=None,
        reason=reason.value,
        found_type=found_type,
    )


def put_off(
    connection: sa.Connection,
    claimed: Claimed,
    reason: Reason,
    *,
    now: float,
    chance: Callable[[], float] = random.random,
) -> bool:
    """Try again later; after a day of failures the file is given up, and shown as that."""
    if now - claimed.at >= GIVE_UP_AFTER:
        return _finish(connection, claimed, AttachmentState.FAILED, file=None, reason=reason.value)
    return _finish(
        connection,
        claimed,
        AttachmentState.WAITING,
        reason=reason.value,
        next_at=now + pause(claimed.attempts, chance),
    )


def _finish(
    connection: sa.Connection, claimed: Claimed, state: AttachmentState, **values: object
) -> bool:
    ours = (
        (attachments.c.id == claimed.id)
        & (attachments.c.owner == claimed.owner)
        & (attachments.c.state == _WAITING)
    )
    changed = connection.execute(
        sa.update(attachments)
        .where(ours)
        .values({"owner": None, "next_at": None, **values, "state": state.value})
    )
    return changed.rowcount > 0


def is_given_up(connection: sa.Connection, attachment_id: int) -> bool:
    """Say whether nobody will try to fetch a file again."""
    state = sa.select(attachments.c.state).where(attachments.c.id == attachment_id)
    return connection.execute(state).scalar() == AttachmentState.FAILED.value


def is_wanted(connection: sa.Connection, attachment_id: int) -> bool:
    """Say whether the file of a row may stay on the disk."""
    state = sa.select(attachments.c.state).where(attachments.c.id == attachment_id)
    return connection.execute(state).scalar() in {_WAITING, AttachmentState.KEPT.value}


def of_conversation(
    connection: sa.Connection, keyring: Keyring, conversation: str
) -> list[Attachment]:
    """List the files of a conversation, oldest first, whatever became of them."""
    rows = connection.execute(
        sa.select(attachments)
        .where(attachments.c.conversation_id == conversation)
        .order_by(attachments.c.id)
    )
    return [_read(keyring, row) for row in rows]


def _read(keyring: Keyring, row: sa.Row[tuple[object, ...]]) -> Attachment:
    raw = keyring.open(row.name_sealed, "attachments.name") if row.name_sealed else ""
    name = clean_name(raw or f"{row.kind}-{row.id}", row.found_type or "")
    return Attachment(
        row.id,
        row.inbox_id,
        row.kind,
        name,
        row.found_type,
        row.size,
        row.state,
        row.reason,
        row.at,
    )


def erase_files(
    connection: sa.Connection,
    keyring: Keyring,
    conversation: str,
    *,
    before: float = math.inf,
    of: sa.ColumnElement[bool] | None = None,
) -> None:
    """Forget a conversation's files: at once for readers, on disk with `remove_erased` later.

    Kind, size and time stay for the statistics. What came with a message that stands on a ticket
    is evidence, and a responder decides. A file cannot be deleted within a transaction that may
    still fail, so that comes after it. With `of`, only files of these rows of the inbox.
    """
    told = sa.exists().where(ticket_facts.c.message_id == attachments.c.inbox_id)
    theirs = (
        sa.true() if of is None else attachments.c.inbox_id.in_(sa.select(inbox.c.id).where(of))
    )
    connection.execute(
        sa.update(attachments)
        .where(attachments.c.conversation_id == conversation, attachments.c.at < before, ~told)
        .where(theirs)
        .values(
            state=AttachmentState.ERASED.value,
            reason=None,
            source_sealed=keyring.seal("", "attachments.source"),
            name_sealed=None,
            # Somebody may be fetching it: the file is then deleted after that lease.
            next_at=sa.case((attachments.c.owner.is_not(None), attachments.c.next_at)),
        )
    )
