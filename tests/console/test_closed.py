"""Who is not meant to does not get in: roles by routes, other regions, forged and old requests."""

from __future__ import annotations

import html
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from hotline.messages import Kind, Media
from hotline.staff import ALLOWED, May, Role
from store import audit, db
from store.tables import tickets
from store.ticket_changes import flag_conflict
from tests.console.conftest import Office, Person, Report
from tests.console.test_getting_in import PUBLIC, _routes

# What each page or form needs; a route that is not in this table fails the test below.
NEEDS: dict[tuple[str, str], May | None] = {
    ("GET", "/"): None,
    ("POST", "/logout"): None,
    ("GET", "/account"): None,
    ("POST", "/account/sessions/{which}/end"): None,
    ("POST", "/account/language"): None,
    ("GET", "/account/secrets"): None,
    ("POST", "/account/secrets/password"): None,
    ("POST", "/account/secrets/codes"): None,
    ("GET", "/tickets"): May.READ,
    ("GET", "/filters"): May.READ,
    ("POST", "/filters"): May.READ,
    ("POST", "/filters/{which}/rename"): May.READ,
    ("POST", "/filters/{which}/delete"): May.READ,
    ("GET", "/search"): May.READ,
    ("POST", "/search"): May.READ,
    ("GET", "/events"): May.READ,
    ("GET", "/tickets/{code}"): May.READ,
    ("GET", "/tickets/{code}/body"): May.READ,
    ("GET", "/tickets/{code}/here"): May.READ,
    ("GET", "/tickets/{code}/files/{file}"): May.READ,
    ("GET", "/tickets/{code}/files/{file}/picture"): May.READ,
    ("POST", "/tickets/{code}/reveal"): May.UNMASK,
    ("POST", "/tickets/{code}/take"): May.WRITE,
    ("POST", "/tickets/{code}/assign"): May.ASSIGN,
    ("POST", "/tickets/{code}/notes"): May.WRITE,
    ("POST", "/tickets/{code}/facts"): May.WRITE,
    ("POST", "/tickets/{code}/regions"): May.WRITE,
    ("POST", "/tickets/{code}/victims"): May.WRITE,
    ("GET", "/tickets/{code}/victims/{which}"): May.READ,
    ("POST", "/tickets/{code}/victims/{which}"): May.WRITE,
    ("POST", "/tickets/{code}/victims/{which}/mistake"): May.WRITE,
    ("GET", "/tickets/{code}/elements"): May.READ,
    ("POST", "/tickets/{code}/elements"): May.WRITE,
    ("POST", "/tickets/{code}/labels"): May.WRITE,
    ("POST", "/tickets/{code}/macro"): May.WRITE,
    ("POST", "/tickets/{code}/state"): May.WRITE,
    ("POST", "/tickets/{code}/ending"): May.WRITE,
    ("POST", "/tickets/{code}/erasure-request"): May.WRITE,
    ("POST", "/tickets/{code}/close"): May.CLOSE,
    ("POST", "/tickets/{code}/claim"): May.REPLY,
    ("POST", "/tickets/{code}/give-back"): May.REPLY,
    ("POST", "/tickets/{code}/release"): May.REPLY,
    ("POST", "/tickets/{code}/reply"): May.REPLY,
    ("POST", "/tickets/{code}/reply-way"): May.REPLY,
    ("POST", "/tickets/{code}/messages/{message}/again"): May.REPLY,
    ("GET", "/tickets/{code}/messages/{message}/meaning"): May.WRITE,
    ("POST", "/tickets/{code}/messages/{message}/meaning"): May.WRITE,
    ("POST", "/tickets/{code}/draft"): May.REPLY,
    ("GET", "/intake"): May.OPEN,
    ("POST", "/intake"): May.OPEN,
    ("POST", "/tickets/{code}/contacted"): May.REPLY,
    ("POST", "/tickets/{code}/conflict"): May.WRITE,
    ("POST", "/tickets/{code}/conflict/lift"): May.LIFT_CONFLICT,
    ("POST", "/bulk"): May.WRITE,
    ("GET", "/referrals"): May.READ,
    ("GET", "/referrals/{id_}"): May.READ,
    ("POST", "/referrals/{id_}"): May.REFER,
    ("POST", "/referrals/{id_}/summary"): May.UNMASK,
    ("GET", "/tickets/{code}/referrals"): May.READ,
    ("POST", "/tickets/{code}/referrals"): May.REFER,
    ("POST", "/tickets/{code}/tasks"): May.WRITE,
    ("GET", "/tickets/{code}/links"): May.READ,
    ("POST", "/tickets/{code}/link"): May.WRITE,
    ("POST", "/tickets/{code}/unlink"): May.WRITE,
    ("POST", "/tickets/{code}/merge"): May.VERIFY,
    ("POST", "/tickets/{code}/unmerge"): May.VERIFY,
    ("GET", "/follow-ups"): May.READ,
    ("GET", "/tickets/{code}/follow-ups"): May.READ,
    ("POST", "/tickets/{code}/follow-ups"): May.CLOSE,
    ("POST", "/tickets/{code}/follow-ups/{which}"): May.CLOSE,
    ("GET", "/verification"): May.VERIFY,
    ("GET", "/tickets/{code}/verification"): May.VERIFY,
    ("POST", "/tickets/{code}/verify"): May.VERIFY,
    ("POST", "/tickets/{code}/clear"): May.VERIFY,
    ("POST", "/tickets/{code}/hold"): May.VERIFY,
    ("POST", "/tickets/{code}/erase"): May.VERIFY,
    ("GET", "/log"): May.READ_LOG,
    ("GET", "/figures"): May.SEE_FIGURES,
    ("GET", "/map"): May.SEE_FIGURES,
    ("GET", "/exports"): May.EXPORT,
    ("POST", "/exports"): May.EXPORT,
    ("GET", "/exports/personal"): May.EXPORT,
    ("POST", "/exports/personal"): May.EXPORT,
    ("POST", "/exports/personal/{which}/file"): May.EXPORT,
    ("GET", "/register"): May.EDIT_CONTENT,
    ("POST", "/register"): May.EDIT_CONTENT,
    ("GET", "/knowledge"): May.EDIT_CONTENT,
    ("GET", "/knowledge/{kind}"): May.CHANGE_KNOWLEDGE,
    ("GET", "/knowledge/{kind}/{item_id}"): May.EDIT_CONTENT,
    ("POST", "/knowledge/{kind}"): May.CHANGE_KNOWLEDGE,
    ("POST", "/knowledge/{kind}/{item_id}/back"): May.CHANGE_KNOWLEDGE,
    ("POST", "/register/disputes"): May.CHANGE_KNOWLEDGE,
    ("POST", "/register/disputes/{which}/withdraw"): May.CHANGE_KNOWLEDGE,
    ("GET", "/network"): May.READ,
    ("GET", "/roster"): May.READ,
    ("POST", "/roster"): May.ASSIGN,
    ("POST", "/roster/{id_}/cancel"): May.ASSIGN,
    ("GET", "/handover"): May.READ,
    ("POST", "/handover"): May.WRITE,
    ("POST", "/handover/{id_}/read"): May.WRITE,
    ("GET", "/reminders"): May.READ,
    ("GET", "/account/notices"): May.READ,
    ("POST", "/account/notices/telegram"): May.READ,
    ("POST", "/account/notices/telegram/forget"): May.READ,
    ("POST", "/account/notices/email"): May.READ,
    ("POST", "/account/notices/test"): May.READ,
    ("GET", "/notices"): May.MANAGE_STAFF,
}
XSS = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}"


