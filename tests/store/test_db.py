"""The database connection: whole units of work, durable, without values in its errors."""

import threading

import pytest
import sqlalchemy as sa

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
        reader.join(5)
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
