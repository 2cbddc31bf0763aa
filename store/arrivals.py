"""Inbound messages as they arrive: many stored together, each once, with few statements."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from hotline.messages import InboundMessage
from store.crypto import Keyring
from store.group_commit import GroupCommit
from store.tables import attachments, conversations, inbox

# While a caller writes, her row is left alone: a worker holds it, and webhooks would queue behind
# it. The worker itself notes the exact moment (`hear`).
_FRESH = 60.0  # seconds


# What one request asks to be stored: messages, or another change to be made.
Job = Sequence["Arrival"] | Callable[[sa.Connection], Any]


@dataclass(frozen=True)
class Arrival:
    """A message, and who carried it."""

    message: InboundMessage
    transport: str


def insert_ignoring(connection: sa.Connection, table: sa.Table) -> Any:
    """Give an INSERT that passes silently over a row that is already there."""
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return make(table).on_conflict_do_nothing()


def receive_all(
    connection: sa.Connection, keyring: Keyring, arrivals: Sequence[Arrival]
) -> list[tuple[int, bool]]:
    """Store messages in their order; a repeat of the same provider id changes nothing.

    Returns for each the row's id and whether it is new.
    """
    if not arrivals:
        return []
    indices = [_index(keyring, one.message) for one in arrivals]
    known = _conversations(connection, keyring, arrivals, indices)
    _hear_of(connection, keyring, arrivals, indices, known)
    new = _insert(connection, keyring, arrivals, [known[index].id for index in indices])
    _expect_media(connection, keyring, arrivals, new)
    ids = new if len(new) == len(arrivals) else {**_ids(connection, arrivals), **new}
    seen: set[tuple[str, str]] = set()
    found = []
    for one in arrivals:
        key = _key(one.message)
        # Of two alike in one call, the second is the repeat.
        found.append((ids[key][0], key in new and key not in seen))
        seen.add(key)
    return found


def store_all(connection: sa.Connection, keyring: Keyring, jobs: Sequence[Job]) -> list[Any]:
    """Do what many requests ask, all their messages together; gives what each comes to."""
    bunches = [job for job in jobs if not callable(job)]
    rows = iter(receive_all(connection, keyring, [one for bunch in bunches for one in bunch]))
    return [job(connection) if callable(job) else [next(rows) for _ in job] for job in jobs]


def grouped(engine: sa.Engine, keyring: Keyring) -> GroupCommit:
    """Make the writer through which a gateway stores what requests ask."""
    return GroupCommit(engine, lambda connection, jobs: store_all(connection, keyring, jobs))


def hear(connection: sa.Connection, conversation: str, moment: float) -> None:
    """Note when a caller last wrote; a provider's repeat may come late, and the newest counts."""
    earlier = sa.or_(conversations.c.heard_at.is_(None), conversations.c.heard_at < moment)
    connection.execute(
        sa.update(conversations)
        .where(conversations.c.id == conversation, earlier)
        .values(heard_at=moment)
    )


def _index(keyring: Keyring, message: InboundMessage) -> bytes:
    return keyring.blind("address", f"{message.channel}:{message.address}")


def _key(message: InboundMessage) -> tuple[str, str]:
    return message.channel.value, message.provider_id


def _conversations(
    connection: sa.Connection,
    keyring: Keyring,
    arrivals: Sequence[Arrival],
    indices: Sequence[bytes],
) -> Mapping[bytes, Any]:
    """Find the conversation of each address, or open one."""
    found = _find(connection, indices)
    missing = {
        index: one for one, index in zip(arrivals, indices, strict=True) if index not in found
    }
    if not missing:
        return found
    rows = [
        {
            "id": secrets.token_hex(16),
            "channel": one.message.channel,
            "transport": one.transport,
            "address_sealed": keyring.seal(one.message.address, "conversations.address"),
            "address_index": index,
            "opened_at": one.message.received_at.timestamp(),
        }
        # In one order everywhere: two writers that open the same ones must not block each other.
        for index, one in sorted(missing.items())
    ]
    connection.execute(insert_ignoring(connection, conversations), rows)
    return {**found, **_find(connection, list(missing))}


