"""Tickets that belong together: found, linked, merged with all their messages, and parted."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from hotline.errors import Refused, WrongMove
from hotline.staff import Role
from hotline.tickets import Clearing, State, Urgency
from store import conversations, db, similar, ticket_links, tickets
from store import staff as accounts
from store.console_tables import referrals, staff, ticket_work
from store.similar import Marks, alike
from store.tables import tickets as ticket_table
from store.ticket_changes import flag_conflict, set_anonymous
from store.ticket_events import broken_line
from tests.console.conftest import Office, Report
from tests.fakes import BUDI, SITI

STORY = "saya disekap majikan di rumah lantai tiga paspor diambil agen"


def marks(**facts: str) -> Marks:
    one = Marks()
    for name, value in facts.items():
        one.take(name, value)
    return one


@pytest.mark.parametrize(
    ("one", "two", "why"),
    [
        ({"phone": "0812-3456-7890"}, {"story": "calonya di +62 812 3456 7890"}, ["phone"]),
        (
            {"story": "saya transfer ke rek BRI 0123 4567 8901 234"},
            {"evidence": "bukti transfer rekening 012345678901234"},
            ["account"],
        ),
        ({"recruiter": "PT. Maju Jaya Abadi"}, {"recruiter": "maju jaya abadi pt"}, ["recruiter"]),
        ({"licence_no": "81201-1419"}, {"licence_no": "812011419"}, ["licence"]),
        (
            {"story": STORY, "country": "MY"},
            {"story": "paspor diambil agen, saya disekap di rumah majikan lantai 3", "where": "MY"},
            ["story"],
        ),
        ({"story": STORY, "country": "MY"}, {"story": STORY, "country": "SA"}, []),
        (
            {"story": STORY, "country": "MY"},
            {"story": "gaji saya tiga bulan belum dibayar, mau pulang kampung", "country": "MY"},
            [],
        ),
        ({"recruiter": "PT Maju Jaya"}, {"recruiter": "PT Sumber Rejeki"}, []),
        ({"recruiter": "PT"}, {"recruiter": "pt"}, []),
    ],
)
def test_what_makes_two_tickets_alike(
    one: dict[str, str], two: dict[str, str], why: list[str]
) -> None:
    """Numbers in any spelling, firms without their legal form, the same story in one place."""
    assert alike(marks(**one), marks(**two)) == why
    assert alike(marks(**two), marks(**one)) == why


def found(office: Office, login: str, report: Report) -> dict[str, tuple[str, ...]]:
    with db.read(office.vault.engine) as connection:
        account = accounts.account(connection, office.vault.keyring, login)
        assert account is not None
        result = similar.similar(connection, office.vault.keyring, account.staff, report.id)
    return {one.code: one.reasons for one in result.tickets}


def test_a_callers_own_number_told_by_another_is_found_within_ones_scope(office: Office) -> None:
    """The number is an address here and a fact there; another region's ticket stays unknown."""
    office.hire("ani", Role.RESPONDER, log_in=False)
    office.hire("east", Role.RESPONDER, region="35", log_in=False)
    office.hire("west", Role.RESPONDER, region="53", log_in=False)
    siti = office.report(region="35")
    budi = office.report(address=BUDI, region="53")
    office.fact(budi, "phone", SITI)
    assert found(office, "ani", budi) == {siti.code: ("phone",)}
    assert found(office, "ani", siti) == {budi.code: ("phone",)}
    assert found(office, "east", siti) == {}
    assert found(office, "west", budi) == {}


def state_of(office: Office, report: Report) -> str:
    with db.read(office.vault.engine) as connection:
        query = sa.select(ticket_table.c.state).where(ticket_table.c.id == report.id)
        return str(connection.execute(query).scalar_one())


def callers(office: Office, report: Report) -> list[str]:
    with db.read(office.vault.engine) as connection:
        return [id_ for id_, _ in tickets.conversations_of(connection, report.id)]


