"""`suar staff`: invites people to the console, lists them, shuts and reopens their accounts."""

from __future__ import annotations

import json
import time
from typing import TextIO

import sqlalchemy as sa

from hotline.errors import Refused
from hotline.settings import ROOT, Settings
from hotline.staff import Level, Role, Scope
from store import audit, db, staff_identities
from store import staff as accounts
from store.knowledge import load_knowledge
from store.knowledge_edits import in_force, overlay
from store.regions import load_regions
from store.units import Units
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
        if known is None:  # an account that exists keeps its unit, also one from before the rule
            _refuse_strange_unit(connection, unit)
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


def _refuse_strange_unit(connection: sa.Connection, unit: str) -> None:
    """Refuse a unit that the directory does not know: nobody could ever refer to it."""
    files = load_knowledge(ROOT / "knowledge")
    units = Units(overlay(files, in_force(connection)).units, load_regions())
    if unit and not units.has(unit):
        raise Refused(
            f"{unit} is no unit: write an id of the directory, which means every account of that "
            f"kind ({', '.join(units.ids)}), or one with the code of a province or regency behind "
            "it, which means that office alone (uptd-ppa-5371)"
        )


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
    """Shut an account and end its sessions at once, or open it for a new invitation."""
    now = time.time()
    with db.write(vault.engine) as connection:
        if not accounts.set_active(connection, login, active=active, now=now):
            raise Refused(f"nobody has the login name {login}")
        name = login.strip().lower()
        _log(connection, vault, "account_reopened" if active else "account_shut", name, now)
    opened = (
        f"open again, without its old password and codes: suar staff invite {name} makes a link"
    )
    print(opened if active else "shut; every session has ended", file=out)
    return 0


def link(
    vault: Vault,
    settings: Settings,
    login: str,
    *,
    email: str,
    subject: str,
    off: bool,
    out: TextIO,
) -> int:
    """Let a log-in at the OpenID provider open an account, or no longer."""
    oidc, now, name = settings.console.oidc, time.time(), login.strip().lower()
    if oidc is None:
        raise Refused("no provider is set: SUAR_OIDC_ISSUER, _CLIENT_ID and _CLIENT_SECRET")
    with db.write(vault.engine) as connection:
        if off:
            if not staff_identities.unlink(connection, login):
                raise Refused(f"{name} is not linked")
        else:
            staff_identities.link(
                connection, vault.keyring, login, issuer=oidc.issuer, email=email,
                subject=subject, now=now,
            )  # fmt: skip
        _log(connection, vault, "identity_unlinked" if off else "identity_linked", name, now)
    print("unlinked" if off else "linked; role, scope and second factor stay ours", file=out)
    return 0


def _log(
    connection: sa.Connection, vault: Vault, action: str, login: str, now: float, **details: object
) -> None:
    audit.add(
        connection, vault.keyring, actor=OPERATOR, action=action, object=login, now=now, **details
    )
