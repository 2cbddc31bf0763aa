"""Through a provider only who was linked gets in, with our role and our second factor."""

from __future__ import annotations

import html
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import httpx2
import pytest
import sqlalchemy as sa
from joserfc.jwk import OctKey, RSAKey
from oidc_provider_mock import User, run_server_in_thread
from starlette.testclient import TestClient

from console.app import build_app
from hotline.environment import SettingsError
from hotline.errors import Refused
from hotline.settings import load_settings
from hotline.staff import Role
from store import audit, db, staff_identities
from store import staff as accounts
from store.paper_tables import staff_identities as table
from store.vault import Vault
from tests.console.conftest import Office, Person
from tests.console.provider import CLIENT, ISSUER, SECRET, FakeProvider
from tests.fakes import Clock

EMAIL = "ani@example.go.id"
SET = {
    "SUAR_OIDC_ISSUER": ISSUER,
    "SUAR_OIDC_CLIENT_ID": CLIENT,
    "SUAR_OIDC_CLIENT_SECRET": SECRET,
}


class Door(Office):
    """An office with a provider before it."""

    def __init__(self, vault: Vault, clock: Clock, home: Path, **env: str) -> None:
        super().__init__(vault, clock, home)
        self.provider = FakeProvider(clock)
        self.settings = load_settings({"SUAR_HOME": str(home), **SET, **env})
        self.app = build_app(
            vault, self.settings, now=clock, oidc_transport=self.provider.transport()
        )

    def link(self, login: str, *, email: str = "", subject: str = "") -> None:
        with db.write(self.vault.engine) as connection:
            staff_identities.link(
                connection, self.vault.keyring, login, issuer=self.settings.console.oidc.issuer,
                email=email, subject=subject, now=self.clock(),
            )  # fmt: skip

    def goes(self, browser: TestClient, **changes: str) -> httpx2.Response:
        """Let a browser go to the provider and come back."""
        away = browser.get("/oidc")
        assert away.status_code == 303
        brought = self.provider.authorize(away.headers["location"])
        back = {"code": "c", "state": brought["state"], **changes}
        return browser.get("/oidc/callback", params=back)

    def refusals(self) -> list[str]:
        with db.read(self.vault.engine) as connection:
            found = audit.newest(connection, limit=50)
        return [one["details"].get("oidc", "") for one in found if one["action"] == "login_failed"]


@pytest.fixture
def door(vault: Vault, clock: Clock, tmp_path: Path) -> Door:
    return Door(vault, clock, tmp_path)


@pytest.fixture
def ani(door: Door) -> Person:
    """Give somebody who was invited and linked, not logged in."""
    person = door.hire("ani", Role.RESPONDER, log_in=False)
    door.link("ani", email=EMAIL)
    return person


def is_in(browser: TestClient) -> bool:
    return browser.get("/account").status_code == 200


def test_who_was_linked_gets_in_with_our_code(door: Door, ani: Person) -> None:
    """The provider alone is not enough; the code works once, and the role is the account's."""
    door.provider.claims = {"role": "supervisor", "roles": ["operator"], "groups": ["admin"]}
    page = door.goes(ani.browser)
    assert page.status_code == 200
    assert "Satu langkah lagi" in page.text
    assert not is_in(ani.browser)
    assert ani.browser.post("/oidc/code", data={"code": "000000"}).status_code == 401
    code = ani.code()
    assert ani.browser.post("/oidc/code", data={"code": code}).status_code == 303
    assert is_in(ani.browser)
    assert ani.browser.get("/exports").status_code == 403, "a responder stays one"
    other = door.browser()
    door.goes(other)
    assert other.post("/oidc/code", data={"code": code}).status_code == 401
    with db.read(door.vault.engine) as connection:
        [login] = [one for one in audit.newest(connection, limit=9) if one["action"] == "login"]
    assert login["details"]["via"] == "oidc"


