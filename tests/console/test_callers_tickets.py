"""One caller, several tickets: who is kept from one learns nothing of it by another."""

from __future__ import annotations

import httpx2
import pytest
import sqlalchemy as sa

from hotline.staff import Role
from hotline.tickets import Urgency
from store import (
    db,
    escalation,
    news,
    ticket_bars,
    ticket_links,
    ticket_release,
    ticket_work,
    tickets,
)
from store import staff as accounts
from store.conversations import give_back
from store.tables import conversations
from store.tables import tickets as table
from store.ticket_changes import flag_conflict
from tests.console.conftest import Office, Person, Report
from tests.console.test_conflicts import WHY, hide, id_of, sees
from tests.console.test_links import link_of

OLD, HIDDEN = "dulu saya bertanya soal gaji", "kepala dinas tenaga kerja menyekap saya"


def two(office: Office, *, region: str = "5371", first: str = "5371") -> tuple[Report, Report]:
    """Let a caller write again, a day after her first ticket was closed."""
    old = office.report(OLD, region=first)
    with db.write(office.vault.engine) as connection:
        connection.execute(sa.update(table).where(table.c.id == old.id).values(state="closed"))
    office.clock.advance(86400)
    new = office.report(HIDDEN, region=region, urgency=Urgency.CRITICAL)
    assert (new.id != old.id, new.conversation) == (True, old.conversation)
    return old, new


def flag(office: Office, report: Report) -> None:
    with db.write(office.vault.engine) as connection:
        flag_conflict(connection, report.id, message_id=report.message, now=office.clock())


def row_of(office: Office, report: Report) -> sa.Row[tuple[object, ...]]:
    with db.read(office.vault.engine) as connection:
        return connection.execute(sa.select(table).where(table.c.id == report.id)).one()


def work_of(office: Office, report: Report) -> ticket_work.Work:
    with db.read(office.vault.engine) as connection:
        return ticket_work.work_of(connection, report.id)


def reply(person: Person, report: Report, text: str = "Kami di sini.") -> httpx2.Response:
    form = {"to": report.conversation, "text": text, "mark": person.login}
    return person.post(f"/tickets/{report.code}/reply", **form)


@pytest.mark.parametrize("how", ["conflict", "level:5371", "kota"])
def test_who_is_kept_from_one_of_her_tickets_knows_of_none(office: Office, how: str) -> None:
    """Not the older ticket, its words, files or number, and no answer by it."""
    old, new = two(office)
    kota = office.hire("kota", Role.RESPONDER, region="5371")
    nas = office.hire("nas", Role.SUPERVISOR)
    assert sees(kota, old)
    if how == "conflict":
        flag(office, new)
    else:
        named = f"person:{id_of(office, 'kota')}" if how == "kota" else how
        assert hide(nas, new, named) == 303
    assert not sees(kota, old)
    assert not sees(kota, new)
    assert reply(kota, old).status_code == 404
    asked = kota.post(f"/tickets/{old.code}/reveal", reason="mau menelepon")
    assert asked.status_code == 404
    assert row_of(office, new).state == "new"
    assert office.sent(new) == []
    assert sees(nas, old)
    assert sees(nas, new)


def test_a_later_ticket_is_hidden_too(office: Office) -> None:
    """The bar on a ticket that is over holds for what she tells afterwards."""
    old, new = two(office)
    nas = office.hire("nas", Role.SUPERVISOR)
    kota = office.hire("kota", Role.RESPONDER, region="5371")
    assert hide(nas, old, "level:5371") == 303
    assert not sees(kota, new)
    counted = kota.browser.get("/tickets").text
    assert new.code not in counted
    assert sees(nas, new)
    other = office.report("lain", region="5371", address="+60123000009")
    assert sees(kota, other)


def test_a_merged_caller_without_conversation_is_hidden(office: Office) -> None:
    """Somebody came to an office: her ticket has no conversation and was merged into another."""
    nas = office.hire("nas", Role.SUPERVISOR)
    kota = office.hire("kota", Role.RESPONDER, region="5371")
    siti, budi = (office.report(region="5371", address=f"+6012300000{n}") for n in (1, 2))
    with db.write(office.vault.engine) as connection:
        connection.execute(sa.text("delete from ticket_conversations where ticket_id=:id"),
                           {"id": siti.id})  # fmt: skip
        [by] = [p for p, _, _ in accounts.everybody(connection) if p.login == "nas"]
        ticket_links.merge(connection, siti.id, budi.id, by=by, now=office.clock())
    assert sees(kota, budi)
    with db.write(office.vault.engine) as connection:
        ticket_bars.write(connection, siti.id, {ticket_bars.level("5371")})
    assert not sees(kota, budi)
    assert sees(nas, budi)


