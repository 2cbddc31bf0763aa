"""The database connection: whole units of work, durable, without values in its errors."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from hotline.errors import SuarError
from store import db
from store.tables import conversations, heartbeats

BEAT = {"process": "a", "kind": "worker", "at": 1.0}


def names(engine: sa.Engine) -> list[str]:
    with db.read(engine) as connection:
        return list(connection.execute(sa.select(heartbeats.c.process)).scalars())


def test_a_unit_of_work_is_kept_at_its_end(engine: sa.Engine) -> None:
    """What was written is there for the next reader."""
    with db.write(engine) as connection:
        connection.execute(sa.insert(heartbeats), BEAT)
    assert names(engine) == ["a"]


def test_an_error_undoes_the_whole_unit(engine: sa.Engine) -> None:
    """Half an answer is never stored."""

    def fail() -> None:
        with db.write(engine) as connection:
            connection.execute(sa.insert(heartbeats), BEAT)
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - ours
        fail()
    assert names(engine) == []


def test_after_an_error_the_next_one_may_write(engine: sa.Engine) -> None:
    """A failed unit of work keeps no lock."""
    for _ in range(2):
        with pytest.raises(sa.exc.IntegrityError), db.write(engine) as connection:
            connection.execute(sa.insert(heartbeats), {**BEAT, "kind": None})
    with db.write(engine) as connection:
        connection.execute(sa.insert(heartbeats), BEAT)


def test_a_reader_does_not_wait_for_a_writer(engine: sa.Engine) -> None:
    """The try-out page stays quick while a worker writes, and sees no half-done work."""
    with db.write(engine) as connection:
        connection.execute(sa.insert(heartbeats), BEAT)
        seen: list[list[str]] = []
        reader = threading.Thread(target=lambda: seen.append(names(engine)))
        reader.start()
        reader.join(60)
        assert seen == [[]]


def test_writers_of_several_threads_wait_for_each_other(engine: sa.Engine) -> None:
    """Forty units of work from eight threads: none fails, none is lost."""
    failed: list[Exception] = []

    def write(thread: int) -> None:
        try:
            for number in range(5):
                with db.write(engine) as connection:
                    connection.execute(sa.select(heartbeats)).all()
                    row = {**BEAT, "process": f"{thread}-{number}"}
                    connection.execute(sa.insert(heartbeats), row)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(names(engine)) == 40


def test_an_error_of_the_database_does_not_quote_values(engine: sa.Engine) -> None:
    """What the log gets to see of a refused row is the statement, not what stood in it."""
    row = {"id": "x", "channel": "sms", "address_sealed": b"Johor", "opened_at": 1.0}
    with pytest.raises(sa.exc.IntegrityError) as refusal, db.write(engine) as connection:
        connection.execute(sa.insert(conversations), {**row, "address_index": None})
    assert "Johor" not in str(refusal.value)
    assert "b'" not in str(refusal.value)


def test_what_belongs_together_is_enforced(engine: sa.Engine) -> None:
    """A message of a conversation that does not exist is refused, on SQLite too."""
    row = {
        "channel": "sms", "provider_id": "1", "conversation_id": "nobody",
        "text_sealed": b"", "received_at": 1.0,
    }  # fmt: skip
    with pytest.raises(sa.exc.IntegrityError), db.write(engine) as connection:
        connection.execute(sa.insert(sa.table("inbox", *map(sa.column, row))), row)


def test_sqlite_makes_the_folder_it_needs(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A new home folder need not exist, and a power cut loses nothing that was confirmed."""
    file = tmp_path_factory.mktemp("home") / "deep" / "suar.db"
    engine = db.connect(f"sqlite:///{file}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("pragma journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("pragma synchronous").scalar() == 2
    engine.dispose()
    assert file.exists()


@pytest.fixture
def file(tmp_path: Path) -> Iterator[tuple[Path, sa.Engine]]:
    """Give a database file in use, migrated."""
    file = tmp_path / "suar.db"
    engine = db.connect(f"sqlite:///{file}")
    db.migrate(engine)
    yield file, engine
    engine.dispose()


@pytest.mark.parametrize("replaced", [True, False], ids=["replaced", "removed"])
def test_a_file_that_went_away_takes_no_message(
    file: tuple[Path, sa.Engine], tmp_path: Path, *, replaced: bool
) -> None:
    """SQLite would go on writing to the removed file, and say that all is stored."""
    place, engine = file
    with db.write(engine) as connection:
        connection.execute(sa.insert(heartbeats), BEAT)
    if replaced:
        shutil.copy(place, tmp_path / "backup.db")
        (tmp_path / "backup.db").replace(place)
    else:
        place.unlink()
    with pytest.raises(db.DatabaseGoneError, match=r"removed or replaced"):
        names(engine)
    with pytest.raises(db.DatabaseGoneError), db.write(engine) as connection:
        connection.execute(sa.insert(heartbeats), {**BEAT, "process": "b"})
    assert place.exists() is replaced


def test_a_file_that_goes_away_in_the_middle_is_noticed_at_the_end(
    file: tuple[Path, sa.Engine],
) -> None:
    """What cannot be kept is not confirmed."""
    place, engine = file

    def lose() -> None:
        with db.write(engine) as connection:
            connection.execute(sa.insert(heartbeats), BEAT)
            place.unlink()

    with pytest.raises(db.DatabaseGoneError):
        lose()


def test_a_file_that_was_put_back_works_on(file: tuple[Path, sa.Engine], tmp_path: Path) -> None:
    """Moved away by mistake and back again: nothing has to be started anew."""
    place, engine = file
    place.rename(tmp_path / "away.db")
    with pytest.raises(db.DatabaseGoneError):
        names(engine)
    (tmp_path / "away.db").rename(place)
    with db.write(engine) as connection:
        connection.execute(sa.insert(heartbeats), BEAT)
    assert names(engine) == ["a"]


@pytest.mark.parametrize("place", ["db:port", "db:54a32"])
def test_an_address_that_cannot_be_read_is_refused_without_its_password(place: str) -> None:
    """The operator reads what to write; a log that is passed on holds no secret."""
    with pytest.raises(SuarError, match="SUAR_DATABASE_URL cannot be read") as refusal:
        db.connect(f"postgresql+psycopg://suar:rahasia@{place}/suar")
    assert "rahasia" not in str(refusal.value)
