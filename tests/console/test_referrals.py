"""Referrals: consent, what goes along, who sees what, and how the ticket is handed over."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from hotline.errors import Refused, WrongMove
from hotline.referrals import Consent, ReferralState, check_consent, check_move, going_along
from hotline.staff import Role
from hotline.tickets import State, Urgency
from store import db
from store.console_tables import referrals
from store.tables import tickets
from store.ticket_changes import flag_conflict, set_anonymous
from store.ticket_events import broken_line
from tests.console.conftest import Office, Person, Report

UNIT = "uptd-ppa"


def state_of(office: Office, report: Report) -> str:
    with db.read(office.vault.engine) as connection:
        query = sa.select(tickets.c.state).where(tickets.c.id == report.id)
        return str(connection.execute(query).scalar_one())


def ask(person: Person, report: Report, **changes: object) -> int:
    """Ask a unit and give the answer's status."""
    form: dict[str, object] = {
        "unit": UNIT, "service": "shelter", "request": "Mohon tempat singgah untuk Siti",
        "consent": "given", "fields": ["story"], "days": "3",
    }  # fmt: skip
    return person.post(f"/tickets/{report.code}/referrals", **{**form, **changes}).status_code


def newest(office: Office) -> int:
    with db.read(office.vault.engine) as connection:
        return int(connection.execute(sa.select(sa.func.max(referrals.c.id))).scalar_one())


@pytest.fixture
def siti(office: Office) -> Report:
    """Give a report with facts, from Kupang."""
    report = office.report(region="5371")
    office.fact(report, "story", "dikurung majikan di Johor")
    office.fact(report, "phone", "+60123999888")
    office.fact(report, "occupation", "pengasuh")
    office.fact(report, "contact_rule", "never_call")
    return report


def test_every_move_is_in_the_table() -> None:
    """And an end is an end."""
    allowed = {
        ("waiting", "accepted"), ("waiting", "refused"), ("waiting", "taken_back"),
        ("accepted", "completed"), ("accepted", "taken_back"),
    }  # fmt: skip
    for current in ReferralState:
        for wanted in ReferralState:
            if (current, wanted) in allowed:
                check_move(current, wanted, "karena penuh")
            else:
                with pytest.raises(WrongMove):
                    check_move(current, wanted, "karena penuh")


@pytest.mark.parametrize(
    ("consent", "reason", "urgency", "minor", "allowed"),
    [
        (Consent.GIVEN, "", Urgency.NORMAL, "no", True),
        (Consent.NOT_ASKED, "tidak sempat bertanya", Urgency.HIGH, "no", False),
        (Consent.REFUSED, "menurut kami perlu", Urgency.NORMAL, "no", False),
        (Consent.REFUSED, "anak berumur 15", Urgency.NORMAL, "yes", True),
        (Consent.NOT_ASKED, "nyawa terancam", Urgency.CRITICAL, "no", True),
        (Consent.NOT_ASKED, " ", Urgency.CRITICAL, "yes", False),
    ],
)
def test_without_consent_only_a_child_or_a_life_in_danger(
    consent: Consent, reason: str, urgency: Urgency, minor: str, *, allowed: bool
) -> None:
    """And never without a reason."""
    if allowed:
        check_consent(consent, reason, urgency=urgency, known={"is_minor": minor})
    else:
        with pytest.raises(Refused):
            check_consent(consent, reason, urgency=urgency, known={"is_minor": minor})


def test_what_protects_her_goes_along_and_an_anonymous_number_does_not() -> None:
    """Whatever was ticked."""
    known = ["story", "phone", "safe_time", "contact_rule", "location"]
    assert going_along(["phone"], known, anonymous=False) == ("phone", "safe_time", "contact_rule")
    chosen = ["phone", "location", "shared_contact", "story", "made_up"]
    assert going_along(chosen, known, anonymous=True) == ("story", "safe_time", "contact_rule")


