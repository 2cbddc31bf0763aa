"""`suar staff`: an operator invites, lists, shuts and reopens accounts."""

import io
import json
import time
from pathlib import Path

import pytest

import store.console_tables  # noqa: F401 - adds its tables to those that are emptied
from hotline.errors import Refused
from hotline.settings import load_settings
from hotline.staff import Level, Role
from store import audit, db
from store import staff as accounts
from store.vault import Vault
from suar import staff as command


def invite(vault: Vault, home: Path, login: str = "ani", **changes: object) -> str:
    out = io.StringIO()
    settings = load_settings(
        {"SUAR_HOME": str(home), "SUAR_CONSOLE_URL": "https://meja.example.org"}
    )
    wanted = {"name": "Ani", "role": Role.RESPONDER, "region": "", "unit": "", "language": "id"}
    assert command.invite(vault, settings, login=login, out=out, **{**wanted, **changes}) == 0  # type: ignore[arg-type]
    return out.getvalue()


def rows(vault: Vault) -> list[dict[str, str]]:
    out = io.StringIO()
    command.listing(vault, as_json=True, out=out)
    return list(json.loads(out.getvalue()))


def test_an_invitation_prints_a_link_that_works(vault: Vault, tmp_path: Path) -> None:
    """Under the console's own address; the token is nowhere in the log."""
    said = invite(vault, tmp_path, "Rini", role=Role.SUPERVISOR, region="53")
    link = said.splitlines()[-1]
    assert link.startswith("https://meja.example.org/invitation/")
    token = link.rsplit("/", 1)[1]

    with db.read(vault.engine) as connection:
        person = accounts.invited(connection, token, now=time.time())
        log = str(audit.newest(connection, limit=5))
    assert person is not None
    assert (person.login, person.role, person.scope.region) == ("rini", Role.SUPERVISOR, "53")
    assert "invited" in log
    assert token not in log


@pytest.mark.parametrize(
    ("said", "level", "region"),
    [
        ("", Level.NATIONAL, ""),
        ("53", Level.PROVINCE, "53"),
        ("Nusa Tenggara Timur", Level.PROVINCE, "53"),
        ("3578", Level.REGENCY, "3578"),
        ("kota surabaya", Level.REGENCY, "3578"),
    ],
)
def test_a_scope_is_named_by_code_or_by_name(said: str, level: Level, region: str) -> None:
    """As people know their province."""
    scope = command.scope_of(said)
    assert (scope.level, scope.region) == (level, region)


@pytest.mark.parametrize("said", ["malang", "atlantis", "99", "5"])
def test_a_name_of_several_places_or_none_is_refused(said: str) -> None:
    """Too wide a scope shows tickets to strangers: nothing is guessed."""
    with pytest.raises(Refused, match="must mean one province or regency"):
        command.scope_of(said)


@pytest.mark.parametrize("login", ["bot", "caller", "operator", "a" * 25, ".ani", "ani@x", "Ani B"])
def test_a_name_that_stands_for_others_is_refused(vault: Vault, tmp_path: Path, login: str) -> None:
    """In a conversation and in the logs a login name must mean one person."""
    with pytest.raises(Refused):
        invite(vault, tmp_path, login)


def test_accounts_are_listed_shut_and_opened_again(vault: Vault, tmp_path: Path) -> None:
    """A shut one gets no new link by accident."""
    out = io.StringIO()
    command.listing(vault, as_json=False, out=out)
    assert "nobody yet" in out.getvalue()
    invite(vault, tmp_path, unit="uptd-ntt")
    assert [(row["login"], row["state"], row["unit"]) for row in rows(vault)] == [
        ("ani", "invited", "uptd-ntt")
    ]
    command.set_active(vault, "ANI", active=False, out=out)
    assert rows(vault)[0]["state"] == "shut"
    with pytest.raises(Refused, match="reopen it first"):
        invite(vault, tmp_path)
    command.set_active(vault, "ani", active=True, out=out)
    assert "keeps its role and scope" in invite(vault, tmp_path, role=Role.OPERATOR)
    assert rows(vault)[0]["role"] == "responder"
    with pytest.raises(Refused, match="nobody has the login name budi"):
        command.set_active(vault, "budi", active=False, out=out)
