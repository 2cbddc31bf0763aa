"""Getting in: only by invitation, with two factors, and nobody can lock anybody else out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest
import sqlalchemy as sa
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount

from console.guard import MOST_BYTES
from hotline.errors import Refused
from hotline.staff import Role, Scope
from store import audit, db
from store import staff as accounts
from store.console_tables import audit_log, login_attempts, staff_sessions
from tests.console.conftest import PASSWORD, Office

PUBLIC = {
    "/login", "/invitation/{token}", "/healthz", "/watch", "/watch/events",
    "/oidc", "/oidc/callback", "/oidc/code",
}  # fmt: skip


def _routes(among: Iterable[BaseRoute]) -> Iterator[APIRoute]:
    """Walk all routes, also those of included routers; whatever else is mounted must be known."""
    for route in among:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _routes(inner.routes)
        elif isinstance(route, APIRoute):
            yield route
        else:
            assert isinstance(route, Mount), route
            assert route.path == "/static"


def _invite(office: Office, login: str = "ani") -> str:
    with db.write(office.vault.engine) as connection:
        return accounts.invite(
            connection, login=login, name="Ani", role=Role.RESPONDER, scope=Scope(), unit="",
            now=office.clock(),
        )  # fmt: skip


def _actions(office: Office) -> list[str]:
    with office.vault.engine.connect() as connection:
        return list(
            connection.execute(sa.select(audit_log.c.action).order_by(audit_log.c.id)).scalars()
        )


def test_every_route_is_closed_but_those_named(office: Office) -> None:
    """A page that somebody forgets to close does not go out."""
    browser = office.browser()
    seen = 0
    for route in _routes(office.app.routes):
        if route.path in PUBLIC:
            continue
        for method in route.methods:
            path = route.path.replace("{", "").replace("}", "")
            answer = browser.request(method, path)
            assert answer.status_code in (303, 401), f"{method} {route.path} is open"
            assert answer.headers.get("location", "/login") == "/login"
            seen += 1
    assert seen >= 4


def test_an_invitation_leads_in_with_a_scanned_code(office: Office) -> None:
    """The whole way of somebody new: link, password, app, log-in."""
    browser = office.browser()
    token = _invite(office)
    page = browser.get(f"/invitation/{token}").text
    assert "<svg" in page
    secret = page.split('name="secret" value="', 1)[1].split('"', 1)[0]
    form = {"password": PASSWORD, "again": PASSWORD, "secret": secret,
            "code": pyotp.TOTP(secret).at(int(office.clock()))}  # fmt: skip
    done = browser.post(f"/invitation/{token}", data=form)
    assert done.status_code == 200
    assert done.text.count("<li><code>") == 8
    office.clock.advance(60)
    code = pyotp.TOTP(secret).at(int(office.clock()))
    answer = browser.post("/login", data={"name": " ANI ", "password": PASSWORD, "code": code})
    assert answer.status_code == 303
    assert browser.get("/account").status_code == 200
    assert browser.get(f"/invitation/{token}").status_code == 410
    assert browser.post(f"/invitation/{token}", data=form).status_code == 410


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"password": "pendek", "again": "pendek"}, "lemah"),
        ({"password": "ani yang sangat panjang", "again": "ani yang sangat panjang"}, "lemah"),
        ({"again": "kuda putih di bukit"}, "berbeda"),
        ({"code": "000000"}, "tidak cocok"),
        ({"code": ""}, "tidak cocok"),
    ],
)
def test_an_invitation_is_not_used_up_by_a_mistake(
    office: Office, change: dict[str, str], why: str
) -> None:
    """What is wrong is said; the same link works again."""
    browser, token = office.browser(), _invite(office)
    secret = pyotp.random_base32()
    form = {"password": PASSWORD, "again": PASSWORD, "secret": secret,
            "code": pyotp.TOTP(secret).at(int(office.clock()))}  # fmt: skip
    wrong = browser.post(f"/invitation/{token}", data={**form, **change})
    assert wrong.status_code == 400
    assert why in wrong.text
    assert browser.post(f"/invitation/{token}", data=form).status_code == 200


def test_an_old_invitation_is_over_and_a_new_one_ends_the_last(office: Office) -> None:
    """A link found in an old message opens nothing."""
    first = _invite(office)
    second = _invite(office)
    browser = office.browser()
    assert browser.get(f"/invitation/{first}").status_code == 410
    assert browser.get(f"/invitation/{second}").status_code == 200
    office.clock.advance(accounts.INVITATION_SECONDS + 1)
    assert browser.get(f"/invitation/{second}").status_code == 410


def test_a_code_works_once(office: Office) -> None:
    """Who looks over a shoulder cannot use it after us."""
    ani = office.hire("ani", Role.RESPONDER)
    again = office.browser()
    form = {"name": "ani", "password": PASSWORD, "code": ani.code()}
    assert again.post("/login", data=form).status_code == 401
    office.clock.advance(30)
    assert again.post("/login", data={**form, "code": ani.code()}).status_code == 303


def test_a_backup_code_works_once(office: Office) -> None:
    """For the day the telephone is lost."""
    ani = office.hire("ani", Role.RESPONDER, log_in=False)
    code = ani.codes[3]
    assert ani.log_in(code=f"{code[:5]} {code[5:]}").status_code == 303
    assert ani.log_in(code=code).status_code == 401


@pytest.mark.parametrize("wrong", ["password", "code", "name"])
def test_a_wrong_part_gets_the_same_answer(office: Office, wrong: str) -> None:
    """Nothing tells which part was wrong, or whether the name exists."""
    ani = office.hire("ani", Role.RESPONDER, log_in=False)
    form = {"name": "ani", "password": PASSWORD, "code": ani.code()}
    form[wrong] = {"password": "kuda putih di bukit", "code": "000000", "name": "budi"}[wrong]
    answer = office.browser().post("/login", data=form)
    assert answer.status_code == 401
    assert "tidak cocok" in answer.text
    assert "login_failed" in _actions(office)


def test_failures_shut_the_door_for_that_address_only(office: Office) -> None:
    """Somebody who guesses is stopped; the owner gets in from the usual place."""
    ani = office.hire("ani", Role.RESPONDER)
    with db.write(office.vault.engine) as connection:
        for n in range(200):
            accounts.note_attempt(
                connection, office.vault.keyring, login="ani", address=f"10.0.0.{n}", worked=False,
                now=office.clock(),
            )  # fmt: skip

        def waits(address: str) -> bool:
            return accounts.must_wait(
                connection, office.vault.keyring, login="ani", address=address, now=office.clock()
            )

        assert waits("10.9.9.9"), "a stranger's try is stopped after so many failures"
        assert not waits("testclient"), "the owner's own place is not"
    office.clock.advance(30)
    assert ani.log_in().status_code == 303


def test_five_failures_from_one_place_stop_even_the_right_password(office: Office) -> None:
    """Guessing is slow: five tries in a quarter of an hour."""
    ani = office.hire("ani", Role.RESPONDER, log_in=False)
    for _ in range(5):
        assert ani.log_in(password="kuda putih di bukit").status_code == 401
    assert ani.log_in().status_code == 401
    office.clock.advance(16 * 60)
    assert ani.log_in().status_code == 303


def test_trying_again_too_early_does_not_prolong_the_wait(office: Office) -> None:
    """Who has mistyped five times waits a quarter of an hour, not for as long as she is uneasy."""
    ani = office.hire("ani", Role.RESPONDER, log_in=False)
    for _ in range(5):
        ani.log_in(password="kuda putih di bukit")
    office.clock.advance(10 * 60)
    assert ani.log_in().status_code == 401
    office.clock.advance(6 * 60)
    assert ani.log_in().status_code == 303


def test_wrong_tries_behind_one_address_do_not_lock_who_works_there(office: Office) -> None:
    """An office has one address: a colleague's, or a visitor's, thirty wrong names are not hers."""
    ani = office.hire("ani", Role.RESPONDER)
    office.hire("budi", Role.RESPONDER, log_in=False)
    office.clock.advance(30)
    with db.write(office.vault.engine) as connection:
        for n in range(30):
            accounts.note_attempt(
                connection, office.vault.keyring, login=f"x{n}", address="testclient",
                worked=False, now=office.clock(),
            )  # fmt: skip
        wait = {
            login: accounts.must_wait(
                connection, office.vault.keyring, login=login, address="testclient",
                now=office.clock(),
            )
            for login in ("ani", "budi")
        }  # fmt: skip
    assert wait == {"ani": False, "budi": True}
    assert ani.log_in().status_code == 303


def test_tries_at_the_same_moment_are_counted_one_by_one(office: Office) -> None:
    """Who sends many at once gets no more of them looked at."""
    office.hire("ani", Role.RESPONDER, log_in=False)
    form = {"name": "ani", "password": "kuda putih di bukit", "code": "000000"}
    browsers = [office.browser() for _ in range(12)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda one: one.post("/login", data=form).status_code, browsers))
    assert set(answers) == {401}
    with db.read(office.vault.engine) as connection:
        lines = [
            one for one in audit.newest(connection, limit=50) if one["action"] == "login_failed"
        ]
    assert [line["details"]["waits"] for line in lines].count(False) == 5
    assert len(lines) == 12


_PARTS = {"content-type": "multipart/form-data; boundary=B"}
_FORM = {"content-type": "application/x-www-form-urlencoded"}
_FILE = b'--B\r\nContent-Disposition: form-data; name="x"; filename="f"\r\n\r\n'


@pytest.mark.parametrize(("path", "headers", "begin"), [
    ("/login", _FORM, b"name=a&password="), ("/tickets", _FORM, b"x="),
    ("/login", _PARTS, _FILE), ("/bulk", _PARTS, _FILE),
])  # fmt: skip
@pytest.mark.parametrize("told", [True, False], ids=["with its length", "in pieces"])
def test_nobody_fills_memory_or_disk(
    office: Office, path: str, headers: dict[str, str], begin: bytes, *, told: bool
) -> None:
    """A body larger than any form is not taken in, with or without a session."""
    body = begin + b"a" * MOST_BYTES
    pieces = (body[n : n + 65536] for n in range(0, len(body), 65536))
    answer = office.browser().post(path, content=body if told else pieces, headers=headers)
    assert answer.status_code in {405, 413}
    assert (answer.status_code == 405) == (path == "/tickets")
    if answer.status_code == 413:
        assert "terlalu panjang" in answer.text


def test_the_longest_form_still_fits() -> None:
    """A report of eight thousand characters, each nine bytes on its way."""
    assert MOST_BYTES > 9 * (8000 + 10 * 500)


def test_a_number_too_large_is_refused(office: Office) -> None:
    """What no database counts to is not found or not understood, never a fault."""
    ani = office.hire("ani", Role.SUPERVISOR)
    report = office.report()
    for number in (2**63, 2**70):
        assert ani.post(f"/account/sessions/{number}/end").status_code in {404, 422}
    for had in ("²", str(2**70), "١"):
        assert ani.post(f"/tickets/{report.code}/take", had=had).status_code < 500


def test_what_was_typed_as_a_name_is_not_kept(office: Office) -> None:
    """People type their password there."""
    office.browser().post("/login", data={"name": PASSWORD, "password": "x", "code": "1"})
    with office.vault.engine.connect() as connection:
        stored = str(connection.execute(sa.select(audit_log)).all())
        stored += str(connection.execute(sa.select(login_attempts)).all())
    assert PASSWORD not in stored


def test_a_form_without_its_token_changes_nothing(office: Office) -> None:
    """Another site's page cannot act for us, with or without a guess at the token."""
    ani = office.hire("ani", Role.RESPONDER)
    assert ani.browser.post("/logout").status_code == 403
    assert ani.browser.post("/logout", data={"csrf": "guess"}).status_code == 403
    foreign = {"sec-fetch-site": "cross-site"}
    answer = ani.browser.post("/logout", data={"csrf": ani.csrf()}, headers=foreign)
    assert answer.status_code == 403
    assert ani.browser.get("/account").status_code == 200
    assert _actions(office).count("forged_request") == 3


