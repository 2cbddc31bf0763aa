"""One's own password and backup codes: changed by who knows the old, not by an open screen."""

from __future__ import annotations

import re
from pathlib import Path

import httpx2
import pytest
import sqlalchemy as sa

from hotline.staff import Role, Scope
from store import db
from store import staff as accounts
from store.console_tables import staff
from store.vault import Vault
from tests.console.conftest import PASSWORD, Office, Person
from tests.fakes import Clock

NEW = "perahu biru di teluk"


def change(person: Person, **other: str) -> httpx2.Response:
    form = {"old": PASSWORD, "password": NEW, "again": NEW, "code": person.code(), **other}
    return person.post("/account/secrets/password", **form)


def test_a_new_password_shuts_everybody_else_out(office: Office) -> None:
    """This session goes on; others, the old password and open links end."""
    ani = office.hire("ani", Role.RESPONDER)
    office.clock.advance(30)
    elsewhere = office.browser()
    form = {"name": "ani", "password": PASSWORD, "code": ani.code()}
    elsewhere.post("/login", data=form)
    assert elsewhere.get("/account").status_code == 200
    with db.write(office.vault.engine) as connection:
        link = accounts.invite(
            connection, login="ani", name="", role=Role.RESPONDER, scope=Scope(), unit="",
            now=office.clock(),
        )  # fmt: skip
    office.clock.advance(30)
    answer = change(ani)
    assert answer.status_code == 200
    assert "sudah diganti" in answer.text
    assert ani.browser.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert office.browser().get(f"/invitation/{link}").status_code == 410
    office.clock.advance(30)
    assert ani.log_in().status_code == 401
    office.clock.advance(30)
    assert ani.log_in(NEW).status_code == 303
    assert office.logged("password_changed") == 1


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"old": "kuda putih di bukit"}, "tidak cocok"),
        ({"old": ""}, "tidak cocok"),
        ({"code": "000000"}, "tidak cocok"),
        ({"code": ""}, "tidak cocok"),
        ({"again": "perahu biru di teluk."}, "berbeda"),
        ({"password": "pendek", "again": "pendek"}, "terlalu lemah"),
        ({"password": "rahasianya ani 2026", "again": "rahasianya ani 2026"}, "terlalu lemah"),
    ],
)
def test_a_slip_changes_nothing(office: Office, other: dict[str, str], says: str) -> None:
    ani = office.hire("ani", Role.RESPONDER)
    office.clock.advance(30)
    answer = change(ani, **other)
    assert answer.status_code == 422
    assert says in answer.text
    assert NEW not in answer.text
    office.clock.advance(30)
    assert ani.log_in().status_code == 303
    assert office.logged("password_changed") == 0
    assert office.logged("own_secret_refused") == ("tidak cocok" in says)


def test_an_open_screen_is_no_place_to_guess(office: Office) -> None:
    """After five wrong ones even the right password waits."""
    ani = office.hire("ani", Role.RESPONDER)
    for _ in range(5):
        office.clock.advance(30)
        change(ani, old="kuda putih di bukit")
    office.clock.advance(30)
    assert change(ani).status_code == 422


def test_new_backup_codes_end_the_old(office: Office) -> None:
    """They are shown once; the paper that somebody photographed opens nothing."""
    ani = office.hire("ani", Role.RESPONDER)
    old = ani.codes[0]
    office.clock.advance(30)
    refused = ani.post("/account/secrets/codes", old="kuda putih di bukit", code=ani.code())
    assert refused.status_code == 422
    answer = ani.post("/account/secrets/codes", old=PASSWORD, code=ani.code())
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    fresh = re.findall(r"<li><code>(\d{5} \d{5})</code></li>", answer.text)
    assert len(fresh) == len(ani.codes)
    assert ani.log_in(code=old).status_code == 401
    assert ani.log_in(code=fresh[0]).status_code == 303
    assert office.logged("backup_codes_drawn") == 1
    assert fresh[1] not in ani.browser.get("/account/secrets").text


def test_without_an_app_there_are_no_backup_codes(
    vault: Vault, clock: Clock, tmp_path: Path
) -> None:
    """Where the operator lets people do without, a password is changed by the password."""
    lax = Office(vault, clock, tmp_path, SUAR_CONSOLE_TOTP="optional")
    with lax.open:
        ani = lax.hire("ani", Role.RESPONDER, log_in=False)
        with db.write(vault.engine) as connection:
            connection.execute(sa.update(staff).values(totp_sealed=None))
        assert ani.log_in(code="").status_code == 303
        assert "/account/secrets/codes" not in ani.browser.get("/account/secrets").text
        assert ani.post("/account/secrets/codes", old=PASSWORD).status_code == 409
        assert change(ani, code="").status_code == 200


def test_the_account_page_leads_there(office: Office) -> None:
    ani = office.hire("ani", Role.AUDITOR)
    assert 'href="/account/secrets"' in ani.browser.get("/account").text
    assert ani.browser.get("/account/secrets").status_code == 200
