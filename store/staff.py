"""Accounts of the people at the desk: invitations, second factors, sessions, failed log-ins."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from hotline.errors import Refused
from hotline.staff import Role, Scope, Staff
from store import ticket_release
from store.console_tables import staff, staff_backup_codes, staff_invitations
from store.crypto import Keyring
from store.paper_tables import staff_identities
from store.staff_codes import new_backup_codes, use_backup_code
from store.staff_rows import person_of, token_hash
from store.staff_sessions import (
    IDLE_SECONDS,
    LONGEST_SECONDS,
    Session,
    attempt_worked,
    begin_attempt,
    end_session,
    end_sessions,
    must_wait,
    note_attempt,
    open_session,
    session,
    sessions_of,
    touch,
)

# Who works with accounts needs this one name only.
__all__ = [
    "IDLE_SECONDS",
    "INVITATION_SECONDS",
    "LONGEST_SECONDS",
    "Account",
    "Session",
    "account",
    "attempt_worked",
    "begin_attempt",
    "end_session",
    "end_sessions",
    "everybody",
    "invite",
    "invited",
    "must_wait",
    "new_backup_codes",
    "note_attempt",
    "open_session",
    "session",
    "sessions_of",
    "set_active",
    "set_language",
    "set_password",
    "take_up",
    "touch",
    "units_of",
    "use_backup_code",
    "use_totp_step",
]

INVITATION_SECONDS = 72 * 3600.0
# Colleagues and callers' conversations know somebody by the login name, in 24 characters.
_LOGIN = re.compile(r"[a-z0-9][a-z0-9.-]{0,23}")
_TAKEN = frozenset(
    {"bot", "clock", "gateway", "guard", "caller", "operator"}
)  # stand in the logs for others


@dataclass(frozen=True)
class Account:
    """A member of staff with what logging in needs."""

    staff: Staff
    password_hash: str | None
    totp_secret: str | None
    totp_step: int
    active: bool


def invite(
    connection: sa.Connection,
    *,
    login: str,
    name: str,
    role: Role,
    scope: Scope,
    unit: str,
    now: float,
    language: str = "id",
) -> str:
    """Make an account without a password, or a fresh link for one; returns the link's token.

    An account that exists keeps its role and scope; its password and second factor stop working
    when the link is used. Raises Refused for a login name that is no name.
    """
    login = login.strip().lower()
    if not _LOGIN.fullmatch(login) or login in _TAKEN:
        raise Refused("a login name has 1 to 24 letters a-z, digits, dots and hyphens")
    found = connection.execute(sa.select(staff.c.id).where(staff.c.login == login)).scalar()
    if found is None:
        row = {
            "login": login,
            "name": name.strip()[:80] or login,
            "role": role.value,
            "level": scope.level.value,
            "region": scope.region,
            "unit": unit,
            "language": language,
            "invited_at": now,
        }
        found = connection.execute(sa.insert(staff).returning(staff.c.id), row).scalar_one()
    token = secrets.token_urlsafe(32)
    _end_links(connection, found, now=now)  # an older link dies with the new one
    connection.execute(
        sa.insert(staff_invitations),
        {
            "staff_id": found,
            "token_hash": token_hash(token),
            "expires_at": now + INVITATION_SECONDS,
        },
    )
    return token


def invited(connection: sa.Connection, token: str, *, now: float) -> Staff | None:
    """Find whom a link invites; None when it is used up, too old or unknown."""
    row = connection.execute(
        sa.select(staff)
        .join(staff_invitations)
        .where(
            staff_invitations.c.token_hash == token_hash(token),
            staff_invitations.c.used_at.is_(None),
            staff_invitations.c.expires_at > now,
            staff.c.active,
        )
    ).first()
    return person_of(row) if row else None


def take_up(
    connection: sa.Connection,
    keyring: Keyring,
    token: str,
    *,
    password_hash: str,
    totp_secret: str | None,
    now: float,
) -> tuple[Staff, list[str]]:
    """Use an invitation: sets password and second factor, ends old sessions.

    Returns the person and the backup codes, which are shown once and kept only as hashes; raises
    Refused when the link no longer works.
    """
    used = connection.execute(
        sa.update(staff_invitations)
        .where(
            staff_invitations.c.token_hash == token_hash(token),
            staff_invitations.c.used_at.is_(None),
            staff_invitations.c.expires_at > now,
        )
        .values(used_at=now)
        .returning(staff_invitations.c.staff_id)
    ).scalar()
    if used is None:
        raise Refused("the invitation has been used or has run out")
    connection.execute(
        sa.update(staff)
        .where(staff.c.id == used)
        .values(
            password_hash=password_hash,
            totp_sealed=keyring.seal(totp_secret, "staff.totp") if totp_secret else None,
            totp_step=0,
            joined_at=now,
        )
    )
    end_sessions(connection, used, now=now)
    codes = new_backup_codes(connection, keyring, used) if totp_secret else []
    row = connection.execute(sa.select(staff).where(staff.c.id == used)).one()
    return person_of(row), codes


def set_password(
    connection: sa.Connection, staff_id: int, password_hash: str, *, keep: int, now: float
) -> None:
    """Change somebody's password; ends open links, and all sessions but the one to keep."""
    connection.execute(
        sa.update(staff).where(staff.c.id == staff_id).values(password_hash=password_hash)
    )
    end_sessions(connection, staff_id, now=now, keep=keep)
    _end_links(connection, staff_id, now=now)