def test_what_was_told_on_a_ticket_elsewhere_is_not_shown(office: Office) -> None:
    """Out of sight by scope alone: the old one stays, with what was told until then."""
    old, new = two(office, region="3578")
    kota = office.hire("kota", Role.RESPONDER, region="5371")
    jatim = office.hire("jatim", Role.RESPONDER, region="3578")
    page = kota.browser.get(f"/tickets/{old.code}").text
    assert OLD in page
    assert HIDDEN not in page
    assert new.code not in page
    asked = kota.post(f"/tickets/{old.code}/reveal", reason="mau menelepon")
    assert "+60123000001" not in asked.text
    meaning = kota.browser.get(f"/tickets/{old.code}/messages/{new.message}/meaning")
    assert meaning.status_code == 404
    page = jatim.browser.get(f"/tickets/{new.code}").text
    assert OLD in page  # who works with her now reads all of it
    assert HIDDEN in page
    asked = jatim.post(f"/tickets/{new.code}/reveal", reason="mau menelepon")
    assert "+60123000001" in asked.text


def test_a_reply_counts_on_a_ticket_its_author_sees(office: Office) -> None:
    """One from elsewhere stops neither alarm nor deadline."""
    old, new = two(office, region="3578")
    kota = office.hire("kota", Role.RESPONDER, region="5371")
    jatim = office.hire("jatim", Role.RESPONDER, region="3578")
    with db.read(office.vault.engine) as connection:
        before = [id_ for id_, _ in escalation.untold(connection, now=office.clock())]
    assert reply(kota, old, "Sudah selesai.").status_code == 303
    assert row_of(office, new).state == "new"
    assert work_of(office, new).first_answer_at is None
    with db.read(office.vault.engine) as connection:
        after = [id_ for id_, _ in escalation.untold(connection, now=office.clock())]
    assert new.id in before
    assert before == after
    with db.write(office.vault.engine) as connection:
        give_back(connection, new.conversation)
    assert reply(jatim, new).status_code == 303
    assert row_of(office, new).state == "triaged"
    assert work_of(office, new).first_answer_at is not None


def test_the_conflict_takes_the_ticket_from_who_holds_it(office: Office) -> None:
    """Answered once and held: nobody's again, with a new deadline, rung and told anew."""
    siti = office.report(region="5371", urgency=Urgency.CRITICAL)
    kota = office.hire("kota", Role.RESPONDER, region="5371")
    nas = office.hire("nas", Role.SUPERVISOR)
    kota.post(f"/tickets/{siti.code}/take")
    assert reply(kota, siti).status_code == 303
    office.clock.advance(1)
    flag(office, siti)
    held = work_of(office, siti)
    assert (held.staff_id, held.unit) == (None, "")
    assert held.next_response_due is not None
    assert held.next_response_due > office.clock()
    with db.read(office.vault.engine) as connection:
        assert siti.code in [one.code for one in news.alarming(connection, office.clock())]
        assert siti.id in [id_ for id_, _ in escalation.untold(connection, now=office.clock())]
        claimed = connection.execute(sa.select(conversations.c.claimed_by)).scalar()
    assert claimed is None
    assert siti.code in nas.browser.get("/tickets?view=unassigned").text
    assert reply(nas, siti).status_code == 303
    assert kota.browser.get(f"/tickets/{siti.code}").status_code == 404


def test_a_conflict_takes_her_other_tickets_too(office: Office) -> None:
    """Also one that is open beside the hidden one."""
    old, new = two(office)
    kota = office.hire("kota", Role.RESPONDER, region="5371")
    with db.write(office.vault.engine) as connection:
        connection.execute(sa.update(table).where(table.c.id == old.id).values(state="triaged"))
    kota.post(f"/tickets/{old.code}/take")
    flag(office, new)
    assert work_of(office, old).staff_id is None


def test_a_merge_takes_the_ticket_from_a_barred_holder(office: Office) -> None:
    """The one that speaks for both is as hidden as the other was."""
    budi = office.report("a", region="5371")
    siti = office.report("b", region="5371", address="+628222222222", urgency=Urgency.CRITICAL)
    kota = office.hire("kota", Role.RESPONDER, region="5371")
    nas = office.hire("nas", Role.SUPERVISOR)
    kota.post(f"/tickets/{budi.code}/take")
    flag(office, siti)
    assert nas.post(f"/tickets/{siti.code}/merge", other=budi.code).status_code == 303
    assert work_of(office, budi).staff_id is None
    assert not sees(kota, budi)


