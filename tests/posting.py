"""What tests of sending share: messages to send, a provider without a network, and a sender."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from hotline.delivery import Delivery, End, Parcel
from hotline.messages import Channel, Choice, OutboxState, Purpose, Reply
from store import db, dispatch, inbox, outbox
from store.dispatch import Holder
from store.tables import conversations
from store.tables import outbox as table
from store.vault import Vault
from tests.fakes import LEASE, NOON, SITI

TRANSPORTS = {Channel.TELEGRAM: "telegram", Channel.WHATSAPP: "twilio", Channel.SMS: "twilio"}


def open_conversation(
    vault: Vault,
    address: str = SITI,
    channel: Channel = Channel.TELEGRAM,
    *,
    heard_at: float | None = NOON,
) -> str:
    """Open a conversation on an outside channel."""
    with db.write(vault.engine) as connection:
        found = inbox.conversation_of(
            connection,
            vault.keyring,
            channel=channel,
            address=address,
            now=NOON,
            transport=TRANSPORTS[channel],
        )
        change(connection, found, heard_at=heard_at)
    return found


def change(connection: sa.Connection, conversation: str, **values: object) -> None:
    """Change columns of a conversation."""
    mine = conversations.c.id == conversation
    connection.execute(sa.update(conversations).where(mine).values(**values))


def queue(
    vault: Vault,
    conversation: str,
    *texts: str,
    purpose: Purpose = Purpose.ANSWER,
    urgency: str = "normal",
    now: float = NOON,
    choices: tuple[Choice, ...] = (),
) -> list[int]:
    """Queue messages to a caller; returns their ids."""
    with db.write(vault.engine) as connection:
        return outbox.add(
            connection,
            vault.keyring,
            conversation,
            [Reply(text, choices) for text in texts],
            inbox_id=None,
            author="bot",
            now=now,
            purpose=purpose,
            urgency=urgency,
        )


def rows(vault: Vault, conversation: str | None = None) -> list[sa.Row[Any]]:
    """Read all outbound messages, oldest first."""
    query = sa.select(table).order_by(table.c.id)
    if conversation is not None:
        query = query.where(table.c.conversation_id == conversation)
    with db.read(vault.engine) as connection:
        return list(connection.execute(query))


def states(vault: Vault, conversation: str | None = None) -> list[str]:
    """Read the states of all outbound messages, oldest first."""
    return [row.state for row in rows(vault, conversation)]


def talk(vault: Vault, conversation: str) -> sa.Row[Any]:
    """Read a conversation."""
    with db.read(vault.engine) as connection:
        query = sa.select(conversations).where(conversations.c.id == conversation)
        return connection.execute(query).one()


def holder(name: str, *, quiet: tuple[int, int] = (0, 0)) -> Holder:
    """Name a sender."""
    return Holder(owner=name, lease=LEASE, quiet=quiet)


def claim(vault: Vault, name: str, now: float, *, limit: int = 8) -> list[str]:
    """Claim what is to be sent."""
    with db.write(vault.engine) as connection:
        taken = dispatch.claim(connection, holder(name), limit=limit, now=now)
    return [one.id for one in taken]


def begin(
    vault: Vault, conversation: str, name: str, now: float, *, quiet: tuple[int, int] = (0, 0)
) -> Parcel | None:
    """Begin the next message of a conversation."""
    with db.write(vault.engine) as connection:
        return dispatch.begin_next(
            connection, vault.keyring, conversation, holder(name, quiet=quiet), now=now
        )


def finish(vault: Vault, parcel: Parcel, end: End, now: float, **more: Any) -> OutboxState:
    """Say how a try ended; of the pause before the next, half is left to chance."""
    with db.write(vault.engine) as connection:
        delivery = Delivery(end=end, **more)
        return dispatch.finish(connection, parcel, delivery, now=now, chance=lambda: 0.0)


def pump(
    vault: Vault,
    now: float,
    send: Callable[[Parcel], Delivery] | None = None,
    *,
    name: str = "sender",
    quiet: tuple[int, int] = (0, 0),
) -> list[Parcel]:
    """Send everything that is due, as a sender does; returns what was sent, in order."""
    send = send or (lambda parcel: Delivery(end=End.SENT, provider_id=f"p{parcel.id}"))
    went: list[Parcel] = []
    for conversation in claim(vault, name, now):
        while (parcel := begin(vault, conversation, name, now, quiet=quiet)) is not None:
            went.append(parcel)
            with db.write(vault.engine) as connection:
                dispatch.finish(connection, parcel, send(parcel), now=now, chance=lambda: 0.0)
    return went


@dataclass
class FakeTransport:
    """A provider without a network: it takes everything, or does what the test tells it."""

    name: str = "telegram"
    behave: Callable[[Parcel], Delivery] | None = None
    taken: list[Parcel] = field(default_factory=list)
    gone: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, parcel: Parcel) -> Delivery:
        """Take a message."""
        with self._lock:
            self.taken.append(parcel)
        if self.behave is not None:
            return self.behave(parcel)
        return Delivery(end=End.SENT, provider_id=f"{self.name}-{parcel.id}")

    def delete(self, address: str, refs: Sequence[str]) -> list[str]:
        """Take messages back, all of them."""
        self.gone.append((address, tuple(refs)))
        return []

    def texts(self) -> dict[str, list[str]]:
        """Give what each address got, in order."""
        got: dict[str, list[str]] = defaultdict(list)
        for parcel in self.taken:
            got[parcel.address].append(parcel.reply.text)
        return got
