"""Which log-in at a provider stands for which member of staff; only keyed hashes are kept."""

from __future__ import annotations

import sqlalchemy as sa

from hotline.errors import Refused
from store.console_tables import staff
from store.crypto import Keyring
from store.paper_tables import staff_identities


def _email(keyring: Keyring, email: str) -> bytes:
    return keyring.blind("oidc_email", email.strip().lower())


def _subject(keyring: Keyring, issuer: str, subject: str) -> bytes:
    return keyring.blind("oidc_subject", f"{issuer} {subject}")


def link(
    connection: sa.Connection,
    keyring: Keyring,
    login: str,
    *,
    issuer: str,
    email: str = "",
    subject: str = "",
    now: float,
) -> None:
    """Let one e-mail address or one subject of a provider open an account; an older link goes.

    Raises Refused for an account that is not there, and for an address that opens another one.
    """
    id_ = _account(connection, login)
    if bool(email) == bool(subject):
        raise Refused("an account is linked by an e-mail address or by a subject")
    unlink(connection, login)
    row = {
        "staff_id": id_,
        "email_index": _email(keyring, email) if email else None,
        "subject_index": _subject(keyring, issuer, subject) if subject else None,
        "linked_at": now,
    }
    try:
        connection.execute(sa.insert(staff_identities), row)
    except sa.exc.IntegrityError:
        raise Refused("this address or subject opens another account already") from None


def unlink(connection: sa.Connection, login: str) -> bool:
    """Take a link back; says whether there was one."""
    mine = staff_identities.c.staff_id == _account(connection, login)
    return connection.execute(sa.delete(staff_identities).where(mine)).rowcount == 1


def _account(connection: sa.Connection, login: str) -> int:
    query = sa.select(staff.c.id).where(staff.c.login == login.strip().lower())
    found = connection.execute(query).scalar()
    if found is None:
        raise Refused(f"nobody has the login name {login}")
    return int(found)


def find(
    connection: sa.Connection,
    keyring: Keyring,
    *,
    issuer: str,
    subject: str,
    email: str,
    now: float,
) -> str | None:
    """Find whose account a provider's log-in opens, by login name.

    `email` is empty unless the provider has verified it. It counts once: from then on the subject
    does, for addresses are given to somebody else when people leave.
    """
    index = _subject(keyring, issuer, subject)
    query = sa.select(staff.c.login).join(staff_identities)
    found = connection.execute(query.where(staff_identities.c.subject_index == index)).scalar()
    if found is None and email:
        bound = connection.execute(
            sa.update(staff_identities)
            .where(staff_identities.c.email_index == _email(keyring, email))
            .where(staff_identities.c.subject_index.is_(None))
            .values(subject_index=index, bound_at=now)
            .returning(staff_identities.c.staff_id)
        ).scalar()
        found = connection.execute(sa.select(staff.c.login).where(staff.c.id == bound)).scalar()
    return None if found is None else str(found)
