"""Signs of life: who works is seen, who is silent is not."""

import sqlalchemy as sa

from store import db
from store.heartbeats import FRESH, alive, beat
from store.tables import heartbeats


def test_a_process_that_beats_is_alive_for_a_while(engine: sa.Engine) -> None:
    """Fresh, then silent; another kind of process is not taken for it."""
    with db.write(engine) as connection:
        beat(connection, "a", "worker", 1000.0)
        assert alive(connection, "worker", 1000.0 + FRESH - 1)
        assert not alive(connection, "worker", 1000.0 + FRESH)
        assert not alive(connection, "gateway", 1000.0)


def test_beating_again_prolongs_one_line(engine: sa.Engine) -> None:
    """A worker that runs for a year leaves one row."""
    with db.write(engine) as connection:
        for second in range(5):
            beat(connection, "a", "worker", 1000.0 + second)
        rows = connection.execute(sa.select(heartbeats)).all()
        assert [(row.process, row.at) for row in rows] == [("a", 1004.0)]


def test_those_silent_for_an_hour_are_forgotten(engine: sa.Engine) -> None:
    """Each restart has a new name; the old ones do not pile up."""
    with db.write(engine) as connection:
        beat(connection, "old", "worker", 1000.0)
        beat(connection, "new", "worker", 1000.0 + 3601)
        assert connection.execute(sa.select(heartbeats.c.process)).scalars().all() == ["new"]
