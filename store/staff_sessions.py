"""Who is logged in where, and how many failed log-ins there were."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from hotline.staff import Staff
from store.console_tables import login_attempts, staff, staff_sessions
from store.crypto import Keyring
from store.staff_rows import person_of, token_hash

IDLE_SECONDS = 45 * 60.0
LONGEST_SECONDS = 12 * 3600.0
_WINDOW = 15 * 60.0
# From one address to one account, to one account from anywhere, from one address to all accounts.
# The second is wide: who fails on purpose must not lock the owner out. From where the owner has
# logged in before only the first counts: an office behind one address shares the third.
_PAIR_LIMIT, _LOGIN_LIMIT, _ADDRESS_LIMIT = 5, 50, 30
_LOCK = 5749  # an advisory lock of our own: tries at the same moment are counted one by one


@dataclass(frozen=True)
class Session:
    """One browser that is logged in."""

    id: int
    staff: Staff
    csrf: str
    device: str
    opened_at: float
    seen_at: float


def open_session(connection: sa.Connection, staff_id: int, device: str, *, now: float) -> str:
    """Begin a session; returns the token for the cookie, of which only a hash is kept."""
    token = secrets.token_urlsafe(32)
    row = {
        "staff_id": staff_id,
        "token_hash": token_hash(token),
        "csrf": secrets.token_urlsafe(32),
        "device": device[:80],
        "opened_at": now,
        "seen_at": now,
    }
    connection.execute(sa.insert(staff_sessions), row)
    return token


def _alive(now: float) -> sa.ColumnElement[bool]:
    return sa.and_(
        staff_sessions.c.ended_at.is_(None),
        staff_sessions.c.seen_at > now - IDLE_SECONDS,
        staff_sessions.c.opened_at > now - LONGEST_SECONDS,
    )


def session(connection: sa.Connection, token: str, *, now: float) -> Session | None:
    """Find the living session of a cookie; reading does not prolong it."""
    row = connection.execute(
        sa.select(
            staff,
            staff_sessions.c.id.label("session_id"),
            *(staff_sessions.c[name] for name in ("csrf", "device", "opened_at", "seen_at")),
        )
        .join(staff_sessions)
        .where(staff_sessions.c.token_hash == token_hash(token), _alive(now), staff.c.active)
    ).first()
    if row is None:
        return None
    return Session(row.session_id, person_of(row), row.csrf, row.device, row.opened_at, row.seen_at)


def touch(connection: sa.Connection, session_id: int, *, now: float) -> None:
    """Note that somebody is still working in a session."""
    connection.execute(
        sa.update(staff_sessions).where(staff_sessions.c.id == session_id).values(seen_at=now)
    )


def sessions_of(connection: sa.Connection, staff_id: int, *, now: float) -> list[Session]:
    """List where somebody is logged in, newest first."""
    person = connection.execute(sa.select(staff).where(staff.c.id == staff_id)).one()
    rows = connection.execute(
        sa.select(staff_sessions)
        .where(staff_sessions.c.staff_id == staff_id, _alive(now))
        .order_by(staff_sessions.c.opened_at.desc())
    )
    return [
        Session(r.id, person_of(person), r.csrf, r.device, r.opened_at, r.seen_at) for r in rows
    ]


def end_session(connection: sa.Connection, staff_id: int, session_id: int, *, now: float) -> bool:
    """End one of somebody's own sessions."""
    mine = (staff_sessions.c.id == session_id) & (staff_sessions.c.staff_id == staff_id)
    done = connection.execute(sa.update(staff_sessions).where(mine).values(ended_at=now))
    return done.rowcount == 1


def end_sessions(
    connection: sa.Connection, staff_id: int, *, now: float, keep: int | None = None
) -> None:
    """End all of somebody's sessions, or all but one."""
    mine = (staff_sessions.c.staff_id == staff_id) & staff_sessions.c.ended_at.is_(None)
    if keep is not None:
        mine &= staff_sessions.c.id != keep
    connection.execute(sa.update(staff_sessions).where(mine).values(ended_at=now))


def begin_attempt(
    connection: sa.Connection, keyring: Keyring, *, login: str, address: str, now: float
) -> int | None:
    """Count a log-in as failed before it is looked at; None when it must not be looked at at all.

    Counted first: else many tries at once would all be looked at before the first is counted. Who
    must wait is not counted on: it ends a quarter of an hour after the last real try at the latest.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    if must_wait(connection, keyring, login=login, address=address, now=now):
        return None
    return note_attempt(connection, keyring, login=login, address=address, worked=False, now=now)


def attempt_worked(connection: sa.Connection, attempt: int) -> None:
    """Note that a log-in that was begun has worked."""
    mine = login_attempts.c.id == attempt
    connection.execute(sa.update(login_attempts).where(mine).values(worked=True))


def note_attempt(
    connection: sa.Connection, keyring: Keyring, *, login: str, address: str, worked: bool,
    now: float,
) -> int:  # fmt: skip
    """Remember a log-in; old ones are forgotten; returns its id."""
    connection.execute(sa.delete(login_attempts).where(login_attempts.c.at < now - 30 * 86400))
    row = {
        "login_index": keyring.blind("login", login.strip().lower()),
        "address_index": keyring.blind("address_of_login", address),
        "worked": worked,
        "at": now,
    }
    made = connection.execute(sa.insert(login_attempts).returning(login_attempts.c.id), row)
    return int(made.scalar_one())


def must_wait(
    connection: sa.Connection, keyring: Keyring, *, login: str, address: str, now: float
) -> bool:
    """Say whether there were too many failures lately for another try from this address.

    An address from which the account was opened within the last 30 days is held only to its own
    failures with this account: what others try, there or elsewhere, does not lock its owner out.
    """
    by_login = login_attempts.c.login_index == keyring.blind("login", login.strip().lower())
    by_address = login_attempts.c.address_index == keyring.blind("address_of_login", address)

    def failures(*where: sa.ColumnElement[bool]) -> int:
        recent = (login_attempts.c.at > now - _WINDOW, login_attempts.c.worked.is_(False))
        query = sa.select(sa.func.count()).select_from(login_attempts).where(*where, *recent)
        return int(connection.execute(query).scalar_one())

    if failures(by_login, by_address) >= _PAIR_LIMIT:
        return True
    known = sa.select(login_attempts.c.id).where(by_login, by_address, login_attempts.c.worked)
    if connection.execute(known.limit(1)).first():
        return False
    return failures(by_address) >= _ADDRESS_LIMIT or failures(by_login) >= _LOGIN_LIMIT