def link_of(page: str) -> str:
    return page.split('name="link" value="', 1)[1].split('"', 1)[0]


def test_a_merge_joins_the_callers_and_parting_restores_them(office: Office) -> None:
    """Messages of both stand in the target, later ones go there, and back after the parting."""
    ani = office.hire("ani", Role.DATA_OFFICER)
    siti = office.report("paspor saya diambil", region="35")
    budi = office.report("adik saya disekap", address=BUDI, region="53", urgency=Urgency.CRITICAL)
    assert ani.post(f"/tickets/{budi.code}/merge", other=siti.code).status_code == 303
    assert state_of(office, budi) == State.MERGED
    page = ani.browser.get(f"/tickets/{siti.code}").text
    assert "paspor saya diambil" in page
    assert "adik saya disekap" in page
    assert "Gawat" in page, "the danger of either holds for both"
    assert siti.code in ani.browser.get(f"/tickets/{budi.code}/links").text
    links = ani.browser.get(f"/tickets/{siti.code}/links").text
    assert budi.code in links
    office.clock.advance(60)
    again = office.report("dia masih disekap", address=BUDI)
    assert again.id == siti.id, "what he writes later is about the target"
    with db.read(office.vault.engine) as connection:
        assert conversations.reply_conversation(connection, siti.id) == siti.conversation, (
            "replies still go to her and not to whoever wrote last"
        )
    parted = ani.post(f"/tickets/{siti.code}/unmerge", link=link_of(links))
    assert parted.status_code == 303
    assert state_of(office, budi) == State.TRIAGED
    assert callers(office, siti) == [siti.conversation]
    assert callers(office, budi) == [budi.conversation]
    assert office.report("bagaimana adik saya", address=BUDI).id == budi.id
    with db.read(office.vault.engine) as connection:
        for report in (siti, budi):
            assert broken_line(connection, report.id) is None
        row = connection.execute(
            sa.select(ticket_work.c.merged_into).where(ticket_work.c.ticket_id == budi.id)
        ).scalar_one()
        assert row is None
    assert office.logged("tickets_merged") == office.logged("tickets_parted") == 1


def test_what_protects_one_caller_protects_both(office: Office) -> None:
    """Conflict of interest and anonymity go over to the target, and stay."""
    ani = office.hire("ani", Role.SUPERVISOR)
    near = office.hire("near", Role.RESPONDER, region="5371")
    siti, budi = office.report(region="35"), office.report(address=BUDI, region="5371")
    with db.write(office.vault.engine) as connection:
        flag_conflict(connection, budi.id, message_id=None, now=office.clock())
        set_anonymous(connection, budi.id, anonymous=True)
    assert ani.post(f"/tickets/{budi.code}/merge", other=siti.code).status_code == 303
    with db.read(office.vault.engine) as connection:
        [ticket] = tickets.all_tickets(connection, office.vault.keyring, code=siti.code)
    assert ticket.conflict_of_interest
    assert ticket.anonymous
    assert near.browser.get(f"/tickets/{siti.code}").status_code == 404
    assert near.browser.get(f"/tickets/{siti.code}/links").status_code == 404