def test_a_shut_account_holds_nothing(office: Office) -> None:
    """Its open tickets ring for the others; what is over stays as it was."""
    siti = office.report(region="5371", urgency=Urgency.CRITICAL)
    budi = office.report("b", region="5371", address="+628222222222")
    kota = office.hire("kota", Role.RESPONDER, region="5371")
    for one in (siti, budi):
        kota.post(f"/tickets/{one.code}/take")
    assert kota.post(f"/tickets/{siti.code}/claim", to=siti.conversation).status_code == 303
    with db.write(office.vault.engine) as connection:
        connection.execute(sa.update(table).where(table.c.id == budi.id).values(state="closed"))
        accounts.set_active(connection, "kota", active=False, now=office.clock())
        claimed = connection.execute(sa.select(conversations.c.claimed_by)).scalars().all()
    assert set(claimed) == {None}
    assert work_of(office, siti).staff_id is None
    assert work_of(office, budi).staff_id == id_of(office, "kota")
    with db.read(office.vault.engine) as connection:
        assert siti.id in [id_ for id_, _ in escalation.untold(connection, now=office.clock())]


def test_who_sees_it_keeps_it(office: Office) -> None:
    """Nothing is taken from who is not involved."""
    siti = office.report(region="5371")
    prov = office.hire("prov", Role.RESPONDER, region="53")
    prov.post(f"/tickets/{siti.code}/take")
    due = row_of(office, siti).first_response_due
    office.clock.advance(60)
    flag(office, siti)
    with db.write(office.vault.engine) as connection:
        ticket_release.from_who_cannot_see(connection, siti.id, actor="bot", now=office.clock())
    assert work_of(office, siti).staff_id == id_of(office, "prov")
    assert row_of(office, siti).first_response_due == due


def test_no_ticket_is_given_to_who_is_kept_from_it(office: Office) -> None:
    """By name as well as by place; somebody from elsewhere can be given one."""
    siti = office.report(region="5371")
    office.hire("kota", Role.RESPONDER, region="5371")
    office.hire("jatim", Role.RESPONDER, region="35")
    nas, nasdua = (office.hire(name, Role.SUPERVISOR) for name in ("nas", "nasdua"))
    assert nas.post(f"/tickets/{siti.code}/assign", to="kota").status_code == 303
    assert hide(nas, siti, f"person:{id_of(office, 'kota')}") == 303
    assert nasdua.post(f"/tickets/{siti.code}/assign", to="kota").status_code == 409
    form = {"work": "assign", "code": siti.code, "to": "kota"}
    assert "konflik kepentingan" in nasdua.post("/bulk", **form).text
    assert work_of(office, siti).staff_id is None
    assert nasdua.post(f"/tickets/{siti.code}/assign", to="jatim").status_code == 303


def test_a_colleagues_ticket_is_taken_by_who_may_assign(office: Office) -> None:
    """Whatever the form says about who had it."""
    siti = office.report(region="5371")
    kota, rekan = (office.hire(name, Role.RESPONDER, region="5371") for name in ("kota", "rekan"))
    prov = office.hire("prov", Role.SUPERVISOR, region="53")
    path = f"/tickets/{siti.code}/take"
    assert kota.post(path).status_code == 303
    had = {"had": id_of(office, "kota")}
    assert 'id="take"' not in rekan.browser.get(f"/tickets/{siti.code}").text
    assert rekan.post(path, **had).status_code == 409
    assert work_of(office, siti).staff_id == id_of(office, "kota")
    assert 'id="take"' in prov.browser.get(f"/tickets/{siti.code}").text
    assert prov.post(path, **had).status_code == 303


def test_a_conflict_is_not_moved_aside_by_the_regions(office: Office) -> None:
    """Only who stands above it lets others see the ticket by another origin."""
    siti = office.report(region="5371")
    kota, prov = (
        office.hire(name, Role.RESPONDER, region=region, unit="uptd-ppa-53")
        for name, region in (("kota", "5371"), ("prov", "53"))
    )
    nas = office.hire("nas", Role.SUPERVISOR)
    flag(office, siti)
    prov.post(f"/tickets/{siti.code}/take")
    path = f"/tickets/{siti.code}/regions"
    assert prov.post(path, part="origin", names="Kabupaten Kupang").status_code == 409
    assert not sees(kota, siti)
    assert prov.post(path, part="transit", names="Surabaya").status_code == 303
    assert nas.post(path, part="origin", names="Kabupaten Kupang").status_code == 303
    assert sees(kota, siti)


