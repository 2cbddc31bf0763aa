"""Proving who one is: password and second factor together, with wrong tries counted."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from console import passwords, second_factor
from console.desk import Desk
from store import db
from store import staff as accounts
from store.staff import Account


@dataclass(frozen=True)
class Proof:
    """What a try came to; `waits` when there were too many wrong ones lately to look at it."""

    account: Account | None  # whom the name belongs to, proven or not
    worked: bool
    waits: bool


def prove(desk: Desk, login: str, password: str, code: str, address: str) -> Proof:
    """Check password and code of an open account; the try is remembered, a code is used up.

    Takes some tenths of a second, also for a name that nobody has.
    """
    vault, now = desk.vault, desk.now()
    with db.read(vault.engine) as connection:
        waits = accounts.must_wait(connection, vault.keyring, login=login, address=address, now=now)
        found = accounts.account(connection, vault.keyring, login)
    # Checked also when it cannot help: how long we take must tell nothing.
    right = passwords.fits(password, found.password_hash if found else None)
    with db.write(vault.engine) as connection:
        worked = False
        if found is not None and found.active and right and not waits:
            worked = fits_second_factor(connection, desk, found, code)
        accounts.note_attempt(
            connection, vault.keyring, login=login, address=address, worked=worked, now=now
        )
    return Proof(found, worked, waits)


def fits_second_factor(connection: sa.Connection, desk: Desk, found: Account, code: str) -> bool:
    """Say whether a code from the app, or a backup code, fits; either works once."""
    if found.totp_secret is None:
        return not desk.settings.console.totp_required
    step = second_factor.step_of(found.totp_secret, code, desk.now())
    if step is not None:
        return accounts.use_totp_step(connection, found.staff.id, step)
    return accounts.use_backup_code(
        connection,
        found.staff.id,
        code.replace(" ", ""),
        now=desk.now(),
    )