def test_the_way_there_carries_pkce_state_and_nonce(door: Door, ani: Person) -> None:
    """Fresh ones each time, and no secret in the address or in the clear in the cookie."""
    seen = []
    for _ in range(2):
        away = ani.browser.get("/oidc")
        brought = door.provider.authorize(away.headers["location"])
        assert away.headers["location"].startswith(f"{ISSUER}/authorize?")
        assert brought["response_type"] == "code"
        assert brought["code_challenge_method"] == "S256"
        assert brought["redirect_uri"] == "http://127.0.0.1:8081/oidc/callback"
        assert SECRET not in away.headers["location"]
        cookie = away.headers["set-cookie"]
        assert "httponly" in cookie.lower()
        assert "samesite=lax" in cookie.lower()
        assert brought["state"] not in cookie
        seen.append((brought["state"], brought["nonce"], brought["code_challenge"]))
    assert not set(seen[0]) & set(seen[1])


FORGED: dict[str, dict[str, Any]] = {
    "another issuer": {"claims": {"iss": "https://masuk.evil.example"}},
    "another audience": {"claims": {"aud": "other"}},
    "several audiences, made for another": {"claims": {"aud": [CLIENT, "o"], "azp": "o"}},
    "expired": {"claims": {"exp": 1}},
    "without end": {"claims": {"exp": None}},
    "another nonce": {"claims": {"nonce": "x"}},
    "no nonce": {"claims": {"nonce": None}},
    "no subject": {"claims": {"sub": None}},
    "from the future": {"claims": {"iat": 4_000_000_000}},
    "another key": {"signs_with": RSAKey.generate_key(2048, {"kid": "1"})},
    "no signature": {"alg": "none"},
    "our own secret as key": {"alg": "HS256", "signs_with": OctKey.import_key(SECRET * 3)},
}


@pytest.mark.parametrize("what", list(FORGED))
def test_a_token_that_is_not_right_opens_nothing(door: Door, ani: Person, what: str) -> None:
    """Also not as far as the question for the code."""
    for name, value in FORGED[what].items():
        setattr(door.provider, name, value)
    page = door.goes(ani.browser)
    assert page.status_code == 401
    assert "Satu langkah lagi" not in page.text
    assert ani.browser.post("/oidc/code", data={"code": ani.code()}).status_code == 401
    assert not is_in(ani.browser)
    assert "not good" in str(door.refusals()) or "another application" in str(door.refusals())


def test_a_return_that_was_not_begun_here_opens_nothing(door: Door, ani: Person) -> None:
    """Another state, another browser, twice the same, or ten minutes late."""
    assert door.goes(ani.browser, state="x").status_code == 401
    stranger = door.browser()
    away = ani.browser.get("/oidc")
    state = door.provider.authorize(away.headers["location"])["state"]
    back = {"code": "c", "state": state}
    assert stranger.get("/oidc/callback", params=back).status_code == 401
    assert ani.browser.get("/oidc/callback").status_code == 401
    away = ani.browser.get("/oidc")
    back["state"] = door.provider.authorize(away.headers["location"])["state"]
    kept = dict(ani.browser.cookies)
    assert ani.browser.get("/oidc/callback", params=back).status_code == 200
    again = door.browser()
    again.cookies.update(kept)
    assert again.get("/oidc/callback", params=back).status_code == 401
    away = ani.browser.get("/oidc")
    back["state"] = door.provider.authorize(away.headers["location"])["state"]
    door.clock.advance(601)
    assert ani.browser.get("/oidc/callback", params=back).status_code == 401
    for broken in ("", "AAAA", "%", "x" * 500):
        ani.browser.cookies.set(f"{door.app.state.desk.cookie}_oidc", broken)
        assert ani.browser.get("/oidc/callback", params=back).status_code == 401


def test_the_verifier_is_shown_to_the_provider(door: Door, ani: Person) -> None:
    """A code that was stolen on its way back is worth nothing without it."""
    away = ani.browser.get("/oidc")
    state = door.provider.authorize(away.headers["location"])["state"]
    door.provider.challenge = "another"
    answer = ani.browser.get("/oidc/callback", params={"code": "c", "state": state})
    assert answer.status_code == 401


