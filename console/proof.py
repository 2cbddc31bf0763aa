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


@dataclass(frozen=True)
class Try:
    """A try that was counted, and whom its name belongs to; without a number it must wait."""

    account: Account | None
    number: int | None


def prove(desk: Desk, login: str, password: str, code: str, address: str) -> Proof:
    """Check password and code of an open account; the try is remembered, a code is used up.

    Takes some tenths of a second, also for a name that nobody has.
    """
    begun = begin(desk, login, address)
    right = begun.number is not None and passwords.fits(password, known_hash(begun))
    return finish(desk, begun, code, right=right)


def begin(desk: Desk, login: str, address: str) -> Try:
    """Count a try; what it must wait for is not looked at, and costs next to nothing."""
    vault = desk.vault
    with db.write(vault.engine) as connection:
        number = accounts.begin_attempt(
            connection, vault.keyring, login=login, address=address, now=desk.now()
        )
        return Try(accounts.account(connection, vault.keyring, login), number)


def known_hash(begun: Try) -> str | None:
    """Give what the password is checked against, if anybody has the name."""
    return begun.account.password_hash if begun.account else None


def finish(desk: Desk, begun: Try, code: str, *, right: bool) -> Proof:
    """Check the code of a try whose password was `right`, and note whether it worked."""
    found, worked = begun.account, False
    if right and begun.number is not None and found is not None and found.active:
        with db.write(desk.vault.engine) as connection:
            worked = fits_second_factor(connection, desk, found, code)
            if worked:
                accounts.attempt_worked(connection, begun.number)
    return Proof(found, worked, begun.number is None)


def fits_second_factor(connection: sa.Connection, desk: Desk, found: Account, code: str) -> bool:
    """Say whether a code from the app, or a backup code, fits; either works once."""
    if found.totp_secret is None:
        return not desk.settings.console.totp_required
    step = second_factor.step_of(found.totp_secret, code, desk.now())
    if step is not None:
        return accounts.use_totp_step(connection, found.staff.id, step)
    return accounts.use_backup_code(
        connection,
        desk.vault.keyring,
        found.staff.id,
        code.replace(" ", ""),
        now=desk.now(),
    )
