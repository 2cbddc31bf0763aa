"""Work beside answering callers: by one process at a time, and a fault never ends it."""

from __future__ import annotations

import logging
import threading

import pytest
import sqlalchemy as sa

from channels.alone import Alone, repeat
from store import db
from store.leases import leases
from store.vault import Vault


def test_one_has_it_until_it_is_given_back(vault: Vault) -> None:
    """Who has it keeps it when asked again; what another process has is left alone."""
    claim = Alone(vault, "counting", place="here", seconds=3600)
    assert claim.holds()
    assert claim.holds()
    with db.write(vault.engine) as connection:
        connection.execute(sa.update(leases).values(owner="somebody else"))
    assert not claim.holds()
    claim.give_back()
    assert not claim.holds(), "only one's own is given back"
    with db.write(vault.engine) as connection:
        connection.execute(sa.update(leases).values(until=0.0))
    assert claim.holds(), "a dead holder's runs out"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (ValueError("Hassan"), "counting: ValueError at "),
        (sa.exc.OperationalError("select", {}, Exception("gone")), "counting: no database:"),
    ],
)
def test_a_fault_is_logged_and_the_work_goes_on(
    caplog: pytest.LogCaptureFixture, fault: Exception, said: str
) -> None:
    """After it the work is done again; it ends only when it is told to."""
    stop, done = threading.Event(), []

    def work() -> None:
        done.append(1)
        if len(done) == 1:
            raise fault
        stop.set()

    with caplog.at_level(logging.ERROR):
        repeat(work, stop, what="counting", seconds=0, failed=0)
    assert len(done) == 2
    assert [record.getMessage()[: len(said)] for record in caplog.records] == [said]
    assert "Hassan" not in caplog.text
