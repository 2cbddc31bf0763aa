"""One installation on a database: the second is refused, a killed first one soon forgotten."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from hotline.errors import SuarError
from store import db, leases
from suar.sole import AlreadyRunningError, Hold, sole_installation


@pytest.fixture
def holds(engine: sa.Engine) -> Iterator[list[Hold]]:
    """Collect holds and give them back with the test."""
    made: list[Hold] = []
    yield made
    for hold in made:
        hold.give_back()


def hold(engine: sa.Engine, holds: list[Hold], home: str, told: list[str] | None = None) -> Hold:
    """Make a hold with signs of life so frequent and a lease so long that no machine is too slow.

    Whoever waited for the end of the lease would wait an hour.
    """
    tell = (told if told is not None else []).append
    holds.append(Hold(engine, Path(home), tell, lease=3600, renew=1))
    return holds[-1]


def test_a_second_installation_is_refused_and_told_where_the_first_is(
    engine: sa.Engine, holds: list[Hold]
) -> None:
    """Rasa keeps conversations in memory: two would overwrite each other's."""
    hold(engine, holds, "/srv/one").take()
    began = time.monotonic()
    with pytest.raises(AlreadyRunningError, match="/srv/one"):
        hold(engine, holds, "/srv/two").take()
    assert time.monotonic() - began < 600, "at the next sign of life, not at the end of the lease"


def test_after_a_clean_end_the_next_starts_at_once(engine: sa.Engine) -> None:
    """Stop and start again: nobody is met, so nobody is waited for."""
    told: list[str] = []
    for home in ("/srv/one", "/srv/two"):
        with sole_installation(engine, Path(home), told.append):
            assert told == []


def test_a_killed_installation_is_waited_for_only_until_its_lease_ends(
    engine: sa.Engine, holds: list[Hold]
) -> None:
    """Nobody renews it, so nobody lives there; the operator reads why it takes a moment."""
    with db.write(engine) as connection:
        dead = leases.Holder("dead", "vm:/srv/one", 0)
        until = leases.clock(connection) + 5
        leases.take(connection, "installation", dead, seconds=5, now=until - 5)
    told: list[str] = []
    began = time.monotonic()
    hold(engine, holds, "/srv/two", told).take()
    with db.read(engine) as connection:
        assert leases.clock(connection) >= until, "not before the dead one's lease has ended"
    assert time.monotonic() - began < 600, "nor until the end of a lease of its own"
    assert "/srv/one" in told[0]


def until_problem(hold: Hold) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            hold.check()
        except SuarError as error:
            return str(error)
        time.sleep(0.05)
    return ""


def test_who_has_lost_the_database_ends(engine: sa.Engine, holds: list[Hold]) -> None:
    """A machine that slept an hour must not go on beside the one that took its place."""
    mine = hold(engine, holds, "/srv/one")
    mine.take()
    mine.check()
    with db.write(engine) as connection:
        other = leases.Holder("other", "vm:/srv/two", 0)
        later = leases.clock(connection) + 3600
        assert leases.take(connection, "installation", other, seconds=20, now=later) is None
    assert "/srv/two" in until_problem(mine)


def test_a_database_file_that_is_gone_ends_the_installation(tmp_path: Path) -> None:
    """In words, with what to do."""
    file = tmp_path / "suar.db"
    engine = db.connect(f"sqlite:///{file}")
    db.migrate(engine)
    mine = Hold(engine, tmp_path, lambda _: None, renew=1)
    mine.take()
    file.unlink()
    problem = until_problem(mine)
    assert "suar.db was removed or replaced" in problem
    assert "backup" in problem
    mine.give_back()
    engine.dispose()


def until_told(told: list[str], count: int) -> None:
    deadline = time.monotonic() + 60
    while len(told) < count and time.monotonic() < deadline:
        time.sleep(0.05)


def test_a_database_that_is_away_for_a_while_is_waited_for(tmp_path: Path) -> None:
    """Told once when it goes and once when it is back; the installation lives on."""
    engine = db.connect(f"sqlite:///{tmp_path / 'suar.db'}")
    db.migrate(engine)
    told: list[str] = []
    mine = Hold(engine, tmp_path, told.append, renew=1)
    mine.take()
    full = [True]

    def refuse(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if full[0] and "leases" in statement:
            raise sa.exc.OperationalError(statement, {}, OSError("disk full"))

    sa.event.listen(engine, "before_cursor_execute", refuse)
    until_told(told, 1)
    full[0] = False
    until_told(told, 2)
    mine.check()
    assert ["cannot be written" in told[0], "can be written again" in told[1]] == [True, True]
    mine.give_back()
    engine.dispose()