def test_two_who_merge_crosswise_at_once_do_not_lose_both(office: Office) -> None:
    """One of them wins, the other is told so; nobody's ticket vanishes into the other's."""
    office.hire("ani", Role.SUPERVISOR, log_in=False)
    siti, budi = office.report(), office.report(address=BUDI)
    with db.read(office.vault.engine) as connection:
        account = accounts.account(connection, office.vault.keyring, "ani")
    assert account is not None
    start, outcomes = threading.Barrier(2), []

    def merge(source: int, target: int) -> None:
        start.wait()
        try:
            with db.write(office.vault.engine) as connection:
                ticket_links.merge(connection, source, target, by=account.staff, now=office.clock())
            outcomes.append("done")
        except (Refused, WrongMove):
            outcomes.append("refused")

    threads = [
        threading.Thread(target=merge, args=pair)
        for pair in ((siti.id, budi.id), (budi.id, siti.id))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(outcomes) == ["done", "refused"]
    assert sorted([state_of(office, siti), state_of(office, budi)]) == ["merged", "new"]


def test_merges_that_would_lose_sight_of_somebody_are_refused(office: Office) -> None:
    """Into itself, into a merged one, of one that speaks for others or is with a unit."""
    ani = office.hire("ani", Role.SUPERVISOR)
    siti, budi = office.report(), office.report(address=BUDI)
    wati = office.report(address="+6281200000003")
    assert ani.post(f"/tickets/{siti.code}/merge", other=siti.code).status_code == 409
    assert ani.post(f"/tickets/{siti.code}/merge", other="SR-XXXX-XX").status_code == 409
    with db.write(office.vault.engine) as connection:
        who = connection.execute(sa.select(staff.c.id)).scalar_one()
        connection.execute(
            sa.insert(referrals),
            {"ticket_id": wati.id, "staff_id": who, "unit": "x", "service": "s", "state": "waiting",
             "request_sealed": b"", "fields": [], "consent": "given", "at": 0.0},
        )  # fmt: skip
    assert ani.post(f"/tickets/{wati.code}/merge", other=siti.code).status_code == 409
    assert ani.post(f"/tickets/{budi.code}/merge", other=siti.code).status_code == 303
    assert ani.post(f"/tickets/{wati.code}/merge", other=budi.code).status_code == 409
    assert ani.post(f"/tickets/{siti.code}/merge", other=wati.code).status_code == 409
    assert state_of(office, siti) == State.NEW


def test_a_link_is_made_and_taken_back(office: Office) -> None:
    """A responder may tie; only who verifies may merge; another region's ticket is not found."""
    ani = office.hire("ani", Role.RESPONDER)
    east = office.hire("east", Role.SUPERVISOR, region="35")
    siti, budi = office.report(region="35"), office.report(address=BUDI, region="53")
    assert ani.post(f"/tickets/{siti.code}/merge", other=budi.code).status_code == 403
    assert east.post(f"/tickets/{siti.code}/merge", other=budi.code).status_code == 409
    assert east.post(f"/tickets/{siti.code}/link", other=budi.code).status_code == 409
    assert ani.post(f"/tickets/{siti.code}/link", other=budi.code.lower()).status_code == 303
    assert ani.post(f"/tickets/{siti.code}/link", other=budi.code).status_code == 409
    page = ani.browser.get(f"/tickets/{budi.code}/links").text
    assert siti.code in page
    assert budi.code not in east.browser.get(f"/tickets/{siti.code}/links").text
    elsewhere = office.report(address="+6281200000003")
    undo = f"/tickets/{elsewhere.code}/unlink"
    assert ani.post(undo, link=link_of(page)).status_code == 409, "not this ticket's tie"
    assert ani.post(f"/tickets/{budi.code}/unlink", link=link_of(page)).status_code == 303
    assert "Pisahkan lagi" not in ani.browser.get(f"/tickets/{siti.code}/links").text


def test_a_merged_ticket_is_cleared_as_merged(office: Office) -> None:
    """And uncleared again after the parting, for a data officer to decide."""
    ani = office.hire("ani", Role.DATA_OFFICER)
    siti, budi = office.report(), office.report(address=BUDI)
    ani.post(f"/tickets/{budi.code}/merge", other=siti.code)

    def clearing() -> str:
        with db.read(office.vault.engine) as connection:
            query = sa.select(ticket_table.c.clearing).where(ticket_table.c.id == budi.id)
            return str(connection.execute(query).scalar_one())

    assert clearing() == Clearing.MERGED
    assert ani.post(f"/tickets/{budi.code}/clear", to="unique").status_code == 409
    page = ani.browser.get(f"/tickets/{budi.code}/links").text
    ani.post(f"/tickets/{budi.code}/unmerge", link=link_of(page))
    assert clearing() == Clearing.UNCLEARED