def test_a_unit_reads_what_goes_along_and_the_ticket_once_it_accepts(
    office: Office, siti: Report
) -> None:
    """The whole way: asked, read, accepted, completed; each step in both logs."""
    ani = office.hire("ani", Role.RESPONDER, region="53")
    dewi = office.hire("dewi", Role.RESPONDER, region="35", unit=UNIT)
    assert "JANGAN menelepon." in ani.browser.get(f"/tickets/{siti.code}/referrals").text
    assert ask(ani, siti, fields=["story", "phone"]) == 303
    one = newest(office)
    page = dewi.browser.get(f"/referrals/{one}").text
    assert "dikurung majikan di Johor" in page
    assert "Mohon tempat singgah" in page
    assert "JANGAN menelepon." in page
    assert "pengasuh" not in page, "this fact does not go along"
    assert "60123999888" not in page, "a number is masked"
    assert siti.code in dewi.browser.get("/referrals").text
    assert dewi.browser.get(f"/tickets/{siti.code}").status_code == 404
    assert siti.code not in dewi.browser.get("/tickets").text
    assert dewi.post(f"/referrals/{one}", to="accepted").status_code == 303
    assert state_of(office, siti) == State.REFERRED
    assert dewi.browser.get(f"/tickets/{siti.code}").status_code == 200
    assert dewi.post(f"/referrals/{one}", to="completed", reason="sudah di rumah aman").is_redirect
    assert state_of(office, siti) == State.IN_PROGRESS, "it is again the work of who asked"
    assert dewi.browser.get(f"/tickets/{siti.code}").status_code == 404
    page = dewi.browser.get(f"/referrals/{one}").text
    assert "dikurung majikan di Johor" not in page
    assert "sudah di rumah aman" in ani.browser.get(f"/referrals/{one}").text
    for action in ("referral_asked", "referral_accepted", "referral_completed"):
        assert office.logged(action) == 1
    assert office.logged("referral_read") >= 3
    with db.read(office.vault.engine) as connection:
        assert broken_line(connection, siti.id) is None


def test_a_unit_refuses_with_a_reason(office: Office, siti: Report) -> None:
    """Whoever asked reads why; the ticket stays where it was."""
    ani, dewi = (
        office.hire("ani", Role.RESPONDER),
        office.hire("dewi", Role.RESPONDER, region="35", unit=UNIT),
    )
    ask(ani, siti)
    one, before = newest(office), state_of(office, siti)
    assert dewi.post(f"/referrals/{one}", to="refused").status_code == 409
    assert dewi.post(f"/referrals/{one}", to="refused", reason="rumah aman penuh").is_redirect
    assert dewi.post(f"/referrals/{one}", to="accepted").status_code == 409
    assert state_of(office, siti) == before
    assert "rumah aman penuh" in ani.browser.get(f"/referrals/{one}").text
    assert ask(ani, siti) == 303, "the unit can be asked again"


def test_who_asked_takes_back_and_only_the_unit_answers(office: Office, siti: Report) -> None:
    """Each side does its own part."""
    ani = office.hire("ani", Role.RESPONDER)
    dewi = office.hire("dewi", Role.RESPONDER, region="35", unit=UNIT)
    ask(ani, siti)
    one = newest(office)
    assert ani.post(f"/referrals/{one}", to="accepted").status_code == 403
    assert dewi.post(f"/referrals/{one}", to="taken_back", reason="salah kirim").status_code == 403
    assert dewi.post(f"/referrals/{one}", to="accepted").is_redirect
    assert ani.post(f"/referrals/{one}", to="taken_back", reason="pelapor menolak").is_redirect
    assert dewi.browser.get(f"/tickets/{siti.code}").status_code == 404
    page = dewi.browser.get(f"/referrals/{one}").text
    assert "Mohon tempat singgah" not in page
    assert "dikurung" not in page


def test_an_overdue_referral_says_so(office: Office, siti: Report) -> None:
    """From its date on, until it is answered."""
    ani = office.hire("ani", Role.RESPONDER)
    dewi = office.hire("dewi", Role.RESPONDER, region="35", unit=UNIT)
    ask(ani, siti, days="1")
    assert "lewat" not in ani.browser.get("/referrals").text
    office.clock.advance(86_401)
    ani.log_in()
    dewi.log_in()
    assert "(lewat)" in ani.browser.get("/referrals").text
    one = newest(office)
    dewi.post(f"/referrals/{one}", to="refused", reason="rumah aman penuh")
    assert "(lewat)" not in ani.browser.get("/referrals").text


def test_consent_is_asked_for_over_http_too(office: Office, siti: Report) -> None:
    """What was typed is not lost with the refusal."""
    ani, _ = office.hire("ani", Role.RESPONDER), office.hire("dewi", Role.RESPONDER, unit=UNIT)
    answer = ani.post(
        f"/tickets/{siti.code}/referrals", unit=UNIT, service="shelter", request="Tolong <b>cepat",
        consent="not_asked", reason="tidak sempat", days="1",
    )  # fmt: skip
    assert answer.status_code == 409
    assert "Tolong &lt;b&gt;cepat" in answer.text
    assert ask(ani, siti, service="drugs") == 422
    assert ask(ani, siti, days="100000") == 422
    assert ask(ani, siti, unit="nobody") == 409
    assert ask(ani, siti, request="   ") == 409
    assert ask(ani, siti) == 303
    assert ask(ani, siti) == 409, "once for one service"


