"""Stores what a centre gives us before it is answered, each message once and each receipt."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from channels.smpp import wire
from channels.smpp.ids import Ids
from channels.smpp.joining import Parts, Whole, whole
from channels.smpp.parse import Piece, Receipt
from channels.smpp.reports import Late, note_late, note_receipt
from hotline.messages import Channel, InboundMessage, Kind
from store import db, inbox
from store.tables import inbox as inbox_table
from store.vault import Vault

logger = logging.getLogger(__name__)
Item = Piece | Receipt | Late | None
# How long the same words from the same number may be a repeat, in seconds, and how many of them
# are told apart within it.
_BUCKET = 600
_ALIKE = 20
_PAUSE = 30.0  # before a long message that could not be stored is tried again


@dataclass
class Stores:
    """Where what comes in is kept; for one thread at a time."""

    vault: Vault
    parts: Parts
    ids: Ids
    now: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        """Begin without a session."""
        self._here: set[str] = set()
        self._wholes_after = 0.0

    def new_session(self) -> None:
        """Forget what came in the last session: in a new one a centre repeats what it must."""
        self._here.clear()

    def answered_late(self) -> None:
        """Reckon with repeats in this session too: the centre may have given up waiting."""
        self._here.clear()

    def take(self, items: Sequence[Item]) -> list[int]:
        """Store what came in; gives the status with which each is to be answered."""
        now = self.now()
        statuses = [self._keep_part(item, now) for item in items]
        try:
            rest = [one for one, kept in zip(items, statuses, strict=True) if kept is None]
            self._store(rest, now)
        except (sa.exc.DBAPIError, sa.exc.TimeoutError) as error:
            logger.error("what the SMS centre gives is not stored: %s", _kind(error))
            return [kept if kept is not None else wire.NOT_NOW for kept in statuses]
        except Exception as error:  # noqa: BLE001 - one message must not stop the others
            if len(items) > 1:
                return [status for item in items for status in self.take([item])]
            logger.error("a message of the SMS centre is not stored: %s", _kind(error))
            return [wire.NOT_NOW]
        return [wire.OK if kept is None else kept for kept in statuses]

    def _keep_part(self, item: Item, now: float) -> int | None:
        """Keep a part of a long message; None for all else."""
        if not isinstance(item, Piece) or item.place is None:
            return None
        try:
            self.parts.keep(item, item.place, now)
        except (sqlite3.Error, OSError) as error:
            logger.error("a part of a long SMS is not kept: %s", _kind(error))
            return wire.NOT_NOW
        return wire.OK

    def _store(self, items: Sequence[Item], now: float) -> None:
        taken: list[str] = []
        with db.write(self.vault.engine) as connection:
            for item in items:
                if isinstance(item, Piece):
                    here = self._here.union(taken)
                    taken.append(self._single(connection, item, here, now))
                elif isinstance(item, Receipt):
                    note_receipt(connection, self.vault.keyring, self.ids, item, now)
                elif isinstance(item, Late):
                    note_late(connection, item, now)
        # Only what is on disk has been taken in this session.
        self._here.update(taken)

    def _single(self, connection: sa.Connection, piece: Piece, here: set[str], now: float) -> str:
        one = whole(piece, self.vault.keyring, now)
        provider_id = one.identity if piece.told_id else self._new_id(connection, one, here)
        if provider_id is not None:
            self._receive(connection, one, provider_id)
        return one.identity

    def _new_id(self, connection: sa.Connection, one: Whole, here: set[str]) -> str | None:
        """Name a message to which the centre gave no number; None for a repeat.

        The same words again in the same session are said again, since the first were answered. In
        another session they are a repeat, once: the answer may have been lost with the session.
        """
        bucket = int(one.at // _BUCKET)
        names = [f"{one.identity}.{bucket - ago}.{n}" for ago in (0, 1) for n in range(_ALIKE)]
        c = inbox_table.c
        query = sa.select(c.provider_id).where(c.channel == Channel.SMS, c.provider_id.in_(names))
        known = set(connection.execute(query).scalars())
        if known and one.identity not in here:
            return None
        return next((name for name in names[:_ALIKE] if name not in known), None)

    def _receive(self, connection: sa.Connection, one: Whole, provider_id: str) -> None:
        message = InboundMessage(
            channel=Channel.SMS,
            provider_id=provider_id,
            address=one.address,
            text=one.text or "",
            received_at=datetime.fromtimestamp(one.at, UTC),
            kind=Kind.TEXT if one.text is not None else Kind.OTHER,
        )
        inbox.receive(connection, self.vault.keyring, message, transport="smpp")

    def join(self) -> None:
        """Store the long messages that are complete, or have waited long enough."""
        now = self.now()
        if 0 < self._wholes_after - now <= _PAUSE:
            return
        try:
            for one in self.parts.ready(now):
                if one.address:
                    with db.write(self.vault.engine) as connection:
                        self._receive(connection, one, one.identity)
                else:
                    logger.error("a long SMS is lost: its parts cannot be opened")
                self.parts.done(one.key)
        except Exception as error:  # noqa: BLE001 - it stays on disk and is tried again
            logger.error("a long SMS waits to be stored: %s", _kind(error))
            self._wholes_after = now + _PAUSE


def _kind(error: Exception) -> str:
    return type(getattr(error, "orig", None) or error).__name__
