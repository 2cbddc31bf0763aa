"""Kunci akun: changing one's own password, and drawing new backup codes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from console import passwords
from console.desk import AtDesk, Desk, SignedIn, address_of
from console.proof import prove
from store import db
from store import staff as accounts
from store.staff import Session

router = APIRouter(prefix="/account/secrets")
_Password = Annotated[str, Form(max_length=1000)]
_Code = Annotated[str, Form(max_length=40)]


@router.get("")
def show(desk: AtDesk, session: SignedIn) -> Response:
    """Show both forms."""
    return _show(desk, session)


def _show(
    desk: Desk, session: Session, status: int = 200, problem: str = "", *, done: bool = False
) -> Response:
    with db.read(desk.vault.engine) as connection:
        found = accounts.account(connection, desk.vault.keyring, session.staff.login)
    return desk.show(
        "account_secrets.html",
        session,
        status,
        problem=problem,
        done=done,
        shortest=passwords.SHORTEST,
        has_password=found is not None and found.password_hash is not None,
        has_code=found is not None and found.totp_secret is not None,
    )


def _proves(request: Request, desk: Desk, session: Session, password: str, code: str) -> bool:
    """Check who sits here: an open screen must not be enough to take the account over."""
    login = session.staff.login
    proof = prove(desk, login, password, code, address_of(request))
    if not proof.worked:
        with db.write(desk.vault.engine) as connection:
            desk.log(connection, session, "own_secret_refused", login, waits=proof.waits)
    return proof.worked


@router.post("/password")
def change(
    request: Request,
    desk: AtDesk,
    session: SignedIn,
    old: _Password = "",
    password: _Password = "",
    again: _Password = "",
    code: _Code = "",
) -> Response:
    """Change one's password; every other session ends, this one goes on."""
    person = session.staff
    if passwords.too_weak(password, person.login):
        return _show(desk, session, 422, "weak")
    if password != again:
        return _show(desk, session, 422, "different")
    # Last, so that a slip of the new password does not use the code up.
    if not _proves(request, desk, session, old, code):
        return _show(desk, session, 422, "unproven")
    hashed = passwords.make_hash(password)
    with db.write(desk.vault.engine) as connection:
        accounts.set_password(connection, person.id, hashed, keep=session.id, now=desk.now())
        desk.log(connection, session, "password_changed", person.login)
    return _show(desk, session, done=True)


@router.post("/codes")
def draw(
    request: Request,
    desk: AtDesk,
    session: SignedIn,
    old: _Password = "",
    code: _Code = "",
) -> Response:
    """Draw new backup codes and show them, this once; the old ones end."""
    person = session.staff
    if not _proves(request, desk, session, old, code):
        return _show(desk, session, 422, "unproven")
    with db.write(desk.vault.engine) as connection:
        found = accounts.account(connection, desk.vault.keyring, person.login)
        if found is None or found.totp_secret is None:
            codes = []
        else:
            codes = accounts.new_backup_codes(connection, desk.vault.keyring, person.id)
            desk.log(connection, session, "backup_codes_drawn", person.login)
    if not codes:
        return _show(desk, session, 409, "no_code")
    return desk.show("account_codes.html", session, codes=codes)
