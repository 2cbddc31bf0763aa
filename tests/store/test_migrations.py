"""Migrations: from nothing to the tables the code uses, on both databases, several at once."""

import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

import store.canary
import store.console_tables
import store.content_tables
import store.corrections
import store.duty_tables
import store.figures_tables
import store.leases
import store.paper_tables
import store.register.tables
import store.victim_tables  # noqa: F401 - each adds its tables
from store import db
from store.tables import metadata

# With so much patience that two migrations of a slow machine can be waited for.
START = "import sys; from store import db; db.migrate(db.connect(sys.argv[1], patience=240))"


def test_migrated_and_described_tables_are_the_same(engine: sa.Engine) -> None:
    """Nobody changes a table in the code and forgets the installations that exist."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing(engine: sa.Engine) -> None:
    """Every start migrates; there is mostly nothing to do."""
    before = sorted(sa.inspect(engine).get_table_names())
    db.migrate(engine)
    assert sorted(sa.inspect(engine).get_table_names()) == before


def test_processes_that_start_together_migrate_once(tmp_path: Path) -> None:
    """Gateway and worker of a new installation come up at the same moment."""
    url = f"sqlite:///{tmp_path / 'suar.db'}"
    starting = [
        subprocess.Popen([sys.executable, "-c", START, url], stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    ended = [process.communicate(timeout=300)[1] for process in starting]
    assert [process.returncode for process in starting] == [0, 0, 0], ended


def test_the_last_migration_can_be_undone(tmp_path: Path) -> None:
    """An operator who must go back to the earlier version gets an empty schema, not an error."""
    engine = db.connect(f"sqlite:///{tmp_path / 'suar.db'}")
    db.migrate(engine)
    config = Config()
    config.set_main_option("script_location", str(db.MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert sa.inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()