def test_a_conflict_without_place_can_be_placed(office: Office) -> None:
    """Where nobody knew it the nation alone sees it: to say where she is from is no lifting."""
    siti = office.report()
    flag(office, siti)
    bantu = office.hire("bantu", Role.RESPONDER)
    path = f"/tickets/{siti.code}/regions"
    assert bantu.post(path, part="origin", names="Kota Kupang").status_code == 303
    prov = office.hire("prov", Role.RESPONDER, region="53")
    kota = office.hire("kota", Role.RESPONDER, region="5371")
    assert (sees(prov, siti), sees(kota, siti)) == (True, False)


def test_parting_lifts_nothing(office: Office) -> None:
    """A data officer who may not lift a bar does not lift it by parting the tickets either."""
    budi = office.report("a", region="5371")
    siti = office.report("b", region="5371", address="+628222222222")
    kota = office.hire("kota", Role.RESPONDER, region="5371")
    bantu = office.hire("bantu", Role.RESPONDER)
    nas, data = office.hire("nas", Role.SUPERVISOR), office.hire("data", Role.DATA_OFFICER)
    assert hide(nas, siti, "level:5371") == 303
    assert nas.post(f"/tickets/{siti.code}/merge", other=budi.code).status_code == 303
    assert hide(nas, budi, f"person:{id_of(office, 'bantu')}") == 303
    link = link_of(data.browser.get(f"/tickets/{budi.code}/links").text)
    assert data.post(f"/tickets/{budi.code}/unmerge", link=link).status_code == 303
    for one in (siti, budi):
        assert not sees(kota, one)
        assert not sees(bantu, one)
    lifted = nas.post(f"/tickets/{budi.code}/conflict/lift", of="level:5371", reason=WHY)
    assert lifted.status_code == 303
    assert sees(kota, budi)
    assert not sees(kota, siti)


def test_a_conflict_of_place_stays_on_both(office: Office) -> None:
    """Also where the other ticket is from elsewhere."""
    budi = office.report("a", region="3578")
    siti = office.report("b", region="5371", address="+628222222222")
    kota = office.hire("kota", Role.RESPONDER, region="5371", unit="uptd-ppa-53")
    office.hire("surya", Role.RESPONDER, region="3578", unit="uptd-ppa-53")
    nas = office.hire("nas", Role.SUPERVISOR)
    flag(office, siti)
    assert nas.post(f"/tickets/{siti.code}/merge", other=budi.code).status_code == 303
    link = link_of(nas.browser.get(f"/tickets/{siti.code}/links").text)
    assert nas.post(f"/tickets/{siti.code}/unmerge", link=link).status_code == 303
    nas.post(f"/tickets/{budi.code}/assign", to="surya")
    assert not sees(kota, budi)
    assert not sees(kota, siti)


def test_a_tie_to_a_hidden_ticket_is_none(office: Office) -> None:
    """It is not cut by its number, and the history names no code."""
    siti = office.report(region="5371")
    budi = office.report("y", region="5371", address="+628222222222")
    nas = office.hire("nas", Role.SUPERVISOR)
    kota = office.hire("kota", Role.SUPERVISOR, region="5371")
    assert nas.post(f"/tickets/{siti.code}/link", other=budi.code).status_code == 303
    form = {"to": "duplicate_of", "other": budi.code, "reason": "orang yang sama"}
    nas.post(f"/tickets/{siti.code}/clear", **form)
    assert budi.code in kota.browser.get(f"/tickets/{siti.code}/verification").text
    link = link_of(kota.browser.get(f"/tickets/{siti.code}/links").text)
    flag(office, budi)
    assert kota.post(f"/tickets/{siti.code}/unlink", link=link).status_code == 409
    assert budi.code not in kota.browser.get(f"/tickets/{siti.code}/verification").text
    assert budi.code in nas.browser.get(f"/tickets/{siti.code}/verification").text
    assert nas.post(f"/tickets/{siti.code}/unlink", link=link).status_code == 303


def test_a_key_from_elsewhere_takes_the_other_ticket_along(office: Office) -> None:
    """She comes back to the hidden ticket from a phone whose own ticket somebody there holds."""
    kota = office.hire("kota", Role.RESPONDER, region="5371")
    siti = office.report(region="5371")
    other = office.report(region="5371", address="+60123000009")
    flag(office, siti)
    kota.post(f"/tickets/{other.code}/take")
    with db.write(office.vault.engine) as connection:
        tickets.join(connection, siti.id, other.conversation, now=office.clock())
    assert work_of(office, other).staff_id is None
    assert not sees(kota, other)
