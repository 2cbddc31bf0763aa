"""Getting in through a provider: only who was linked, with a role of ours and our second factor."""

from __future__ import annotations

import base64
import hmac
import json
from typing import Any

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from console.desk import AtDesk, Desk, address_of, language_of, same_site
from console.login import device_of, keep_session
from console.oidc import PENDING_SECONDS, OidcError, Pending, Person, Provider
from console.proof import fits_second_factor
from hotline.errors import KeyringError
from store import db, staff_identities
from store import staff as accounts
from store.staff import Account

public = APIRouter(prefix="/oidc")  # reachable without a session
_HALF_SECONDS = 300.0
_SEEN = "oidc"  # what counts attempts for which nobody is known


def _provider(desk: Desk) -> Provider:
    settings = desk.settings.console
    if settings.oidc is None:
        raise HTTPException(404)
    return Provider(settings.oidc, f"{settings.url}/oidc/callback", desk.oidc_transport)


def _cookie(desk: Desk) -> str:
    return f"{desk.cookie}_oidc"


def _remember(desk: Desk, response: Response, what: str, text: str) -> None:
    """Keep something sealed in the browser until it comes back."""
    sealed = base64.urlsafe_b64encode(desk.vault.keyring.seal(text, f"oidc.{what}")).decode()
    response.set_cookie(
        _cookie(desk),
        sealed,
        path="/",
        httponly=True,
        # The provider's page sends the browser back: a strict cookie would stay at home.
        samesite="lax",
        secure=desk.settings.console.secure,
        max_age=int(PENDING_SECONDS),
    )


def _remembered(request: Request, desk: Desk, what: str) -> str | None:
    try:
        sealed = base64.urlsafe_b64decode(request.cookies.get(_cookie(desk), ""))
        return desk.vault.keyring.open(sealed, f"oidc.{what}")
    except (KeyringError, ValueError):
        return None


@public.get("")
async def begin(request: Request, desk: AtDesk) -> Response:
    """Send the browser to the provider."""
    provider = _provider(desk)
    try:
        url, pending = await run_in_threadpool(provider.begin, desk.now())
    except OidcError as error:
        return await _refused(request, desk, "-", str(error), 502)
    response = RedirectResponse(url, 303)
    _remember(desk, response, "pending", pending.packed())
    return response


@public.get("/callback")
async def callback(request: Request, desk: AtDesk, code: str = "", state: str = "") -> Response:
    """Take the browser back, and ask for our own second factor unless the provider's counts."""
    provider, kept = _provider(desk), _remembered(request, desk, "pending")
    pending = Pending.unpacked(kept) if kept else None
    if (
        pending is None
        or not hmac.compare_digest(pending.state.encode(), state.encode())
        or not 0 <= desk.now() - pending.at < PENDING_SECONDS
        or not desk.once.use(f"oidc {pending.state}")
    ):
        return await _refused(request, desk, "-", "state")
    try:
        person = await run_in_threadpool(provider.finish, pending, code[:4000], desk.now())
    except OidcError as error:
        return await _refused(request, desk, "-", str(error))
    return await run_in_threadpool(_let_in, request, desk, person)


async def _refused(request: Request, desk: Desk, who: str, why: str, status: int = 401) -> Response:
    return await run_in_threadpool(_refuse, request, desk, who, why, status)


def _refuse(request: Request, desk: Desk, who: str, why: str, status: int = 401) -> Response:
    keyring, now = desk.vault.keyring, desk.now()
    with db.write(desk.vault.engine) as connection:
        accounts.note_attempt(
            connection, keyring, login=_SEEN, address=address_of(request), worked=False, now=now
        )
        desk.log(connection, None, "login_failed", who, oidc=why[:80])
    response = desk.show(
        "login.html", None, status, language=language_of(request), failed="oidc", oidc=True
    )
    response.delete_cookie(_cookie(desk), path="/")
    return response


def _let_in(request: Request, desk: Desk, person: Person) -> Response:
    settings, now = desk.settings.console.oidc, desk.now()
    assert settings is not None
    with db.write(desk.vault.engine) as connection:
        login = staff_identities.find(
            connection, desk.vault.keyring, issuer=settings.issuer, subject=person.subject,
            email=person.email, now=now,
        )  # fmt: skip
        found = accounts.account(connection, desk.vault.keyring, login) if login else None
    if found is None or not found.active:
        return _refuse(request, desk, login or "-", "not linked")
    trusted = settings.trusts_mfa and person.used_mfa
    if trusted or (found.totp_secret is None and not desk.settings.console.totp_required):
        # A page and not a redirect: the session's cookie is sent only from a page of our own.
        response: Response = desk.show("oidc_in.html", None, language=language_of(request))
        response.delete_cookie(_cookie(desk), path="/")
        return _open(request, desk, response, found)
    if found.totp_secret is None:
        return _refuse(request, desk, found.staff.login, "no second factor")
    half = {"login": found.staff.login, "at": now, "mark": desk.once.new()}
    response = _ask(request, desk, failed=False)
    _remember(desk, response, "half", json.dumps(half))
    return response


def _ask(request: Request, desk: Desk, *, failed: bool) -> Response:
    return desk.show(
        "oidc_code.html", None, 401 if failed else 200, language=language_of(request),
        failed=failed,
    )  # fmt: skip


def _open(request: Request, desk: Desk, response: Response, found: Account) -> Response:
    device = device_of(request.headers.get("user-agent", ""))
    with db.write(desk.vault.engine) as connection:
        accounts.note_attempt(
            connection, desk.vault.keyring, login=found.staff.login, address=address_of(request),
            worked=True, now=desk.now(),
        )  # fmt: skip
        desk.log(connection, None, "login", found.staff.login, device=device, via="oidc")
        token = accounts.open_session(connection, found.staff.id, device, now=desk.now())
    keep_session(desk, response, token)
    return response


@public.post("/code")
async def code(request: Request, desk: AtDesk, code: str = Form(max_length=40)) -> Response:
    """Take our own second factor from somebody whom the provider has vouched for."""
    _provider(desk)
    if not same_site(request):
        raise HTTPException(403)
    kept = _remembered(request, desk, "half")
    half: dict[str, Any] = json.loads(kept) if kept else {}
    if not half or not 0 <= desk.now() - half["at"] < _HALF_SECONDS:
        return await _refused(request, desk, "-", "half")
    return await run_in_threadpool(_second, request, desk, half, code)


def _second(request: Request, desk: Desk, half: dict[str, Any], code: str) -> Response:
    keyring, now, address = desk.vault.keyring, desk.now(), address_of(request)
    login = str(half["login"])
    with db.write(desk.vault.engine) as connection:
        number = accounts.begin_attempt(connection, keyring, login=login, address=address, now=now)
        found = accounts.account(connection, keyring, login)
        fits = number is not None and found is not None and found.active
        fits = fits and found is not None and fits_second_factor(connection, desk, found, code)
        if fits and number is not None:
            accounts.attempt_worked(connection, number)
        else:
            desk.log(connection, None, "login_failed", login, waits=number is None, via="oidc")
    if not fits or found is None:
        return _ask(request, desk, failed=True)
    if not desk.once.use(f"half {half['mark']}"):
        return _refuse(request, desk, login, "half")
    response = RedirectResponse("/", 303)
    response.delete_cookie(_cookie(desk), path="/")
    return _open(request, desk, response, found)
