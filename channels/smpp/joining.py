"""Puts long messages together: parts are kept on disk, sealed, until the last one is there.

A centre gives the next part only once the last is answered, and an answer is a promise to keep it.
So parts have a small file of their own in SUAR_HOME, which a restart finds again.
"""

from __future__ import annotations

import base64
import json
import os
import re
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from channels.smpp.parse import Piece
from channels.smpp.text import Place, decode
from hotline.errors import KeyringError
from store.crypto import Keyring

FILE = "smpp_parts.db"  # in SUAR_HOME
PATIENCE = 20.0  # seconds without a new part after which what is there has to do
KEPT = 900.0  # seconds for which the answer to a part may have been lost: then it comes again
GAP = "[...]"  # stands where a part is missing
_PLACE = "smpp_parts.sealed"
_SCHEMA = """CREATE TABLE IF NOT EXISTS parts (
    message TEXT NOT NULL, number INTEGER NOT NULL, digest TEXT NOT NULL, total INTEGER NOT NULL,
    sealed BLOB, at REAL NOT NULL, due INTEGER NOT NULL DEFAULT 0, done INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (message, number, digest))"""


@dataclass(frozen=True)
class Whole:
    """One message of a caller; `key` names it in the file of parts, empty when it came as one."""

    address: str
    text: str | None  # None: no text
    at: float
    identity: str
    key: str = ""


def whole(piece: Piece, keyring: Keyring, at: float) -> Whole:
    """Give the message that came as one."""
    text = decode(piece.body, piece.coding) if piece.readable else None
    return Whole(piece.address, text, at, identity(piece, keyring))


def identity(piece: Piece, keyring: Keyring) -> str:
    """Name what a message holds, by a keyed hash: nobody can guess words from it."""
    place = piece.place
    about = [piece.address, piece.own, piece.coding, piece.body.hex(), piece.told_id]
    about += [place.reference, place.total, place.number] if place else []
    return keyring.blind("smpp", json.dumps(about)).hex()


class Parts:
    """The file of parts; for one thread at a time."""

    def __init__(self, file: Path, keyring: Keyring) -> None:
        """Keep parts in `file`."""
        self._keyring = keyring
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        self._db = sqlite3.connect(file, check_same_thread=False)
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def keep(self, piece: Piece, place: Place, now: float) -> None:
        """Keep a part; a repeat changes nothing. It is on disk when this returns."""
        digest = identity(piece, self._keyring)
        about = [piece.address, piece.own, place.reference, place.total]
        message = self._keyring.blind("smpp message", json.dumps(about)).hex()
        with self._db:
            self._forget(now)
            if self._known(message, place.number, digest):
                return
            self._set_aside(message, place.number, now)
            self._db.execute(
                "INSERT INTO parts VALUES (?, ?, ?, ?, ?, ?, 0, 0)",
                (message, place.number, digest, place.total, self._seal(piece), now),
            )

    def _known(self, message: str, number: int, digest: str) -> bool:
        found = self._db.execute(
            "SELECT 1 FROM parts WHERE message = ? AND number = ? AND digest = ?",
            (message, number, digest),
        )
        return found.fetchone() is not None

    def _set_aside(self, message: str, number: int, now: float) -> None:
        """Part an unfinished message from a new one to which her phone gave the same number."""
        clash = self._db.execute(
            "SELECT 1 FROM parts WHERE message = ? AND number = ? AND NOT done", (message, number)
        )
        if clash.fetchone():
            self._db.execute(
                "UPDATE parts SET message = ?, due = 1 WHERE message = ? AND NOT done",
                (f"{message}.{now}", message),
            )

    def ready(self, now: float) -> list[Whole]:
        """Give the messages that are complete, and those that have waited long enough."""
        rows = self._db.execute(
            "SELECT message FROM parts WHERE NOT done GROUP BY message "
            "HAVING count(*) = max(total) OR max(due) OR max(at) < ? OR max(at) > ? "
            "ORDER BY min(at)",
            (now - PATIENCE, now + PATIENCE),  # the clock may have been put back
        ).fetchall()
        return [self._join(message) for (message,) in rows]

    def done(self, key: str) -> None:
        """Note that a message is stored; only the hashes of its parts stay, for a while."""
        with self._db:
            self._db.execute("UPDATE parts SET done = 1, sealed = NULL WHERE message = ?", (key,))

    def reseal(self) -> int:
        """Seal every part that waits with the keyring's active key; returns how many were not.

        What does not open stays as it is: the line says so when the message is joined.
        """
        count = 0
        with self._db:
            rows = self._db.execute(
                "SELECT rowid, sealed FROM parts WHERE sealed IS NOT NULL"
            ).fetchall()
            for row, sealed in rows:
                if self._keyring.key_name(sealed) == self._keyring.active:
                    continue
                with suppress(KeyringError):
                    fresh = self._keyring.seal(self._keyring.open(sealed, _PLACE), _PLACE)
                    self._db.execute("UPDATE parts SET sealed = ? WHERE rowid = ?", (fresh, row))
                    count += 1
        return count

    def _join(self, message: str) -> Whole:
        rows = self._db.execute(
            "SELECT number, digest, total, sealed, at FROM parts "
            "WHERE message = ? AND NOT done ORDER BY number",
            (message,),
        ).fetchall()
        pieces = {number: self._open(sealed) for number, _, _, sealed, _ in rows}
        at = min(row[4] for row in rows)
        # The same name after a restart: stored twice, it is there once.
        about = json.dumps([message, at, [row[1] for row in rows]])
        name = self._keyring.blind("smpp whole", about).hex()
        address = next((one.address for one in pieces.values() if one), "")
        text = _text([pieces.get(number) for number in range(1, rows[0][2] + 1)])
        return Whole(address, text, at, name, message)

    def _seal(self, piece: Piece) -> bytes:
        body = base64.b64encode(piece.body).decode()
        plain = [piece.address, piece.own, body, piece.coding, piece.readable]
        return self._keyring.seal(json.dumps(plain), _PLACE)

    def _open(self, sealed: bytes) -> Piece | None:
        try:
            address, own, body, coding, readable = json.loads(self._keyring.open(sealed, _PLACE))
        except (KeyringError, ValueError):
            return None
        return Piece(address, own, base64.b64decode(body), coding, readable=readable)

    def _forget(self, now: float) -> None:
        self._db.execute(
            "DELETE FROM parts WHERE done AND (at < ? OR at > ?)", (now - KEPT, now + KEPT)
        )


def _text(pieces: list[Piece | None]) -> str | None:
    """Write the text of all parts, with a mark where one is missing."""
    there = [one for one in pieces if one is not None]
    if not any(one.readable for one in there):
        return None
    if len(there) == len(pieces) and len({one.coding for one in there}) == 1:
        # As one: an emoji may be cut in two.
        return decode(b"".join(one.body for one in there), there[0].coding)
    texts = [GAP if one is None else decode(one.body, one.coding) or GAP for one in pieces]
    return re.sub(rf"\s*{re.escape(GAP)}\s*", f" {GAP} ", "".join(texts)).strip()
