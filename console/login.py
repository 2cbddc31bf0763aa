"""Getting in and out: password, second factor, invitation, and the list of one's sessions."""

from __future__ import annotations

import asyncio
import re
import time

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from console import passwords, second_factor
from console.desk import AtDesk, Desk, SignedIn, address_of, language_of, same_site
from console.passwords import fits_in_turn
from console.proof import Try, begin, finish, known_hash
from console.units import unit_namer
from hotline.errors import Refused
from store import db
from store import staff as accounts
from store.staff import Session

public = APIRouter()  # reachable without a session
private = APIRouter()
_BROWSER = re.compile(r"(Firefox|Edg|OPR|Chrome|Safari)/[\d.]+")
_FAILED_SECONDS = 0.3  # longer than a password takes to be looked at
_SYSTEM = re.compile(r"(Android|iPhone|iPad|Windows|Mac OS X|Linux)")


@public.get("/login")
async def login_form(request: Request, desk: AtDesk) -> Response:
    """Show the form."""
    return desk.show(
        "login.html", None, language=language_of(request), failed=False, oidc=_has_oidc(desk)
    )


def _has_oidc(desk: Desk) -> bool:
    return desk.settings.console.oidc is not None


@public.post("/login")
async def login(
    request: Request,
    desk: AtDesk,
    name: str = Form(max_length=200),
    password: str = Form(max_length=1000),
    code: str = Form("", max_length=40),
) -> Response:
    """Check name, password and code together; says only whether all fit."""
    if not same_site(request):
        raise HTTPException(403)
    address = address_of(request)
    device = device_of(request.headers.get("user-agent", ""))
    not_before = time.monotonic() + _FAILED_SECONDS
    begun = await run_in_threadpool(begin, desk, name, address)
    right = begun.number is not None and await fits_in_turn(password, known_hash(begun))
    token = await run_in_threadpool(_log_in, desk, begun, code, device, right=right)
    if token is None:
        # How long it took must not tell whether the password was looked at.
        await asyncio.sleep(max(not_before - time.monotonic(), 0))
        return desk.show(
            "login.html", None, 401, language=language_of(request), failed=True,
            oidc=_has_oidc(desk),
        )  # fmt: skip
    response = RedirectResponse("/", 303)
    keep_session(desk, response, token)
    return response


def keep_session(desk: Desk, response: Response, token: str) -> None:
    """Hand a session's token to the browser."""
    response.set_cookie(
        desk.cookie,
        token,
        path="/",
        httponly=True,
        samesite="strict",
        secure=desk.settings.console.secure,
    )


def device_of(agent: str) -> str:
    """Name a browser so that its owner knows it again; the rest of its words is not kept."""
    browser, system = _BROWSER.search(agent), _SYSTEM.search(agent)
    words = [found[1] for found in (browser, system) if found]
    return " / ".join(words) or "?"


def _log_in(desk: Desk, begun: Try, code: str, device: str, *, right: bool) -> str | None:
    proof = finish(desk, begun, code, right=right)
    found = proof.account
    with db.write(desk.vault.engine) as connection:
        if not proof.worked or found is None:
            # The name as typed may be a password typed in the wrong field: it is not logged.
            who = found.staff.login if found else "-"
            desk.log(connection, None, "login_failed", who, waits=proof.waits)
            return None
        desk.log(connection, None, "login", found.staff.login, device=device)
        return accounts.open_session(connection, found.staff.id, device, now=desk.now())


@private.post("/logout")
def logout(desk: AtDesk, session: SignedIn) -> Response:
    """End this session."""
    _end(desk, session, session.id)
    response = RedirectResponse("/login", 303)
    response.delete_cookie(desk.cookie, path="/")
    return response


def _end(desk: Desk, session: Session, which: int) -> bool:
    with db.write(desk.vault.engine) as connection:
        ended = accounts.end_session(connection, session.staff.id, which, now=desk.now())
        if ended:
            desk.log(connection, session, "session_ended", session.staff.login)
        return ended


@public.get("/invitation/{token}")
def invitation(request: Request, desk: AtDesk, token: str) -> Response:
    """Show who is invited, and a fresh second factor to scan."""
    return _invitation(desk, token, language_of(request))


def _invitation(
    desk: Desk, token: str, language: str, *, secret: str = "", problem: str = ""
) -> Response:
    with db.read(desk.vault.engine) as connection:
        person = accounts.invited(connection, token, now=desk.now())
    if person is None:
        return desk.show("invitation_over.html", None, 410, language=language)
    secret = secret or second_factor.new_secret()
    return desk.show(
        "invitation.html",
        None,
        400 if problem else 200,
        language=language,
        person=person,
        token=token,
        secret=secret,
        picture=second_factor.picture(secret, person.login),
        problem=problem,
        shortest=passwords.SHORTEST,
        totp_required=desk.settings.console.totp_required,
    )


@public.post("/invitation/{token}")
async def take_up(
    request: Request,
    desk: AtDesk,
    token: str,
    password: str = Form(max_length=1000),
    again: str = Form(max_length=1000),
    secret: str = Form(max_length=64, pattern="^[A-Z2-7]{32}$"),
    code: str = Form("", max_length=40),
) -> Response:
    """Set password and second factor; shows the backup codes once."""
    if not same_site(request):
        raise HTTPException(403)
    return await run_in_threadpool(
        _take_up, desk, token, password, again, secret, code, language_of(request)
    )


def _take_up(
    desk: Desk, token: str, password: str, again: str, secret: str, code: str, language: str
) -> Response:
    with db.read(desk.vault.engine) as connection:
        person = accounts.invited(connection, token, now=desk.now())
    wants_code = desk.settings.console.totp_required or bool(code)
    problem = ""
    if person is not None and passwords.too_weak(password, person.login):
        problem = "weak"
    elif password != again:
        problem = "different"
    elif wants_code and second_factor.step_of(secret, code, desk.now()) is None:
        problem = "code"
    if person is None or problem:
        return _invitation(desk, token, language, secret=secret, problem=problem)
    hashed = passwords.make_hash(password)
    try:
        with db.write(desk.vault.engine) as connection:
            _, codes = accounts.take_up(
                connection,
                desk.vault.keyring,
                token,
                password_hash=hashed,
                totp_secret=secret if wants_code else None,
                now=desk.now(),
            )
            desk.log(connection, None, "joined", person.login, second_factor=wants_code)
    except Refused:
        return desk.show("invitation_over.html", None, 410, language=language)
    return desk.show("invitation_done.html", None, language=language, codes=codes)


@private.get("/account")
def account(desk: AtDesk, session: SignedIn) -> Response:
    """Show where one is logged in."""
    with db.read(desk.vault.engine) as connection:
        sessions = accounts.sessions_of(connection, session.staff.id, now=desk.now())
        named = unit_namer(connection)
    return desk.show("account.html", session, sessions=sessions, own=session.id, unit_name=named)


@private.post("/account/sessions/{which}/end")
def end_session(desk: AtDesk, session: SignedIn, which: int) -> Response:
    """End one of one's own sessions; another's is not found."""
    if not _end(desk, session, which):
        raise HTTPException(404)
    return RedirectResponse("/account", 303)


@private.post("/account/language")
def language(desk: AtDesk, session: SignedIn, language: str = Form()) -> Response:
    """Choose the console's language."""
    if language not in {"id", "en"}:
        raise HTTPException(422)
    with db.write(desk.vault.engine) as connection:
        accounts.set_language(connection, session.staff.id, language)
    return RedirectResponse("/account", 303)