def test_sessions_are_listed_and_ended(office: Office) -> None:
    """A lost laptop is shut out from the telephone; another's session is not found."""
    ani = office.hire("ani", Role.RESPONDER)
    budi = office.hire("budi", Role.RESPONDER)
    office.clock.advance(30)
    laptop = office.browser()
    form = {"name": "ani", "password": PASSWORD, "code": ani.code()}
    laptop.post("/login", data=form, headers={"user-agent": "Mozilla Firefox/142.0 Windows"})
    assert "Firefox / Windows" in ani.browser.get("/account").text
    with office.vault.engine.connect() as connection:
        newest = connection.execute(sa.select(sa.func.max(staff_sessions.c.id))).scalar_one()
    assert budi.post(f"/account/sessions/{newest}/end").status_code == 404
    assert laptop.get("/account").status_code == 200
    assert ani.post(f"/account/sessions/{newest}/end").status_code == 303
    assert laptop.get("/account").status_code == 303


def test_a_session_ends_by_itself(office: Office) -> None:
    """A console left open at night shuts after 45 minutes, and every twelve hours."""
    ani = office.hire("ani", Role.RESPONDER)
    for _ in range(16):
        office.clock.advance(44 * 60)
        assert ani.browser.get("/account").status_code == 200
    office.clock.advance(44 * 60)
    assert ani.browser.get("/account").status_code == 303
    office.clock.advance(30)
    ani.log_in()
    office.clock.advance(46 * 60)
    assert ani.browser.get("/account").status_code == 303


