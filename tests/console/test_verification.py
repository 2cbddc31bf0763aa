"""True data: how complete a ticket is, who verified and cleared it, what is kept for a case."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from hotline.completeness import WANTED, missing, score
from hotline.staff import Role
from hotline.tickets import FACT_FIELDS, Category
from store import db, ticket_list
from store.erasure import must_stay
from store.tables import tickets
from tests.console.conftest import Office, Report
from tests.fakes import BUDI


def row(office: Office, report: Report) -> tuple[str, str]:
    with db.read(office.vault.engine) as connection:
        query = sa.select(tickets.c.verification, tickets.c.clearing)
        found = connection.execute(query.where(tickets.c.id == report.id)).one()
        return found.verification, found.clearing


def kinds(office: Office, report: Report) -> list[str]:
    with db.read(office.vault.engine) as connection:
        return [event["kind"] for event in ticket_list.events(connection, report.id)]


@pytest.mark.parametrize("category", list(Category))
def test_completeness_goes_from_nothing_to_all(category: Category) -> None:
    """Every category is judged by facts that exist, and any one of a group will do."""
    groups = WANTED[category]
    assert {name for group in groups for name in group} <= set(FACT_FIELDS)
    assert score(category, set()) == 0
    assert score(category, {group[-1] for group in groups}) == 100
    assert missing(category, {groups[0][0]}) == tuple(group[0] for group in groups[1:])


def test_the_queue_says_what_is_missing_within_ones_scope(office: Office) -> None:
    """Oldest first; another region's tickets are not in it."""
    east = office.hire("east", Role.DATA_OFFICER, region="35")
    siti, budi = office.report(region="35"), office.report(address=BUDI, region="53")
    office.fact(siti, "story", "disekap")
    page = east.browser.get("/verification").text
    assert siti.code in page
    assert budi.code not in page
    assert "22%" in page, "two of nine: the story, and where she comes from"
    assert "Jumlah korban" in page
    assert east.browser.get(f"/tickets/{budi.code}/verification").status_code == 404
    for action in ("verify", "clear", "hold"):
        form = {"verify": "being_verified", "clear": "unique"}
        answer = east.post(
            f"/tickets/{budi.code}/{action}", to=form.get(action, ""), reason="xxxxx"
        )
        assert answer.status_code == 404


def test_a_ticket_is_verified_step_by_step_and_reopened_with_a_reason(office: Office) -> None:
    """Each step is in the ticket's log and in the audit log; the reason is an internal note."""
    ani, siti = office.hire("ani", Role.DATA_OFFICER), office.report()
    where = f"/tickets/{siti.code}/verify"
    assert ani.post(where, to="verified").status_code == 409
    assert ani.post(where, to="being_verified").status_code == 303
    assert ani.post(where, to="verified", reason="sudah bicara dengan keluarga").is_redirect
    assert row(office, siti)[0] == "verified"
    assert siti.code not in ani.browser.get("/verification").text
    assert ani.post(where, to="unverified").status_code == 409
    assert ani.post(where, to="being_verified", reason="paspor ternyata palsu").is_redirect
    assert "paspor ternyata palsu" in ani.browser.get(f"/tickets/{siti.code}").text
    assert kinds(office, siti).count("verified") == office.logged("ticket_verified") == 3
    page = ani.browser.get(f"/tickets/{siti.code}/verification").text
    assert page.count("pemeriksaan:") == 3


def test_a_duplicate_names_the_other_and_a_decision_changes_only_with_a_reason(
    office: Office,
) -> None:
    """What was decided before stays readable."""
    ani = office.hire("ani", Role.DATA_OFFICER)
    siti, budi = office.report(), office.report(address=BUDI)
    where = f"/tickets/{budi.code}/clear"
    assert ani.post(where, to="duplicate_of").status_code == 409
    assert ani.post(where, to="duplicate_of", other=budi.code).status_code == 409
    assert ani.post(where, to="merged").status_code == 409
    assert ani.post(where, to="duplicate_of", other=siti.code).status_code == 303
    assert row(office, budi)[1] == "duplicate_of"
    assert ani.post(where, to="unique").status_code == 409
    assert ani.post(where, to="unique", reason="adik dan kakak, dua orang").status_code == 303
    page = ani.browser.get(f"/tickets/{budi.code}/verification").text
    assert siti.code in page
    assert "Satu orang, satu tiket" in page
    assert budi.code not in ani.browser.get("/verification?queue=clear").text
    assert siti.code in ani.browser.get("/verification?queue=clear").text


def test_a_hold_needs_a_reason_and_stands_in_its_queue(office: Office) -> None:
    """Put and lifted with a trace."""
    ani, siti = office.hire("ani", Role.SUPERVISOR), office.report()
    where = f"/tickets/{siti.code}/hold"
    assert ani.post(where, held="true").status_code == 409
    assert ani.post(where, held="true", reason="perkara di PN Kupang").status_code == 303
    with db.read(office.vault.engine) as connection:
        assert must_stay(connection, siti.conversation)
    assert siti.code in ani.browser.get("/verification?queue=held").text
    assert ani.post(where, held="false", reason="perkara selesai").status_code == 303
    assert siti.code not in ani.browser.get("/verification?queue=held").text
    with db.read(office.vault.engine) as connection:
        assert not must_stay(connection, siti.conversation)
    assert {"held", "released"} <= set(kinds(office, siti))


def test_a_responder_does_not_verify(office: Office) -> None:
    """Who works on a ticket is not who checks it."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    assert ani.browser.get("/verification").status_code == 403
    assert ani.browser.get(f"/tickets/{siti.code}/verification").status_code == 403
    assert "/verification" not in ani.browser.get(f"/tickets/{siti.code}").text
