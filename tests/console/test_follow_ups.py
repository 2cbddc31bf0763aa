"""Asking after somebody who came home: planned, due, answered once, and opening a ticket again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from hotline.follow_ups import MONTHS, Topic, due_at
from hotline.staff import Role
from hotline.tickets import State
from store import db, follow_up_plan
from store.console_tables import follow_ups, staff, ticket_work
from store.tables import tickets
from tests.console.conftest import Office, Person, Report

FINE = {topic.value: "good" for topic in Topic}
MONTH = 31 * 86400


def state_of(office: Office, report: Report) -> str:
    with db.read(office.vault.engine) as connection:
        query = sa.select(tickets.c.state).where(tickets.c.id == report.id)
        return str(connection.execute(query).scalar_one())


def set_state(office: Office, report: Report, state: State) -> None:
    with db.write(office.vault.engine) as connection:
        query = sa.update(tickets).where(tickets.c.id == report.id)
        connection.execute(query.values(state=state.value))


def planned(office: Office, report: Report) -> list[int]:
    with db.read(office.vault.engine) as connection:
        query = sa.select(follow_ups.c.id).where(follow_ups.c.ticket_id == report.id)
        return list(connection.execute(query.order_by(follow_ups.c.months)).scalars())


def close(office: Office, person: Person, report: Report, outcome: str) -> None:
    set_state(office, report, State.RESOLVED)
    done = person.post(
        f"/tickets/{report.code}/close", outcome=outcome, next_owner="keluarga di Kupang"
    )
    assert done.status_code == 303


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [((2026, 1, 31), 1, (2026, 2, 28)), ((2026, 11, 22), 3, (2027, 2, 22)),
     ((2027, 8, 31), 6, (2028, 2, 29)), ((2026, 12, 1), 12, (2027, 12, 1))],
)  # fmt: skip
def test_due_on_the_same_day_of_a_later_month(
    day: tuple[int, int, int], months: int, due: tuple[int, int, int]
) -> None:
    """Or on its last day."""
    start = datetime(*day, 9, tzinfo=UTC).timestamp()
    assert datetime.fromtimestamp(due_at(start, months), UTC) == datetime(*due, 9, tzinfo=UTC)


def test_the_day_is_the_one_in_jakarta() -> None:
    """Six in the morning of the first of March is still February in Greenwich."""
    start = datetime(2026, 2, 28, 23, tzinfo=UTC).timestamp()
    assert datetime.fromtimestamp(due_at(start, 1), UTC) == datetime(2026, 3, 31, 23, tzinfo=UTC)


def test_closing_as_safely_home_plans_four_and_only_that_does(office: Office) -> None:
    """Once, also when a ticket is closed twice."""
    ani, siti, budi = (
        office.hire("ani", Role.RESPONDER),
        office.report(),
        office.report(address="+6281200000003"),
    )
    close(office, ani, budi, "advice_given")
    assert planned(office, budi) == []
    close(office, ani, siti, "safe_home")
    assert len(planned(office, siti)) == len(MONTHS)
    close(office, ani, siti, "safe_home")
    assert len(planned(office, siti)) == len(MONTHS)


def test_what_is_due_is_listed_and_answered_once(office: Office) -> None:
    """Listed from a month before, marked when late, gone when answered; the answers stay."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    close(office, ani, siti, "safe_home")
    assert siti.code not in ani.browser.get("/follow-ups").text
    office.clock.advance(MONTH + 1)
    ani.log_in()
    page = ani.browser.get("/follow-ups").text
    assert siti.code in page
    assert "(lewat)" in page
    first = planned(office, siti)[0]
    where = f"/tickets/{siti.code}/follow-ups/{first}"
    lacking = {**FINE, "school": ""}
    answer = ani.post(where, **lacking, note="rumah <i>bocor")
    assert answer.status_code == 409
    assert "rumah &lt;i&gt;bocor" in answer.text, "what was typed is not lost"
    assert ani.post(where, **FINE, note="sudah bekerja").status_code == 303
    assert ani.post(where, **FINE).status_code == 409
    page = ani.browser.get(f"/tickets/{siti.code}/follow-ups").text
    assert "sudah bekerja" in page
    assert "Ani" in page
    assert siti.code not in ani.browser.get("/follow-ups").text
    assert state_of(office, siti) == State.CLOSED
    assert office.logged("followed_up") == 1