def ours(office: Office) -> set[tuple[str, str]]:
    return {
        (method, route.path)
        for route in _routes(office.app.routes)
        for method in route.methods
        if route.path not in PUBLIC
    }


def form_for(path: str, report: Report) -> dict[str, str]:
    """Fill in every form well enough to get past what is required."""
    filled = {
        "to": report.conversation, "text": "halo", "mark": path[-24:], "reason": "alasan baik",
        "field": "story", "value": "x", "part": "origin", "names": "kupang", "q": "halo",
        "work": "label", "label": "x", "language": "id", "outcome": "", "next_owner": "",
        "unit": "uptd-ppa", "service": "shelter", "request": "tolong", "consent": "given",
        "which": "origin-family", "other": report.code, "link": "1", "mistaken": "true",
        "answer": "confirm", "proposal": "1", "of": "place", "how": "phone",
        "said": "sudah ditelepon",
        "macro": "rekan",
    }  # fmt: skip
    ends = {
        "/state": "triaged",
        "/verify": "being_verified",
        "/clear": "unique",
        "{id_}": "refused",
    }
    filled["to"] = next((to for end, to in ends.items() if path.endswith(end)), filled["to"])
    return filled


def ask(person: Person, method: str, path: str, report: Report) -> int:
    real = path.replace("{code}", report.code).replace("{file}", "1")
    real = real.replace("{message}", "1").replace("{which}", "999999").replace("{id_}", "999999")
    if method == "GET":
        return person.browser.get(real).status_code
    return person.post(real, **form_for(path, report)).status_code


