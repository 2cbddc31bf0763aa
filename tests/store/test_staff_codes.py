"""Backup codes: nobody finds them out from the database alone, and old ones go on working."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from hotline.staff import Role, Scope
from store import db, staff_codes
from store import staff as accounts
from store.console_tables import staff, staff_backup_codes
from store.vault import Vault

NOW = 1_700_000_000.0


def _ani(connection: sa.Connection) -> int:
    accounts.invite(
        connection, login="ani", name="Ani", role=Role.RESPONDER, scope=Scope(), unit="", now=NOW
    )
    return int(connection.execute(sa.select(staff.c.id)).scalar_one())


def _kept(connection: sa.Connection) -> set[bytes]:
    return {
        bytes(one)
        for one in connection.execute(sa.select(staff_backup_codes.c.code_hash)).scalars()
    }


def _unkeyed(staff_id: int, code: str) -> bytes:
    return hashlib.sha256(f"{staff_id}:{code}".encode()).digest()


def test_a_code_cannot_be_tried_out_without_the_keys(vault: Vault) -> None:
    """Ten digits are few: who has only the database has nothing to compare them with."""
    with db.write(vault.engine) as connection:
        ani = _ani(connection)
        codes = staff_codes.new_backup_codes(connection, vault.keyring, ani)
        kept = _kept(connection)
        assert len(kept) == len(codes) == 8
        assert not kept & {_unkeyed(ani, code) for code in codes}
        use = staff_codes.use_backup_code
        assert use(connection, vault.keyring, ani, codes[0], now=NOW)
        assert not use(connection, vault.keyring, ani, codes[0], now=NOW)
        assert not use(connection, vault.keyring, ani + 1, codes[1], now=NOW)


def test_codes_of_an_earlier_version_are_keyed_and_go_on_working(vault: Vault) -> None:
    """Nobody who has them on paper has to draw new ones; what was used stays used."""
    with db.write(vault.engine) as connection:
        ani = _ani(connection)
        rows = [
            {"staff_id": ani, "code_hash": _unkeyed(ani, code), "used_at": used}
            for code, used in (("0123456789", None), ("9876543210", NOW))
        ]
        connection.execute(sa.insert(staff_backup_codes), rows)
    assert staff_codes.key_old_codes(vault.engine, vault.keyring) == 2
    assert staff_codes.key_old_codes(vault.engine, vault.keyring) == 0
    with db.write(vault.engine) as connection:
        assert not _kept(connection) & {row["code_hash"] for row in rows}
        use = staff_codes.use_backup_code
        assert use(connection, vault.keyring, ani, "0123456789", now=NOW)
        assert not use(connection, vault.keyring, ani, "9876543210", now=NOW)
