"""`suar retention`: once a day, at once, or only counted; and Rasa's own old conversations."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from hotline.settings import SettingsError, load_settings
from store import audit, db, leases, trackers
from store.tables import conversations
from store.vault import Vault
from suar.retention import run
from tests.fakes import Clock
from tests.store.kept import DAY, Archive


def said(archive: Archive, *, at_once: bool = False, dry: bool = False) -> tuple[int, str]:
    out = io.StringIO()
    code = run(
        archive.vault, archive.settings, at_once=at_once, dry=dry, out=out, now=archive.clock
    )
    return code, out.getvalue()


def test_a_dry_run_lists_counts_by_rule(vault: Vault, clock: Clock, tmp_path: Path) -> None:
    """And leaves no line in the audit log."""
    archive = Archive(vault, clock, tmp_path)
    archive.talk()
    clock.advance(91 * DAY)
    code, told = said(archive, dry=True)
    assert code == 0
    assert "1  conversations that no ticket needs, silent for 90 days" in told
    assert "0  tickets that ended more than 1825 days ago" in told
    assert "Taiwan" in archive.words()
    with db.read(vault.engine) as connection:
        assert audit.newest(connection, limit=9) == []


def test_it_clears_once_a_day_unless_told(vault: Vault, clock: Clock, tmp_path: Path) -> None:
    """`--now` does it anew."""
    archive = Archive(vault, clock, tmp_path, env={"SUAR_RETENTION_CLOSED_DAYS": "0"})
    archive.talk()
    clock.advance(91 * DAY)
    assert said(archive)[1].startswith("Cleared:")
    assert said(archive)[1].startswith("Nothing to do: last cleared 2025-02-21")
    told = said(archive, at_once=True)[1]
    assert told.startswith("Cleared:")
    assert "never  closed" in told
    with db.read(vault.engine) as connection:
        lines = audit.newest(connection, limit=9)
    assert [line["actor"] for line in lines] == ["operator", "operator"]


def test_while_another_process_clears_it_says_so(
    vault: Vault, clock: Clock, tmp_path: Path
) -> None:
    """With an exit code that a script sees."""
    archive = Archive(vault, clock, tmp_path)
    with db.write(vault.engine) as connection:
        other = leases.Holder("another", "elsewhere", 0.0)
        now = leases.clock(connection)
        assert leases.take(connection, "retention", other, seconds=3600, now=now) is None
    code, told = said(archive, at_once=True)
    assert code == 1
    assert "Another process is clearing" in told


@contextmanager
def in_rasas(vault: Vault, home: Path, *rows: tuple[str, float]) -> Iterator[None]:
    """Let Rasa have kept these conversations, each with the moment of its last word."""
    make = "CREATE TABLE rasa_trackers (sender_id VARCHAR(64) PRIMARY KEY, saved_at FLOAT)"
    fill = "INSERT INTO rasa_trackers VALUES (:a, :b)"
    if vault.engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(home / "trackers.db")) as raw, raw:
            raw.execute(make)
            raw.executemany("INSERT INTO rasa_trackers VALUES (?, ?)", rows)
        yield
        return
    with db.write(vault.engine) as connection:
        connection.execute(sa.text(make))
        connection.execute(sa.text(fill), [{"a": a, "b": b} for a, b in rows])
    try:
        yield
    finally:
        with db.write(vault.engine) as connection:
            connection.execute(sa.text("DROP TABLE rasa_trackers"))


def test_rasas_old_conversations_are_dropped_while_it_runs(
    vault: Vault, clock: Clock, tmp_path: Path
) -> None:
    """Rasa itself looks at each start only."""
    settings = load_settings({"SUAR_HOME": str(tmp_path)})
    assert trackers.forget_old(vault, settings, now=clock()) == 0
    with in_rasas(vault, tmp_path, ("old", clock() - 31 * DAY), ("new", clock() - 29 * DAY)):
        assert trackers.forget_old(vault, settings, now=clock()) == 1


def test_what_is_cleared_is_not_kept_by_rasa(vault: Vault, clock: Clock, tmp_path: Path) -> None:
    """Only what she wrote before it was cleared, and only hers."""
    archive = Archive(vault, clock, tmp_path)
    siti, budi = archive.talk(), archive.talk(address="+6281200000009")
    with db.write(vault.engine) as connection:
        cleared = sa.update(conversations).where(conversations.c.id == siti)
        connection.execute(cleared.values(erased_at=clock()))
    with in_rasas(vault, tmp_path, (siti, clock() - 60), (budi, clock() - 60)):
        assert trackers.forget_erased(vault, archive.settings, now=clock()) == 1
        assert trackers.forget_erased(vault, archive.settings, now=clock()) == 0


def test_what_she_writes_afterwards_is_rasas_again(
    vault: Vault, clock: Clock, tmp_path: Path
) -> None:
    """She has begun anew."""
    archive = Archive(vault, clock, tmp_path)
    siti = archive.talk()
    with db.write(vault.engine) as connection:
        cleared = sa.update(conversations).where(conversations.c.id == siti)
        connection.execute(cleared.values(erased_at=clock()))
    with in_rasas(vault, tmp_path, (siti, clock() + 60)):
        assert trackers.forget_erased(vault, archive.settings, now=clock() + 120) == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [("SUAR_RETENTION_MESSAGES_DAYS", "3"), ("SUAR_RETENTION_CLOSED_DAYS", "30"),
     ("SUAR_RETENTION_CLOSED_DAYS", "-1"), ("SUAR_RETENTION_CLOSED_DAYS", "lima")],
)  # fmt: skip
def test_a_slip_of_the_pen_clears_nothing(name: str, value: str) -> None:
    """Too few days are refused at the start."""
    with pytest.raises(SettingsError, match=name):
        load_settings({name: value})
