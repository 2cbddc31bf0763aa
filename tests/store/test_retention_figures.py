"""Retention leaves every figure as it was: published rows, counts by kind and place."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from hotline import ctdc
from store import db, exports, figures
from store.figures import Asked
from store.tables import tickets as ticket_table
from store.vault import Vault
from tests.fakes import Clock
from tests.store.kept import YEARS, Archive, chief, clear


@pytest.fixture
def archive(vault: Vault, clock: Clock, tmp_path: Path) -> Archive:
    return Archive(vault, clock, tmp_path / "home")


def test_published_rows_are_the_same_afterwards(archive: Archive) -> None:
    """Of an occupation stays the sector, of an age whether she is a minor."""
    told = {"is_minor": "ya", "occupation": "pembantu rumah tangga bu Lim, blok 7"}
    ids = [archive.ticket(address=f"+6281100000{n:02}", facts=told) for n in range(12)]
    with db.write(archive.vault.engine) as connection:
        connection.execute(
            sa.update(ticket_table).values(verification="verified", clearing="unique")
        )
    for one in ids:
        archive.close(one)
    asked, keyring = Asked(chief(archive), 0.0, 1e12), archive.vault.keyring
    with db.read(archive.vault.engine) as connection:
        before = exports.ctdc_rows(connection, keyring, asked)
    assert len(before) == 12
    assert "Minor" in before[0]
    archive.clock.advance(YEARS)
    clear(archive)
    with db.read(archive.vault.engine) as connection:
        assert exports.ctdc_rows(connection, keyring, asked) == before
    assert "bu Lim" not in archive.words()


@pytest.mark.parametrize(
    "told", ["PRT di rumah bu Lim", "ABK kapal ikan Jaya", "petik sawit", "tukang las", "barista X",
             "guru", "", "pembantu lalu pelayan restoran"],
)  # fmt: skip
def test_a_coarse_occupation_counts_as_the_whole_one(told: str) -> None:
    """Also when it is made coarse twice."""
    known = ctdc.Known(2026, "MY", minor=False, occupation=told, reasons=frozenset())
    coarse = ctdc.coarse_occupation(told)
    again = ctdc.Known(2026, "MY", minor=False, occupation=coarse, reasons=frozenset())
    assert ctdc.row_of(again) == ctdc.row_of(known)
    assert ctdc.coarse_occupation(coarse) == coarse


def test_counts_of_the_figures_page_do_not_move(archive: Archive) -> None:
    """Kinds, channels and regions, as the desk sees them."""
    one = archive.ticket()
    archive.close(one)
    asked = Asked(chief(archive), 0.0, 1e12)

    def counted() -> list[object]:
        with db.read(archive.vault.engine) as connection:
            return [
                *(figures.by(connection, asked, what) for what in
                  ("category", "state", "outcome", "language", "channel")),
                *(figures.by_region(connection, asked, part) for part in
                  ("origin", "destination")),
                figures.waiting(connection, asked), figures.inflow(connection, asked),
            ]  # fmt: skip

    before = counted()
    assert before[5] != {}
    archive.clock.advance(YEARS)
    clear(archive)
    assert counted() == before