def test_every_route_has_its_line_in_the_table(office: Office) -> None:
    """A page that somebody adds is thought about here too."""
    assert ours(office) == set(NEEDS)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_what_it_may_and_nothing_else(office: Office, role: Role) -> None:
    """Every route, by every role: 403 where the role does not allow it, and only there."""
    report = office.report()
    person = office.hire("ani", role)
    for (method, path), needed in sorted(NEEDS.items()):
        allowed = needed is None or needed in ALLOWED[role]
        if path == "/register":  # whoever works on tickets looks recruiters up too
            allowed |= May.READ in ALLOWED[role]
        if path in {"/logout", "/events"} and allowed:
            continue  # the one ends the session, the other never ends
        status = ask(person, method, path, report)
        assert (status != 403) == allowed, (role, method, path, status)


def everything_about(person: Person, report: Report) -> Iterator[tuple[str, int, str]]:
    for (method, path), _ in NEEDS.items():
        if "{code}" in path:
            real = path.replace("{code}", report.code).replace("{file}", "1")
            real = real.replace("{message}", "1").replace("{which}", "1")
            if method == "GET":
                answer = person.browser.get(real)
            else:
                answer = person.post(real, **form_for(path, report))
            yield path, answer.status_code, answer.text


@pytest.mark.parametrize("conflict", [False, True])
def test_a_ticket_out_of_sight_is_not_there_by_any_way(office: Office, conflict: bool) -> None:
    """Another region, or the region of the influential person: not found, as if it never was."""
    secret = "majikan saya namanya Haji Tono"
    report = office.report(secret, region="5371")
    if conflict:
        with db.write(office.vault.engine) as connection:
            flag_conflict(connection, report.id, message_id=None, now=office.clock())
    region = "5371" if conflict else "35"
    stranger = office.hire("budi", Role.SUPERVISOR, region=region)
    for path, status, text in everything_about(stranger, report):
        assert status == 404, path
        assert "Tono" not in text
        assert report.conversation not in text
    for path in ("/tickets", "/tickets?view=all", "/tickets?view=unassigned"):
        assert report.code not in stranger.browser.get(path).text
    assert report.code not in stranger.post("/bulk", work="take", code="SR-2222-22").text
    for words in (report.code, "Tono", "+60123000001"):
        found = stranger.post("/search", q=words).text
        assert "0 tiket ditemukan" in found
    assert office.sent(report) == []
    national = office.hire("eka", Role.SUPERVISOR)
    assert secret in national.browser.get(f"/tickets/{report.code}").text


def test_a_code_that_is_none_is_not_found(office: Office) -> None:
    """Nor does it break anything."""
    ani = office.hire("ani", Role.RESPONDER)
    for code in ("SR-0000-00", "1", "..", "%2e%2e", "' or 1=1 --", "a" * 300):
        assert ani.browser.get(f"/tickets/{code}").status_code in (303, 404), code


def test_every_form_needs_its_token_and_our_own_site(office: Office) -> None:
    """Another site's page cannot act for a responder, by any form."""
    ani, siti = office.hire("eka", Role.SUPERVISOR), office.report()
    csrf = ani.csrf()
    posts = [path for method, path in NEEDS if method == "POST"]
    for path in posts:
        real = path.replace("{code}", siti.code).replace("{message}", "1").replace("{which}", "1")
        real = real.replace("{id_}", "1")
        form = form_for(path, siti)
        for forged in ({}, {"csrf": "x" * 43}, {"csrf": ""}):
            assert ani.browser.post(real, data={**form, **forged}).status_code == 403, path
        foreign = {"sec-fetch-site": "cross-site"}
        answer = ani.browser.post(real, data={**form, "csrf": csrf}, headers=foreign)
        assert answer.status_code == 403, path
        foreign = {"origin": "https://evil.example"}
        answer = ani.browser.post(real, data={**form, "csrf": csrf}, headers=foreign)
        assert answer.status_code == 403, path
    assert office.logged("forged_request") == len(posts) * 5
    assert office.sent(siti) == []


def test_another_s_token_is_no_good(office: Office) -> None:
    """A token belongs to one session."""
    ani, budi = office.hire("ani", Role.RESPONDER), office.hire("budi", Role.RESPONDER)
    siti = office.report()
    form = {"csrf": budi.csrf(), "text": "x"}
    assert ani.browser.post(f"/tickets/{siti.code}/notes", data=form).status_code == 403


