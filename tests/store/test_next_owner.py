"""Who looks after a person next is read with the keys alone, also where it once stood open."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from hotline.settings import load_settings
from store import db, next_owner
from store.console_tables import ticket_work
from store.vault import Vault, open_vault
from tests.fakes import Clock
from tests.store.kept import Archive


def stored(vault: Vault, ticket_id: int) -> sa.Row[tuple[object, ...]]:
    columns = ticket_work.c.next_owner, ticket_work.c.next_owner_sealed
    with db.read(vault.engine) as connection:
        mine = ticket_work.c.ticket_id == ticket_id
        return connection.execute(sa.select(*columns).where(mine)).one()


def named(vault: Vault, ticket_id: int) -> str:
    with db.read(vault.engine) as connection:
        return next_owner.read(connection, vault.keyring, ticket_id)


def test_closing_seals_who_looks_after_her(vault: Vault, clock: Clock, tmp_path: Path) -> None:
    """Nothing of it stands in the clear; an open ticket names nobody."""
    archive = Archive(vault, clock, tmp_path)
    one = archive.ticket()
    assert named(vault, one) == ""
    archive.close(one)
    row = stored(vault, one)
    assert row.next_owner is None
    assert b"keluarga" not in bytes(row.next_owner_sealed)
    assert named(vault, one) == "keluarga Siti"
    with db.write(vault.engine) as connection:
        connection.execute(sa.update(ticket_work).values(next_owner_sealed=b"rusak"))
    assert named(vault, one) == "", "one damaged row must not hide the ticket"


def test_what_an_earlier_version_wrote_is_sealed_when_the_vault_is_opened(
    vault: Vault, clock: Clock, tmp_path: Path
) -> None:
    """All of it, however much; and the second time there is nothing to do."""
    archive = Archive(vault, clock, tmp_path)
    one = archive.ticket()
    archive.close(one)
    before = {"next_owner": "ibu Ani 0812", "next_owner_sealed": None}
    with db.write(vault.engine) as connection:
        connection.execute(sa.update(ticket_work).values(before))
    assert next_owner.seal_old(vault.engine, vault.keyring) == 1
    assert stored(vault, one).next_owner is None
    assert named(vault, one) == "ibu Ani 0812"
    assert next_owner.seal_old(vault.engine, vault.keyring) == 0


def test_opening_the_vault_does_it(clock: Clock, tmp_path: Path) -> None:
    """Every process opens it first."""
    settings = load_settings({"SUAR_HOME": str(tmp_path)})
    archive = Archive(open_vault(settings), clock, tmp_path)
    one = archive.ticket()
    with db.write(archive.vault.engine) as connection:
        row = {"ticket_id": one, "next_owner": "ibu Ani"}
        connection.execute(sa.insert(ticket_work), row)
    archive.vault.engine.dispose()
    again = open_vault(settings)
    assert stored(again, one).next_owner is None
    assert named(again, one) == "ibu Ani"
    again.engine.dispose()