def test_a_shut_account_is_out_at_once(office: Office) -> None:
    """Whoever leaves the task force does not stay in an open browser."""
    ani = office.hire("ani", Role.RESPONDER)
    with db.write(office.vault.engine) as connection:
        assert accounts.set_active(connection, "ani", active=False, now=office.clock())
    assert ani.browser.get("/account").status_code == 303
    office.clock.advance(30)
    assert ani.log_in().status_code == 401


def test_a_reopened_account_needs_a_new_invitation(office: Office) -> None:
    """Neither the old password nor the old app, the backup codes, the session or the old link."""
    ani = office.hire("ani", Role.RESPONDER)
    cookies = dict(ani.browser.cookies)
    with db.write(office.vault.engine) as connection:
        accounts.set_active(connection, "ani", active=True, now=office.clock())
    assert ani.browser.get("/account").status_code == 200, "it was never shut"
    token = _invite(office)
    with db.write(office.vault.engine) as connection:
        accounts.set_active(connection, "ani", active=False, now=office.clock())
        accounts.set_active(connection, "ani", active=True, now=office.clock())
    office.clock.advance(60)
    assert ani.log_in().status_code == 401
    assert ani.log_in(code=ani.codes[0]).status_code == 401
    old = office.browser()
    old.cookies.update(cookies)
    assert old.get("/account").status_code == 303
    assert office.browser().get(f"/invitation/{token}").status_code == 410
    office.invite_again(ani)
    assert ani.log_in().status_code == 303
    assert ani.browser.get("/account").status_code == 200


