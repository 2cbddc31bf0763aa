"""A ticket taken from its holder while somebody answers its caller: both are done, one by one."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from hotline.staff import Role
from store import db, standing
from store import staff as accounts
from store.ticket_events import lock
from tests.console.conftest import Office
from tests.console.test_callers_tickets import reply
from tests.console.test_conflicts import hide

PATIENCE = 60.0


@pytest.mark.parametrize("how", ["hide", "shut"])
def test_who_takes_away_and_who_answers_do_not_wait_for_each_other(
    office: Office, how: str
) -> None:
    """An answer holds the conversation first, then its tickets: whoever takes away does so too."""
    report = office.report("tolong", region="5371")
    kota = office.hire("kota", Role.RESPONDER, region="5371")
    nas = office.hire("nas", Role.SUPERVISOR)
    assert reply(kota, report).status_code == 303  # kota holds the conversation now
    kota.post(f"/tickets/{report.code}/take")
    begun = threading.Event()

    def take_away() -> bool:
        begun.set()
        if how == "hide":
            return hide(nas, report, "level:5371") == 303
        with db.write(office.vault.engine) as connection:
            return accounts.set_active(connection, "kota", active=False, now=office.clock())

    with ThreadPoolExecutor(1) as other:
        with db.write(office.vault.engine) as connection:
            standing.lock(connection, report.conversation)
            taken = other.submit(take_away)
            assert begun.wait(PATIENCE)
            threading.Event().wait(1.0)  # it has come as far as it can
            lock(connection, report.id)
        assert taken.result(PATIENCE)