def test_a_conflicted_region_is_not_asked_and_does_not_learn_of_it(
    office: Office, siti: Report
) -> None:
    """Its unit is not in the list, cannot be sent to, and an earlier referral is shut."""
    ani = office.hire("ani", Role.RESPONDER)
    near = office.hire("near", Role.RESPONDER, region="5371", unit="ppt-5371")
    far = office.hire("far", Role.RESPONDER, region="35", unit=UNIT)
    assert ask(ani, siti, unit="ppt-5371") == 303
    earlier = newest(office)
    assert near.browser.get(f"/referrals/{earlier}").status_code == 200
    with db.write(office.vault.engine) as connection:
        flag_conflict(connection, siti.id, message_id=None, now=office.clock())
    page = ani.browser.get(f"/tickets/{siti.code}/referrals").text
    assert 'value="ppt-5371"' not in page
    assert f'value="{UNIT}"' in page
    assert ask(ani, siti, unit="ppt-5371", service="health") == 409
    assert near.browser.get(f"/referrals/{earlier}").status_code == 404
    assert near.post(f"/referrals/{earlier}", to="accepted").status_code == 404
    assert siti.code not in near.browser.get("/referrals").text
    assert ask(ani, siti, unit=UNIT) == 303
    assert far.browser.get(f"/referrals/{newest(office)}").status_code == 200


def test_nobody_else_learns_of_a_referral(office: Office, siti: Report) -> None:
    """Another region, another unit, and roles that read no tickets."""
    ani, _ = office.hire("ani", Role.RESPONDER), office.hire("dewi", Role.RESPONDER, unit=UNIT)
    ask(ani, siti)
    one = newest(office)
    strangers = [
        office.hire("east", Role.RESPONDER, region="35"),
        office.hire("other", Role.SUPERVISOR, region="35", unit="lbh"),
    ]
    for person in strangers:
        assert person.browser.get(f"/referrals/{one}").status_code == 404
        assert person.post(f"/referrals/{one}", to="accepted").status_code == 404
        assert person.browser.get(f"/tickets/{siti.code}/referrals").status_code == 404
        assert siti.code not in person.browser.get("/referrals").text
        assert ask(person, siti) == 404
    for role in (Role.OPERATOR, Role.AUDITOR):
        person = office.hire(f"the-{role.value}", role)
        assert person.browser.get(f"/referrals/{one}").status_code == 403
        assert person.post(f"/referrals/{one}", to="accepted").status_code == 403
    assert ani.browser.get("/referrals/99999999999999999999").status_code == 404


def test_an_anonymous_callers_number_cannot_be_ticked(office: Office, siti: Report) -> None:
    """Not on the page, and not by a forged form."""
    ani, dewi = office.hire("ani", Role.RESPONDER), office.hire("dewi", Role.RESPONDER, unit=UNIT)
    with db.write(office.vault.engine) as connection:
        set_anonymous(connection, siti.id, anonymous=True)
    page = ani.browser.get(f"/tickets/{siti.code}/referrals").text
    assert 'name="fields" value="phone"' not in page
    ask(ani, siti, fields=["phone", "story"])
    assert "Nomor telepon" not in dewi.browser.get(f"/referrals/{newest(office)}").text


def test_a_regions_task_is_ticked_and_unticked(office: Office, siti: Report) -> None:
    """Who did it is shown; a task nobody knows is refused."""
    ani = office.hire("ani", Role.RESPONDER)
    where = f"/tickets/{siti.code}/tasks"
    assert "Selesai:" not in ani.browser.get(f"/tickets/{siti.code}/referrals").text
    assert ani.post(where, which="origin-family", done="true").status_code == 303
    page = ani.browser.get(f"/tickets/{siti.code}/referrals").text
    assert "Selesai:" in page
    assert "Kota Kupang" in page.title() or "KUPANG" in page.upper()
    assert ani.post(where, which="origin-family", done="false").status_code == 303
    assert "Selesai:" not in ani.browser.get(f"/tickets/{siti.code}/referrals").text
    assert ani.post(where, which="nonsense", done="true").status_code == 422
