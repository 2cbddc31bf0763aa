"""What a responder writes down about ways and hours is obeyed, and what is damaged is marked."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from hotline.staff import Role
from store import contact_rules, db
from store.tables import ticket_facts
from store.victim_tables import victim_versions
from tests.console.conftest import Office, Report
from tests.fakes import BUDI

DAMAGED = b"\x01\x04dead" + b"x" * 40
FORBIDDEN = "JANGAN menulis lebih dulu."
WHOSE_CLOCK = "JAM SIAPA BELUM JELAS."


def rules(office: Office, one: Report) -> dict[str, object]:
    with db.read(office.vault.engine) as connection:
        return contact_rules.read(connection, office.vault.keyring, one.conversation)


def damage(office: Office, *, fields: tuple[str, ...]) -> None:
    with db.write(office.vault.engine) as connection:
        mine = ticket_facts.c.field.in_(fields)
        connection.execute(sa.update(ticket_facts).where(mine).values(value_sealed=DAMAGED))


@pytest.mark.parametrize("words", ["do_not_write", "jangan ditulisi dulu, majikan pegang HP"])
def test_a_rule_that_a_responder_writes_down_is_in_force_at_once(
    office: Office, words: str
) -> None:
    """Her sister rang up: the next reply waits, and the page says why."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    ani.post(f"/tickets/{siti.code}/facts", field="contact_rule", value=words)
    assert rules(office, siti)["do_not_write"] is True
    page = ani.browser.get(f"/tickets/{siti.code}").text
    assert FORBIDDEN in page
    assert "majikan pegang HP" in page or words == "do_not_write"


def test_a_rule_about_something_else_forbids_no_message(office: Office) -> None:
    """It stands in the box, as a rule of its own."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    ani.post(f"/tickets/{siti.code}/facts", field="contact_rule", value="jangan telepon, WA saja")
    assert (rules(office, siti)["never_call"], rules(office, siti)["do_not_write"]) == (True, False)
    assert "JANGAN menelepon." in ani.browser.get(f"/tickets/{siti.code}").text


def test_the_page_says_that_nobody_knows_whose_clock_it_is(office: Office) -> None:
    """And the zone, written down with the hours, ends it."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report(address="+6281200001111")
    office.fact(siti, "who", "teman saya")
    office.fact(siti, "country", "SA")
    ani.post(f"/tickets/{siti.code}/facts", field="safe_time", value="jam 9 malam")
    assert rules(office, siti)["unclear"] is True
    assert WHOSE_CLOCK in ani.browser.get(f"/tickets/{siti.code}").text
    ani.post(f"/tickets/{siti.code}/facts", field="safe_time", value="jam 9 malam WIB")
    assert rules(office, siti)["unclear"] is False
    assert WHOSE_CLOCK not in ani.browser.get(f"/tickets/{siti.code}").text


def test_what_was_written_on_a_merged_ticket_holds_at_once(office: Office) -> None:
    """The sister's call was a ticket of its own."""
    ani, rini = office.hire("ani", Role.RESPONDER), office.hire("rini", Role.DATA_OFFICER)
    siti, sister = office.report(), office.report("adik saya diawasi", address=BUDI)
    ani.post(f"/tickets/{sister.code}/facts", field="contact_rule", value="do_not_write")
    assert not rules(office, siti).get("do_not_write")
    merged = rini.post(f"/tickets/{sister.code}/merge", other=siti.code)
    assert merged.status_code == 303
    assert rules(office, siti)["do_not_write"] is True


def test_a_damaged_fact_is_marked_and_hides_nothing_else(office: Office) -> None:
    """On its page, in a search and among tickets alike."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    budi = office.report("cerita Budi", address=BUDI)
    for field, value in (("story", "agen Tono"), ("recruiter", "PT Maju")):
        office.fact(budi, field, value)
    office.fact(siti, "where", "Johor")
    office.fact(siti, "recruiter", "PT Maju")
    damage(office, fields=("where",))
    page = ani.browser.get(f"/tickets/{siti.code}")
    assert page.status_code == 200
    assert "Rusak, tidak dapat dibaca; tulis ulang bila diketahui: Di mana" in page.text
    assert budi.code in ani.post("/search", q="tono").text
    assert budi.code in ani.browser.get(f"/tickets/{siti.code}/links").text


def test_a_damaged_person_is_marked_and_hides_nobody(office: Office) -> None:
    """Also not from a search."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    budi = office.report("cerita Budi", address=BUDI)
    office.fact(budi, "story", "agen Tono")
    ani.post(f"/tickets/{siti.code}/victims", name="Siti")
    with db.write(office.vault.engine) as connection:
        connection.execute(sa.update(victim_versions).values(details_sealed=DAMAGED))
    assert "rusak, tidak dapat dibaca" in ani.browser.get(f"/tickets/{siti.code}").text
    assert budi.code in ani.post("/search", q="tono").text


def test_a_reply_obeys_what_stands_on_the_ticket_however_it_came_there(office: Office) -> None:
    """Also what was written down before it was read."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    office.fact(siti, "contact_rule", "do_not_write: jangan")
    assert rules(office, siti) == {}
    ani.post(f"/tickets/{siti.code}/reply", text="Kami teruskan", to=siti.conversation)
    assert rules(office, siti)["do_not_write"] is True