def test_nobody_gets_in_who_was_not_linked(door: Door) -> None:
    """Invited but not linked, linked by an address nobody has verified, shut, or unlinked."""
    eka = door.hire("eka", Role.SUPERVISOR, log_in=False)
    assert door.goes(eka.browser).status_code == 401
    door.link("eka", email=EMAIL)
    for unsure in (False, "true", None):
        door.provider.claims = {"email_verified": unsure}
        assert door.goes(eka.browser).status_code == 401
    door.provider.claims = {}
    assert door.goes(eka.browser).status_code == 200
    with db.write(door.vault.engine) as connection:
        accounts.set_active(connection, "eka", active=False, now=door.clock())
    assert door.goes(door.browser()).status_code == 401
    with db.write(door.vault.engine) as connection:
        accounts.set_active(connection, "eka", active=True, now=door.clock())
        assert not staff_identities.unlink(connection, "eka"), "a reopened account is linked anew"
    assert door.goes(door.browser()).status_code == 401
    with db.read(door.vault.engine) as connection:
        assert len(accounts.everybody(connection)) == 1, "a log-in makes no account"


def test_an_address_counts_once_then_the_subject_does(door: Door, ani: Person) -> None:
    """Whoever gets Ani's address after her does not get her account; she keeps it without it."""
    assert door.goes(ani.browser).status_code == 200
    door.provider.claims = {"sub": "another person"}
    assert door.goes(door.browser()).status_code == 401
    door.provider.claims = {"email": "ani.baru@example.go.id"}
    assert door.goes(door.browser()).status_code == 200
    with db.read(door.vault.engine) as connection:
        stored = str(connection.execute(sa.select(table)).all())
    assert EMAIL not in stored
    assert "'42'" not in stored


def test_one_address_opens_one_account(door: Door, ani: Person) -> None:
    door.hire("budi", Role.RESPONDER, log_in=False)
    with pytest.raises(Refused, match="another account"):
        door.link("budi", email=EMAIL.upper())
    with pytest.raises(Refused, match="nobody has"):
        door.link("nobody", email="x@example.go.id")
    door.link("ani", subject="42")
    assert door.goes(ani.browser).status_code == 200


@pytest.mark.parametrize("trust", [True, False])
@pytest.mark.parametrize("amr", [["pwd", "mfa"], ["pwd"], "mfa", None])
def test_the_providers_second_factor_counts_only_where_it_is_trusted_and_was_used(
    vault: Vault, clock: Clock, tmp_path: Path, *, trust: bool, amr: object
) -> None:
    door = Door(vault, clock, tmp_path, SUAR_OIDC_MFA="trust" if trust else "ask")
    ani = door.hire("ani", Role.RESPONDER, log_in=False)
    door.link("ani", email=EMAIL)
    door.provider.claims = {"amr": amr}
    assert door.goes(ani.browser).status_code == 200
    assert is_in(ani.browser) == (trust and amr == ["pwd", "mfa"])


def test_domain_and_claim_narrow_who_is_believed(
    vault: Vault, clock: Clock, tmp_path: Path
) -> None:
    door = Door(
        vault, clock, tmp_path, SUAR_OIDC_DOMAINS="example.go.id, b.go.id",
        SUAR_OIDC_CLAIM="groups=satgas",
    )  # fmt: skip
    ani = door.hire("ani", Role.RESPONDER, log_in=False)
    door.link("ani", subject="42")
    for claims, status in (
        ({"groups": ["satgas"]}, 200),
        ({"groups": "satgas"}, 200),
        ({}, 401),
        ({"groups": ["satgas-lain"]}, 401),
        ({"groups": ["satgas"], "email": "ani@example.go.id.evil.example"}, 401),
        ({"groups": ["satgas"], "email_verified": False}, 401),
        ({"groups": ["satgas"], "email": None}, 401),
    ):
        door.provider.claims = claims
        assert door.goes(ani.browser).status_code == status, claims


