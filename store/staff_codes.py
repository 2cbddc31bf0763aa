"""Backup codes of a second factor: shown once, kept as keyed hashes, each good for one log-in."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from store import db
from store.console_tables import staff_backup_codes
from store.crypto import Keyring
from store.staff_rows import token_hash

_COUNT = 8
_UNKEYED_BYTES = 32


def new_backup_codes(connection: sa.Connection, keyring: Keyring, staff_id: int) -> list[str]:
    """Draw backup codes, which are shown once and kept only as hashes; older ones end."""
    connection.execute(
        sa.delete(staff_backup_codes).where(staff_backup_codes.c.staff_id == staff_id)
    )
    codes = [f"{secrets.randbelow(10**10):010d}" for _ in range(_COUNT)]
    rows = [
        {"staff_id": staff_id, "code_hash": _backup_hash(keyring, staff_id, code)} for code in codes
    ]
    connection.execute(sa.insert(staff_backup_codes), rows)
    return codes


def use_backup_code(
    connection: sa.Connection, keyring: Keyring, staff_id: int, code: str, *, now: float
) -> bool:
    """Use up a backup code; each works once."""
    done = connection.execute(
        sa.update(staff_backup_codes)
        .where(
            staff_backup_codes.c.staff_id == staff_id,
            staff_backup_codes.c.code_hash == _backup_hash(keyring, staff_id, code),
            staff_backup_codes.c.used_at.is_(None),
        )
        .values(used_at=now)
    )
    return done.rowcount == 1


def _backup_hash(keyring: Keyring, staff_id: int, code: str) -> bytes:
    # Ten digits are soon tried out; without the key there is nothing to try them against.
    return _keyed(keyring, token_hash(f"{staff_id}:{code}"))


def _keyed(keyring: Keyring, unkeyed: bytes) -> bytes:
    return keyring.blind("backup_code", unkeyed.hex())


def key_old_codes(engine: sa.Engine, keyring: Keyring) -> int:
    """Key the hashes that an earlier version kept without a key: the codes go on working.

    Returns how many there were. A migration cannot do it: it has no keys.
    """
    old = sa.select(staff_backup_codes.c.id, staff_backup_codes.c.code_hash).where(
        sa.func.length(staff_backup_codes.c.code_hash) == _UNKEYED_BYTES
    )
    with db.read(engine) as connection:
        if connection.execute(old.limit(1)).first() is None:
            return 0
    with db.write(engine) as connection:
        rows = connection.execute(old).all()
        for row in rows:
            connection.execute(
                sa.update(staff_backup_codes)
                .where(staff_backup_codes.c.id == row.id)
                .values(code_hash=_keyed(keyring, bytes(row.code_hash)))
            )
    return len(rows)