def _find(connection: sa.Connection, indices: Sequence[bytes]) -> dict[bytes, Any]:
    c = conversations.c
    query = sa.select(c.id, c.address_index, c.transport, c.unreachable, c.heard_at).where(
        c.address_index.in_(set(indices))
    )
    return {bytes(row.address_index): row for row in connection.execute(query)}


def _hear_of(
    connection: sa.Connection,
    keyring: Keyring,
    arrivals: Sequence[Arrival],
    indices: Sequence[bytes],
    known: Mapping[bytes, Any],
) -> None:
    """Note that a caller can be reached this way, where the row does not say so already."""
    changed: dict[str, tuple[Arrival, bytes, float]] = {}
    for one, index in zip(arrivals, indices, strict=True):
        row, moment = known[index], one.message.received_at.timestamp()
        heard = row.heard_at is not None and moment - row.heard_at < _FRESH
        if heard and row.transport == one.transport and row.unreachable is None:
            continue
        changed[row.id] = (one, index, max(moment, row.heard_at or 0.0))
    for conversation, (one, index, moment) in sorted(changed.items(), key=lambda pair: pair[0]):
        # Retention may have cleared the address, also while this message waited for its turn.
        sealed = keyring.seal(one.message.address, "conversations.address")
        connection.execute(
            sa.update(conversations)
            .where(conversations.c.id == conversation)
            .values(
                transport=one.transport, heard_at=moment, unreachable=None,
                address_sealed=sealed, address_index=index,
            )
        )  # fmt: skip


def _insert(
    connection: sa.Connection,
    keyring: Keyring,
    arrivals: Sequence[Arrival],
    owners: Sequence[str],
) -> dict[tuple[str, str], tuple[int, str]]:
    """Insert what is new; gives row id and conversation by the provider's id."""
    rows = [
        {
            "channel": message.channel.value,
            "provider_id": message.provider_id,
            "conversation_id": conversation,
            "kind": message.kind.value,
            "text_sealed": keyring.seal(message.text, "inbox.text"),
            "details_sealed": _sealed_details(keyring, message),
            "received_at": message.received_at.timestamp(),
        }
        for message, conversation in zip((a.message for a in arrivals), owners, strict=True)
    ]
    # RETURNING, not rowcount: PostgreSQL's driver does not count rows it gives back.
    insert = insert_ignoring(connection, inbox).returning(*_WHICH)
    return {
        (r.channel, r.provider_id): (r.id, r.conversation_id)
        for r in connection.execute(insert, rows)
    }


_WHICH = (inbox.c.id, inbox.c.channel, inbox.c.provider_id, inbox.c.conversation_id)


def _ids(
    connection: sa.Connection, arrivals: Sequence[Arrival]
) -> dict[tuple[str, str], tuple[int, str]]:
    """Find the rows of what was there before."""
    keys = {_key(one.message) for one in arrivals}
    same = sa.tuple_(inbox.c.channel, inbox.c.provider_id).in_(sorted(keys))
    found = connection.execute(sa.select(*_WHICH).where(same))
    return {(row.channel, row.provider_id): (row.id, row.conversation_id) for row in found}


def _sealed_details(keyring: Keyring, message: InboundMessage) -> bytes | None:
    details = message.details()
    return keyring.seal(json.dumps(details), "inbox.details") if details else None


def _expect_media(
    connection: sa.Connection,
    keyring: Keyring,
    arrivals: Sequence[Arrival],
    new: Mapping[tuple[str, str], tuple[int, str]],
) -> None:
    """Remember the files that belong to new messages, to be fetched."""
    first = {_key(one.message): one for one in reversed(arrivals)}
    rows = [
        {
            "conversation_id": new[key][1],
            "inbox_id": new[key][0],
            "place": place,
            "transport": one.transport,
            "kind": file.kind.value,
            "source_sealed": keyring.seal(file.source, "attachments.source"),
            "name_sealed": keyring.seal(file.name, "attachments.name") if file.name else None,
            "declared_type": file.declared_type[:100] or None,
            "size": file.size,
            "next_at": one.message.received_at.timestamp(),
            "at": one.message.received_at.timestamp(),
        }
        for key, one in first.items()
        if key in new
        for place, file in enumerate(one.message.media)
    ]
    if rows:
        connection.execute(sa.insert(attachments), rows)