def test_a_provider_that_is_away_or_another_is_said_and_the_password_still_works(
    door: Door, ani: Person
) -> None:
    door.provider.down = True
    answer = ani.browser.get("/oidc")
    assert answer.status_code == 502
    assert "tidak berhasil" in answer.text
    door.provider.down = False
    for described in (
        {"issuer": "https://other.example"},
        {"token_endpoint": "http://plain.example/token"},
        {"jwks_uri": ""},
    ):
        door.provider.described = described
        assert ani.browser.get("/oidc").status_code == 502
    assert ani.log_in().status_code == 303


def test_guesses_at_the_code_are_counted_and_the_half_way_ends(door: Door, ani: Person) -> None:
    """Five wrong ones shut the door as they do at the log-in; five minutes are enough."""
    door.goes(ani.browser)
    for _ in range(5):
        assert ani.browser.post("/oidc/code", data={"code": "000000"}).status_code == 401
    assert ani.browser.post("/oidc/code", data={"code": ani.code()}).status_code == 401
    door.clock.advance(16 * 60)
    door.goes(ani.browser)
    cross = {"sec-fetch-site": "cross-site"}
    answer = ani.browser.post("/oidc/code", data={"code": ani.code()}, headers=cross)
    assert answer.status_code == 403
    door.clock.advance(301)
    assert ani.browser.post("/oidc/code", data={"code": ani.code()}).status_code == 401
    assert not is_in(ani.browser)


def test_without_settings_there_is_no_such_door(office: Office) -> None:
    browser = office.browser()
    assert "/oidc" not in browser.get("/login").text
    for answer in (
        browser.get("/oidc"),
        browser.get("/oidc/callback"),
        browser.post("/oidc/code", data={"code": "1"}),
    ):
        assert answer.status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"SUAR_OIDC_CLIENT_SECRET": ""},
        {"SUAR_OIDC_ISSUER": "http://masuk.example.go.id"},
        {"SUAR_OIDC_CLAIM": "groups"},
        {"SUAR_OIDC_MFA": "maybe"},
    ],
)
def test_wrong_settings_are_refused(tmp_path: Path, change: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="SUAR_OIDC"):
        load_settings({"SUAR_HOME": str(tmp_path), **SET, **change})


def test_the_secret_is_in_no_description_of_the_settings(door: Door) -> None:
    assert SECRET not in repr(door.settings)


class Now(Clock):
    """The time that a provider of others goes by; held still, its tokens would be of the future."""

    def __call__(self) -> float:
        """Say what time it is."""
        return time.time()


def test_a_real_provider_lets_ani_in(vault: Vault, tmp_path: Path) -> None:
    """The whole way over HTTP with a provider that was written by others."""
    ani_there = User(sub="ani-7", claims={"email": EMAIL, "email_verified": True})
    with run_server_in_thread(user_claims=[ani_there]) as server:
        issuer = f"http://localhost:{server.server_port}"
        door = Door(vault, Now(), tmp_path, SUAR_OIDC_ISSUER=issuer)
        door.app.state.desk.__dict__["oidc_transport"] = None
        ani = door.hire("ani", Role.RESPONDER, log_in=False)
        door.link("ani", email=EMAIL)
        away = ani.browser.get("/oidc").headers["location"]
        page = httpx.get(away, timeout=60)
        assert page.status_code == 200
        action = re.findall(r'<form[^>]*action="([^"]*)"', page.text)
        url = html.unescape(action[0]) if action and action[0] else away
        back = httpx.post(
            httpx.URL(away).join(url), data={"sub": "ani-7"}, follow_redirects=False, timeout=60
        ).headers["location"]
        query = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
        answer = ani.browser.get(f"/oidc/callback?{urlencode(query)}")
        assert answer.status_code == 200, door.refusals()
        assert ani.browser.post("/oidc/code", data={"code": ani.code()}).status_code == 303
        assert is_in(ani.browser)