def test_a_login_name_is_a_name(office: Office) -> None:
    """Nothing that could play tricks on a page or in the log."""
    for login in ("", "a b", "<b>", "x" * 65):
        with pytest.raises(Refused):
            _invite(office, login)


def test_the_log_shows_a_changed_and_a_missing_line(office: Office) -> None:
    """Nobody with the database alone can rewrite what happened."""
    office.hire("ani", Role.RESPONDER)
    office.hire("budi", Role.RESPONDER)
    keyring = office.vault.keyring
    with office.vault.engine.begin() as connection:
        whole = audit.verify(connection, keyring)
        assert (whole.broken, whole.lines) == (None, 2)
        ids = list(connection.execute(sa.select(audit_log.c.id).order_by(audit_log.c.id)).scalars())
        connection.execute(
            sa.update(audit_log).where(audit_log.c.id == ids[0]).values(actor="somebody")
        )
        assert audit.verify(connection, keyring).broken == ids[0]
        connection.execute(sa.delete(audit_log).where(audit_log.c.id == ids[0]))
        assert audit.verify(connection, keyring).broken == ids[1]


def test_pages_carry_a_strict_policy_and_are_not_kept(office: Office) -> None:
    """No script but our own files, no framing, nothing left in a cache."""
    answer = office.browser().get("/login")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert "<script>" not in answer.text
    assert " style=" not in answer.text