def test_a_threat_opens_the_ticket_again(office: Office) -> None:
    """Somebody threatened at home must not lie in a closed ticket."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    close(office, ani, siti, "safe_home")
    where = f"/tickets/{siti.code}/follow-ups/{planned(office, siti)[0]}"
    assert ani.post(where, **{**FINE, "threats": "trouble"}).status_code == 303
    assert state_of(office, siti) == State.IN_PROGRESS


@pytest.mark.parametrize("ended", [State.WITHDRAWN, State.UNFOUNDED])
@pytest.mark.parametrize("held", [True, False])
def test_a_threat_opens_what_was_ended_otherwise_too(
    office: Office, ended: State, held: bool
) -> None:
    """Whatever ended it meanwhile; where somebody had it, it is theirs again."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    close(office, ani, siti, "safe_home")
    set_state(office, siti, ended)
    if held:
        with db.write(office.vault.engine) as connection:
            who = connection.execute(sa.select(staff.c.id)).scalar_one()
            connection.execute(sa.update(ticket_work).values(staff_id=who))
    where = f"/tickets/{siti.code}/follow-ups/{planned(office, siti)[0]}"
    assert ani.post(where, **{**FINE, "threats": "trouble"}).status_code == 303
    assert state_of(office, siti) == (State.ASSIGNED if held else State.TRIAGED)


def test_a_threat_opens_the_ticket_that_speaks_for_a_merged_one(office: Office) -> None:
    """Nobody looks at the merged one any more; one that is worked on stays as it is."""
    ani, siti = office.hire("ani", Role.SUPERVISOR), office.report()
    budi = office.report(address="+6281200000003")
    close(office, ani, siti, "safe_home")
    set_state(office, siti, State.IN_PROGRESS)
    assert ani.post(f"/tickets/{siti.code}/merge", other=budi.code).status_code == 303
    asked = [f"/tickets/{siti.code}/follow-ups/{one}" for one in planned(office, siti)]
    threat = {**FINE, "threats": "trouble"}
    assert ani.post(asked[0], **threat).status_code == 303
    assert (state_of(office, siti), state_of(office, budi)) == (State.MERGED, State.NEW)
    set_state(office, budi, State.CLOSED)
    assert ani.post(asked[1], **threat).status_code == 303
    assert (state_of(office, siti), state_of(office, budi)) == (State.MERGED, State.IN_PROGRESS)


def test_answers_are_sealed_and_belong_to_their_ticket(office: Office) -> None:
    """Nothing readable in the table; no other ticket's address reaches them."""
    ani = office.hire("ani", Role.RESPONDER)
    siti, budi = office.report(region="35"), office.report(address="+6281200000003", region="53")
    east = office.hire("east", Role.RESPONDER, region="53")
    close(office, ani, siti, "safe_home")
    which = planned(office, siti)[0]
    assert ani.post(f"/tickets/{budi.code}/follow-ups/{which}", **FINE).status_code == 404
    assert east.post(f"/tickets/{siti.code}/follow-ups/{which}", **FINE).status_code == 404
    assert east.browser.get(f"/tickets/{siti.code}/follow-ups").status_code == 404
    assert ani.post(f"/tickets/{siti.code}/follow-ups/{which}", **FINE, note="bocor").is_redirect
    with db.read(office.vault.engine) as connection:
        sealed = connection.execute(
            sa.select(follow_ups.c.answers_sealed).where(follow_ups.c.id == which)
        ).scalar_one()
    assert b"bocor" not in bytes(sealed)


def test_a_resolved_ticket_can_be_followed_at_once_and_an_open_one_cannot(office: Office) -> None:
    """Nobody is asked how they are at home before they are."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    assert ani.post(f"/tickets/{siti.code}/follow-ups").status_code == 409
    set_state(office, siti, State.RESOLVED)
    assert "Mulai pantauan" in ani.browser.get(f"/tickets/{siti.code}/follow-ups").text
    assert ani.post(f"/tickets/{siti.code}/follow-ups").status_code == 303
    assert len(planned(office, siti)) == len(MONTHS)
    with db.write(office.vault.engine) as connection:
        again = follow_up_plan.plan(connection, siti.id, actor="ani", now=office.clock())
    assert again == 0