def account(connection: sa.Connection, keyring: Keyring, login: str) -> Account | None:
    """Find an account by its login name."""
    query = sa.select(staff).where(staff.c.login == login.strip().lower())
    row = connection.execute(query).first()
    if row is None:
        return None
    secret = keyring.open(row.totp_sealed, "staff.totp") if row.totp_sealed else None
    return Account(person_of(row), row.password_hash, secret, row.totp_step, row.active)


def everybody(connection: sa.Connection) -> list[tuple[Staff, bool, bool]]:
    """Read all accounts: the person, whether active, whether the invitation was taken up."""
    rows = connection.execute(sa.select(staff).order_by(staff.c.login))
    return [(person_of(row), row.active, row.joined_at is not None) for row in rows]


def use_totp_step(connection: sa.Connection, staff_id: int, step: int) -> bool:
    """Use up a time step of the second factor; False when it or a later one was used before."""
    done = connection.execute(
        sa.update(staff)
        .where(staff.c.id == staff_id, staff.c.totp_step < step)
        .values(totp_step=step)
    )
    return done.rowcount == 1


def set_active(connection: sa.Connection, login: str, *, active: bool, now: float) -> bool:
    """Shut or reopen an account; shutting ends its sessions at once and frees its tickets.

    One that was shut opens without password, second factor, link or log-in at a provider: why it
    was shut may be that somebody else knew them. It takes a new invitation to come in again.
    """
    mine = staff.c.login == login.strip().lower()
    was = connection.execute(sa.select(staff).where(mine)).first()
    if was is None:
        return False
    connection.execute(sa.update(staff).where(mine).values(active=active))
    if not active:
        end_sessions(connection, was.id, now=now)
        ticket_release.from_who_left(connection, person_of(was), actor="operator", now=now)
    elif not was.active:
        _forget_secrets(connection, was.id, now=now)
    return True


def _forget_secrets(connection: sa.Connection, staff_id: int, *, now: float) -> None:
    end_sessions(connection, staff_id, now=now)
    gone = {"password_hash": None, "totp_sealed": None, "joined_at": None}
    connection.execute(sa.update(staff).where(staff.c.id == staff_id).values(gone))
    for table in (staff_backup_codes, staff_identities):
        connection.execute(sa.delete(table).where(table.c.staff_id == staff_id))
    _end_links(connection, staff_id, now=now)


def _end_links(connection: sa.Connection, staff_id: int, *, now: float) -> None:
    links = (staff_invitations.c.staff_id == staff_id) & staff_invitations.c.used_at.is_(None)
    connection.execute(sa.update(staff_invitations).where(links).values(used_at=now))


def set_language(connection: sa.Connection, staff_id: int, language: str) -> None:
    """Keep which language somebody reads the console in."""
    connection.execute(sa.update(staff).where(staff.c.id == staff_id).values(language=language))


def units_of(connection: sa.Connection) -> Sequence[str]:
    """List the units that have staff."""
    query = sa.select(staff.c.unit).where(staff.c.unit != "", staff.c.active).distinct()
    return list(connection.execute(query.order_by(staff.c.unit)).scalars())
