"""`suar staff`: invites people to the console, lists them, shuts and reopens their accounts."""

from __future__ import annotations

import json
import time
from typing import TextIO

import sqlalchemy as sa

from hotline.errors import Refused
from hotline.settings import Settings
from hotline.staff import Level, Role, Scope
from store import audit, db
from store import staff as accounts
from store.regions import load_regions
from store.vault import Vault

OPERATOR = "operator"
_LEVELS = {0: Level.NATIONAL, 2: Level.PROVINCE, 4: Level.REGENCY}


def invite(
    vault: Vault,
    settings: Settings,
    *,
    login: str,
    name: str,
    role: Role,
    region: str,
    unit: str,
    language: str,
    out: TextIO,
) -> int:
    """Make an account, or a fresh link for one, and print the link once."""
    now, scope = time.time(), scope_of(region)
    with db.write(vault.engine) as connection:
        known = accounts.account(connection, vault.keyring, login)
        if known is not None and not known.active:
            raise Refused(f"the account {known.staff.login} is shut: suar staff reopen it first")
        token = accounts.invite(
            connection,
            login=login,
            name=name or login,
            role=role,
            scope=scope,
            unit=unit,
            now=now,
            language=language,
        )
        invited = accounts.invited(connection, token, now=now)
        assert invited is not None
        _log(connection, vault, "invited", invited.login, now, role=invited.role.value)
    if known is not None:
        print("The account is there already and keeps its role and scope.", file=out)
    where = f"{invited.scope.level.value} {invited.scope.region}".strip()
    print(f"{invited.login}: {invited.role.value}, {where}", file=out)
    hours = int(accounts.INVITATION_SECONDS / 3600)
    print(f"Give this link to that person alone; it works once, for {hours} hours:", file=out)
    print(f"{settings.console.url}/invitation/{token}", file=out)
    return 0


def scope_of(region: str) -> Scope:
    """Read a scope: nothing for the nation, a code, or the name of one province or regency."""
    said = region.strip()
    table = load_regions()
    found = (said,) if said in table.names or not said else table.codes_of(said)
    if len(found) != 1:
        meant = ", ".join(f"{code} ({table.name(code)})" for code in found) or "none"
        raise Refused(f"{said} must mean one province or regency, by code or name; found: {meant}")
    return Scope(_LEVELS[len(found[0])], found[0])


def listing(vault: Vault, *, as_json: bool, out: TextIO) -> int:
    """Print every account."""
    with db.read(vault.engine) as connection:
        people = accounts.everybody(connection)
    rows = [
        {
            "login": person.login,
            "name": person.name,
            "role": person.role.value,
            "level": person.scope.level.value,
            "region": person.scope.region,
            "unit": person.unit,
            "state": "shut" if not active else "active" if joined else "invited",
        }
        for person, active, joined in people
    ]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1), file=out)
        return 0
    if not rows:
        print("nobody yet; `suar staff invite NAME --role supervisor` makes the first", file=out)
    for row in rows:
        print("  ".join(value for value in row.values() if value), file=out)
    return 0


def set_active(vault: Vault, login: str, *, active: bool, out: TextIO) -> int:
    """Shut an account and end its sessions at once, or open it again."""
    now = time.time()
    with db.write(vault.engine) as connection:
        if not accounts.set_active(connection, login, active=active, now=now):
            raise Refused(f"nobody has the login name {login}")
        name = login.strip().lower()
        _log(connection, vault, "account_reopened" if active else "account_shut", name, now)
    print("open again" if active else "shut; every session has ended", file=out)
    return 0


def _log(
    connection: sa.Connection, vault: Vault, action: str, login: str, now: float, **details: object
) -> None:
    audit.add(
        connection, vault.keyring, actor=OPERATOR, action=action, object=login, now=now, **details
    )
