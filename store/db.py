"""The database connection: the same code on SQLite (WAL) and PostgreSQL, and its migrations."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import event

from hotline.errors import SuarError
from store.turnstile import Turnstile

# What is raised when the database is away, or all of its connections are in use.
AWAY = (sa.exc.DBAPIError, sa.exc.TimeoutError)
MIGRATIONS = Path(__file__).parent / "migrations"
# Without these, a server whose network is silently cut off would hold a turn for many minutes.
_PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
# By engine, not by file: with an engine its open files must go too.
_turnstiles: WeakKeyDictionary[sa.Engine, Turnstile] = WeakKeyDictionary()
_opening = threading.Lock()


def sqlite_file(url: str) -> Path | None:
    """Give the file of an SQLite address; None for a database in memory or of another kind."""
    if not url.startswith("sqlite"):
        return None
    name = _read_url(url).database
    return Path(name).absolute() if name and name != ":memory:" else None


def connect(url: str, *, pool_size: int = 10, patience: float = 15.0) -> sa.Engine:
    """Open an engine for `url` (sqlite:///… or postgresql+psycopg://…); connects on first use.

    `patience` is for how many seconds a writer waits for another's transaction on SQLite. Raises
    SuarError when the address cannot be read; it may hold a password, so it is not quoted.
    """
    if not url.startswith("sqlite"):
        return _postgresql(url, pool_size)
    file = sqlite_file(url)
    if file is not None:
        _make_private(file)
    engine = sa.create_engine(
        url, hide_parameters=True, connect_args={"timeout": patience, "check_same_thread": False}
    )
    watch = None if file is None else _SameFile(file)

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, see below
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        if watch is not None:
            watch.check()
        # A transaction that reads first and writes later would fail half-way when another process
        # has written meanwhile; taking the write lock at once makes it wait instead.
        deferred = connection.get_execution_options().get("read_only", False)
        connection.exec_driver_sql("BEGIN" if deferred else "BEGIN IMMEDIATE")

    @event.listens_for(engine, "commit")
    def _commit(_connection: sa.Connection) -> None:
        if watch is not None:
            watch.check()

    return engine


def _postgresql(url: str, pool_size: int) -> sa.Engine:
    engine = sa.create_engine(
        _read_url(url),
        pool_size=pool_size,
        max_overflow=5,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args=_PATIENCE,
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        # Where there are many tickets the server would compile our queries, which takes longer
        # than they do.
        with connection.cursor() as cursor:
            cursor.execute("SET jit = off")
        connection.commit()

    return engine


def _read_url(url: str) -> sa.URL:
    try:
        return sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise SuarError(
            "SUAR_DATABASE_URL cannot be read: write postgresql://name:password@host:port/database "
            "and in the password %40 for @, %2F for /, %3A for :, %23 for # and %25 for %"
        ) from None


def _make_private(file: Path) -> None:
    """Make folder and file for their owner alone; SQLite gives its side files the same rights."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))


class DatabaseGoneError(sa.exc.OperationalError):
    """The database file was removed or replaced while it was open."""


class _FileGoneError(OSError):
    """What logs name as the kind of the fault."""


class _SameFile:
    """Notices that the file is another one: SQLite would go on writing to the removed one."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._was = self._identity()

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def check(self) -> None:
        if self._identity() != self._was:
            text = f"the database file {self._file} was removed or replaced"
            raise DatabaseGoneError(text, None, _FileGoneError(text))


@contextmanager
def write(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Open one unit of work: commits at the end, rolls back on any error."""
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            yield connection
        return
    with _turn(engine), engine.begin() as connection:
        yield connection


def _turn(engine: sa.Engine) -> AbstractContextManager[None]:
    """Give the turn to write to an engine's file; a database in memory has no other writers."""
    name = engine.url.database
    if not name or name == ":memory:":
        return nullcontext()
    with _opening:
        turnstile = _turnstiles.get(engine)
        if turnstile is None:
            turnstile = _turnstiles[engine] = Turnstile(Path(name).absolute())
    return turnstile.turn()


@contextmanager
def read(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Open a consistent view for reading only."""
    with engine.connect().execution_options(read_only=True) as connection, connection.begin():
        yield connection


def migrate(engine: sa.Engine) -> None:
    """Bring the schema to the newest version; several processes may ask at the same time."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(5747)"))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise SuarError(
                f"the database was made by a newer Suar, or is not whole ({error}): run that "
                "version, or restore the backup made before it"
            ) from None
