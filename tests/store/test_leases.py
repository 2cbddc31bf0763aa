"""Leases: one holder at a time, judged by the database's own clock."""

import threading
import time

import sqlalchemy as sa

from store import db, leases
from store.leases import Holder

A, B = Holder("a", "vm:/a", 0), Holder("b", "vm:/b", 0)


def take(engine: sa.Engine, holder: Holder, now: float) -> str | None:
    """Try to take the lease for 20 seconds; gives the owner who has it instead."""
    with db.write(engine) as connection:
        other = leases.take(connection, "x", holder, seconds=20, now=now)
    return None if other is None else other.owner


def test_only_one_has_it_until_it_runs_out(engine: sa.Engine) -> None:
    """The second is told who; after the time of a silent holder it may have it."""
    assert take(engine, A, 1000.0) is None
    assert take(engine, B, 1010.0) == "a"
    assert take(engine, B, 1020.0) is None
    assert take(engine, A, 1021.0) == "b"


def test_who_renews_keeps_it(engine: sa.Engine) -> None:
    """Each sign of life counts from its own moment."""
    assert take(engine, A, 1000.0) is None
    assert take(engine, A, 1015.0) is None
    assert take(engine, B, 1034.0) == "a"


def test_what_is_given_back_is_free_at_once_and_only_by_its_owner(engine: sa.Engine) -> None:
    """A clean end does not make the next start wait."""
    take(engine, A, 1000.0)
    for owner, holder in (("b", "a"), ("a", None)):
        with db.write(engine) as connection:
            leases.give_back(connection, "x", owner)
        assert take(engine, B, 1001.0) == holder


def test_of_many_that_come_at_once_one_wins(engine: sa.Engine) -> None:
    """Two installations started by one script."""
    lost: list[str | None] = []
    threads = [
        threading.Thread(
            target=lambda n=n: lost.append(take(engine, Holder(f"h{n}", "vm", 0), 1000.0))
        )
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lost.count(None) == 1
    assert len(lost) == 6


def test_the_databases_clock_is_seconds_of_today(engine: sa.Engine) -> None:
    """Both databases count alike, to less than a second, however long the asking takes."""
    with db.read(engine) as connection:
        before = time.time()
        told = leases.clock(connection)
        assert before - 1 < told < time.time() + 1
