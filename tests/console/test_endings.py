"""A ticket ends without an outcome only with a reason, a critical one only by two people."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from hotline.staff import Role
from hotline.tickets import State, Urgency
from store import db, endings, escalation, ticket_deadlines, ticket_list, ticket_work
from store.tables import tickets
from store.ticket_changes import move
from tests.console.conftest import Office, Person, Report
from tests.console.test_links import state_of
from tests.fakes import BUDI

WHY = "Ditelepon dua kali, ternyata salah sambung"


def propose(who: Person, report: Report, *, to: str = "unfounded", reason: str = WHY) -> int:
    return who.post(f"/tickets/{report.code}/state", to=to, reason=reason).status_code


def answer(office: Office, who: Person, report: Report, said: str) -> int:
    with db.read(office.vault.engine) as connection:
        waits = endings.standing(connection, report.id)
    which = waits.id if waits else 1
    path = f"/tickets/{report.code}/ending"
    return who.post(path, answer=said, proposal=which).status_code


def kinds(office: Office, report: Report) -> list[str]:
    with db.read(office.vault.engine) as connection:
        return [one["kind"] for one in ticket_list.events(connection, report.id)]


@pytest.mark.parametrize("to", ["unfounded", "withdrawn"])
def test_without_a_reason_nothing_ends_and_with_one_it_stays_readable(
    office: Office, to: str
) -> None:
    """The reason is sealed, and stands on the ticket beside who gave it."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    refused = ani.post(f"/tickets/{siti.code}/state", to=to)
    assert refused.status_code == 409
    assert "Tulis alasannya" in refused.text
    assert propose(ani, siti, to=to, reason="  a ") == 409
    assert state_of(office, siti) == State.NEW
    assert propose(ani, siti, to=to) == 303
    assert state_of(office, siti) == to
    page = ani.browser.get(f"/tickets/{siti.code}").text
    assert WHY in page
    assert "diakhiri tanpa hasil" in page
    with db.read(office.vault.engine) as connection:
        assert WHY not in str(ticket_list.events(connection, siti.id))


def test_a_critical_ticket_stays_open_and_rings_until_a_supervisor_confirms(
    office: Office,
) -> None:
    """Neither who proposed it nor another responder ends it; the page says who must do what."""
    ani, eka = office.hire("ani", Role.RESPONDER), office.hire("eka", Role.RESPONDER)
    chief = office.hire("chief", Role.SUPERVISOR)
    siti = office.report(urgency=Urgency.CRITICAL)
    assert propose(ani, siti) == 303
    assert state_of(office, siti) == State.NEW
    with db.read(office.vault.engine) as connection:
        assert [id_ for id_, _ in escalation.untold(connection, now=office.clock())] == [siti.id]
    page = ani.browser.get(f"/tickets/{siti.code}").text
    assert "Tiket tetap terbuka" in page
    assert "Yang dapat menyetujui: Chief." in page
    assert "Setujui" not in page
    assert WHY in page
    assert answer(office, ani, siti, "confirm") == 409
    assert answer(office, eka, siti, "confirm") == 409
    assert propose(eka, siti) == 409, "one proposal at a time"
    assert state_of(office, siti) == State.NEW
    assert "Setujui" in chief.browser.get(f"/tickets/{siti.code}").text
    assert siti.code in chief.browser.get("/reminders").text
    assert siti.code not in eka.browser.get("/reminders").text
    assert answer(office, chief, siti, "confirm") == 303
    assert state_of(office, siti) == State.UNFOUNDED
    assert siti.code not in chief.browser.get("/reminders").text
    assert kinds(office, siti)[:3] == ["moved", "ended", "ending_proposed"]
    assert office.logged("ending_confirmed") == 1


