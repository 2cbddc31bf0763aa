"""A second factor asked for once more, right before something that cannot be taken back."""

from __future__ import annotations

from console import second_factor
from console.desk import Desk
from store import db
from store import staff as accounts
from store.staff import Session


def proves(desk: Desk, session: Session, code: str, address: str) -> bool:
    """Say whether a code from the authenticator app fits; it is used up, guesses are counted.

    Whoever has no second factor cannot prove anything.
    """
    keyring, now, login = desk.vault.keyring, desk.now(), session.staff.login
    with db.write(desk.vault.engine) as connection:
        number = accounts.begin_attempt(connection, keyring, login=login, address=address, now=now)
        found = accounts.account(connection, keyring, login)
        secret = found.totp_secret if found else None
        step = second_factor.step_of(secret, code, now) if secret and number else None
        worked = step is not None and accounts.use_totp_step(connection, session.staff.id, step)
        if worked and number is not None:
            accounts.attempt_worked(connection, number)
        if not worked:
            desk.log(connection, session, "second_factor_failed", login, waits=number is None)
    return worked