def test_a_session_that_has_ended_cannot_be_played_again(office: Office) -> None:
    """A cookie copied before the log-out opens nothing after it."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    name = office.app.state.desk.cookie
    stolen = str(ani.browser.cookies.get(name))
    thief = office.browser()
    thief.cookies.set(name, stolen)
    assert thief.get(f"/tickets/{siti.code}").status_code == 200
    csrf = ani.csrf()
    ani.post("/logout")
    assert thief.get(f"/tickets/{siti.code}").status_code == 303
    form = {"csrf": csrf, "text": "x"}
    assert thief.post(f"/tickets/{siti.code}/notes", data=form).status_code == 401
    assert thief.get("/events?since=0", headers={"hx-request": "true"}).status_code == 401


def test_nothing_a_caller_sends_becomes_part_of_the_page(office: Office) -> None:
    """Names, file names, messages, places, facts, labels, notes, replies, searches, drafts."""
    eka = office.hire("eka", Role.SUPERVISOR)
    media = (Media(Kind.PHOTO, "s", name=f"{XSS}.png"),)
    siti = office.report(XSS, kind=Kind.PHOTO, media=media, place=(1.5, 103.7), contact=XSS)
    for field in ("story", "who", "where", "phone", "recruiter", "contact_rule", "safe_time",
                  "location", "shared_contact", "evidence", "data_request"):  # fmt: skip
        office.fact(siti, field, XSS)
    for rule in ("no_police: " + XSS, "do_not_write: " + XSS):
        office.fact(siti, "contact_rule", rule)
    eka.post(f"/tickets/{siti.code}/notes", text=XSS)
    eka.post(f"/tickets/{siti.code}/reply", to=siti.conversation, text=XSS, mark="m")
    eka.post(f"/tickets/{siti.code}/draft", to=siti.conversation, text=f"</textarea>{XSS}")
    assert eka.post(f"/tickets/{siti.code}/labels", names=XSS).status_code == 422
    pages = [
        eka.browser.get(f"/tickets/{siti.code}").text,
        eka.browser.get(f"/tickets/{siti.code}/body").text,
        eka.browser.get("/tickets").text,
        eka.post(f"/tickets/{siti.code}/reveal", reason=XSS).text,
        eka.post("/search", q=XSS).text,
        eka.post("/bulk", work="label", label="x", code=XSS).text,
        eka.post(f"/tickets/{siti.code}/assign", to=XSS[:60]).text,
        eka.post(f"/tickets/{siti.code}/regions", part="origin", names=XSS).text,
        eka.browser.get("/tickets", params={"label": XSS[:39]}).text,
        eka.browser.get(f"/tickets/{XSS}").text,
    ]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "&lt;script&gt;" in pages[0]
    assert html.unescape(pages[0]).count("<script>alert") >= 10
    assert html.unescape(pages[0]).count("{{7*7}}") >= 10


def test_what_is_wrong_is_not_repeated(office: Office) -> None:
    """An error page shows no input: what was typed may be a secret."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    answer = ani.post(f"/tickets/{siti.code}/facts", field="rahasia-besar", value="x")
    assert answer.status_code == 422
    assert "rahasia-besar" not in answer.text
    answer = ani.post(f"/tickets/{siti.code}/state", to="rahasia-besar")
    assert answer.status_code == 422
    assert "rahasia-besar" not in answer.text
    assert ani.browser.get("/nowhere").status_code == 404
    assert "<h1>" in ani.browser.get("/nowhere").text


def test_too_much_is_refused(office: Office) -> None:
    """A form of megabytes changes nothing."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report()
    answer = ani.post(f"/tickets/{siti.code}/notes", text="a" * 2_000_000)
    assert answer.status_code in (400, 413, 422)
    with db.read(office.vault.engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(tickets)).scalar() == 1


def test_every_reading_is_in_the_log(office: Office) -> None:
    """Who opened which ticket, when; no name and no word of what was read."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report("nama saya Siti Aminah")
    ani.browser.get(f"/tickets/{siti.code}")
    ani.post("/search", q="Aminah")
    assert office.logged("ticket_read") == 1
    assert office.logged("search") == 1
    with db.read(office.vault.engine) as connection:
        assert "Aminah" not in str(audit.newest(connection, limit=100))
        assert audit.verify(connection, office.vault.keyring).broken is None