def test_one_alone_at_night_works_on_while_a_proposal_waits(office: Office) -> None:
    """Taking, moving and noting stay open to her, and the proposal stands."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report(urgency=Urgency.CRITICAL)
    assert propose(ani, siti) == 303
    assert "Belum ada yang dapat menyetujui" in ani.browser.get(f"/tickets/{siti.code}").text
    assert ani.post(f"/tickets/{siti.code}/take").status_code == 303
    assert ani.post(f"/tickets/{siti.code}/state", to="in_progress").status_code == 303
    assert ani.post(f"/tickets/{siti.code}/notes", text="menunggu pagi").status_code == 303
    chief = office.hire("chief", Role.SUPERVISOR)
    assert answer(office, chief, siti, "confirm") == 303
    assert state_of(office, siti) == State.UNFOUNDED


@pytest.mark.parametrize("who", ["ani", "chief"])
def test_a_proposal_can_be_declined_or_taken_back(office: Office, who: str) -> None:
    """Then it is gone: what was on somebody's page confirms nothing any more."""
    people = {
        "ani": office.hire("ani", Role.RESPONDER),
        "chief": office.hire("chief", Role.SUPERVISOR),
    }
    siti = office.report(urgency=Urgency.CRITICAL)
    assert propose(people["ani"], siti) == 303
    with db.read(office.vault.engine) as connection:
        old = endings.standing(connection, siti.id)
    assert old
    assert answer(office, people[who], siti, "decline") == 303
    path = f"/tickets/{siti.code}/ending"
    late = people["chief"].post(path, answer="confirm", proposal=old.id)
    assert late.status_code == 409
    assert propose(people["ani"], siti, to="withdrawn") == 303
    late = people["chief"].post(path, answer="confirm", proposal=old.id)
    assert late.status_code == 409, "it was another word that she read"
    assert state_of(office, siti) == State.NEW


def test_for_a_supervisors_proposal_any_other_colleague_is_the_second(office: Office) -> None:
    """But never the supervisor, nor somebody who does not see the ticket."""
    chief, ani = office.hire("chief", Role.SUPERVISOR), office.hire("ani", Role.RESPONDER)
    far = office.hire("far", Role.RESPONDER, region="35")
    siti = office.report(urgency=Urgency.CRITICAL, region="53")
    assert propose(chief, siti) == 303
    assert answer(office, chief, siti, "confirm") == 409
    assert answer(office, far, siti, "confirm") == 404
    assert answer(office, ani, siti, "confirm") == 303
    assert state_of(office, siti) == State.UNFOUNDED


def test_a_proposal_does_not_outlive_the_end_of_its_ticket(office: Office) -> None:
    """What is taken up again is proposed again."""
    ani, chief = office.hire("ani", Role.RESPONDER), office.hire("chief", Role.SUPERVISOR)
    siti = office.report(urgency=Urgency.CRITICAL)
    assert propose(ani, siti) == 303
    assert answer(office, chief, siti, "confirm") == 303
    assert chief.post(f"/tickets/{siti.code}/state", to="triaged").status_code == 303
    with db.read(office.vault.engine) as connection:
        assert endings.standing(connection, siti.id) is None
    assert propose(ani, siti) == 303
    assert state_of(office, siti) == State.TRIAGED


def test_a_critical_ticket_is_not_ended_by_merging_it_into_a_lesser_one(office: Office) -> None:
    """The other takes over the danger, so that ending it needs two as well."""
    dewi = office.hire("dewi", Role.DATA_OFFICER)
    siti = office.report(urgency=Urgency.CRITICAL)
    junk = office.report("tes", address=BUDI, urgency=Urgency.NORMAL)
    assert dewi.post(f"/tickets/{siti.code}/merge", other=junk.code).status_code == 303
    assert propose(dewi, junk) == 303
    assert state_of(office, junk) == State.NEW


@pytest.mark.parametrize("settled", [True, False])
def test_a_critical_ticket_does_not_fall_silent_in_one_that_was_answered(
    office: Office, settled: bool
) -> None:
    """A settled target is worked on again, and the answer is due when it was due before."""
    dewi = office.hire("dewi", Role.DATA_OFFICER)
    old = office.report("tes", address=BUDI, urgency=Urgency.NORMAL)
    with db.write(office.vault.engine) as connection:
        ticket_work.answered(connection, old.id, actor="ani", now=office.clock())
        if settled:
            for state in (State.ASSIGNED, State.IN_PROGRESS, State.RESOLVED):
                move(connection, old.id, state, actor="ani", now=office.clock())
    office.clock.advance(600)
    siti = office.report(urgency=Urgency.CRITICAL)
    with db.read(office.vault.engine) as connection:
        query = sa.select(tickets.c.first_response_due).where(tickets.c.id == siti.id)
        due = connection.execute(query).scalar_one()
    assert dewi.post(f"/tickets/{siti.code}/merge", other=old.code).status_code == 303
    assert state_of(office, old) == (State.IN_PROGRESS if settled else State.TRIAGED)
    with db.read(office.vault.engine) as connection:
        assert ticket_work.work_of(connection, old.id).next_response_due == due
        rules = ticket_deadlines.in_force(connection)
        late = escalation.due(connection, rules, now=due + 1)
    assert [one.id for one in late] == [old.id]
