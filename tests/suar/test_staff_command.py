"""`suar staff`: an operator invites, lists, shuts and reopens accounts."""

import io
import json
import time
from datetime import date
from pathlib import Path

import pytest

import store.console_tables  # noqa: F401 - adds its tables to those that are emptied
from hotline.errors import Refused
from hotline.settings import ROOT, load_settings
from hotline.staff import Level, Role, Scope
from store import audit, db
from store import staff as accounts
from store.knowledge import load_knowledge
from store.knowledge_edits import save
from store.knowledge_rules import NEW, Kind
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
    invite(vault, tmp_path, unit="uptd-ppa-53")
    assert [(row["login"], row["state"], row["unit"]) for row in rows(vault)] == [
        ("ani", "invited", "uptd-ppa-53")
    ]
    command.set_active(vault, "ANI", active=False, out=out)
    assert rows(vault)[0]["state"] == "shut"
    with pytest.raises(Refused, match="reopen it first"):
        invite(vault, tmp_path)
    command.set_active(vault, "ani", active=True, out=out)
    assert "suar staff invite ani" in out.getvalue()
    assert rows(vault)[0]["state"] == "invited"
    assert "keeps its role and scope" in invite(vault, tmp_path, role=Role.OPERATOR)
    assert rows(vault)[0]["role"] == "responder"
    with pytest.raises(Refused, match="nobody has the login name budi"):
        command.set_active(vault, "budi", active=False, out=out)


@pytest.mark.parametrize("unit", ["uptd-ppa", "uptd-ppa-53", "uptd-ppa-5371", "sapa-129", ""])
def test_a_unit_is_a_row_of_the_directory_or_one_with_a_region(
    vault: Vault, tmp_path: Path, unit: str
) -> None:
    """The bare id means every account of that kind."""
    invite(vault, tmp_path, unit=unit)
    assert rows(vault)[0]["unit"] == unit


@pytest.mark.parametrize(
    "unit", ["uptd", "uptd-ntt", "uptd-ppa-99", "UPTD-PPA", "129", "uptd-ppa-"]
)
def test_a_unit_that_nobody_could_refer_to_is_refused(
    vault: Vault, tmp_path: Path, unit: str
) -> None:
    """The answer says what can be written."""
    with pytest.raises(Refused, match=r"is no unit: .*uptd-ppa, .*uptd-ppa-5371"):
        invite(vault, tmp_path, unit=unit)
    assert rows(vault) == []


def test_a_unit_added_at_the_desk_can_be_used_and_an_old_account_keeps_its_own(
    vault: Vault, tmp_path: Path
) -> None:
    """Accounts from before the rule go on working, with a new link too."""
    with db.write(vault.engine) as connection:
        accounts.invite(
            connection, login="lama", name="Lama", role=Role.RESPONDER, scope=Scope(),
            unit="uptd-ntt", now=time.time(),
        )  # fmt: skip
        by = accounts.everybody(connection)[0][0].id
        fields = {"name": "Rumah Singgah", "does": "tempat", "when_to_refer": "malam"}
        fields |= {"level": "nasional", "mark": "found", "source": "surat", "as_of": "2024-11"}
        save(
            connection, load_knowledge(ROOT / "knowledge"), Kind.UNIT, "rumah-singgah", fields,
            imprint=NEW, by=by, now=time.time(), today=date(2024, 11, 22),
        )  # fmt: skip
    assert "keeps its role and scope" in invite(vault, tmp_path, "lama", unit="uptd-ntt")
    invite(vault, tmp_path, unit="rumah-singgah-3578")
    assert {row["login"]: row["unit"] for row in rows(vault)} == {
        "lama": "uptd-ntt", "ani": "rumah-singgah-3578",
    }  # fmt: skip


def test_a_log_in_at_the_provider_is_linked_and_unlinked(vault: Vault, tmp_path: Path) -> None:
    """Only where a provider is set; both are in the audit log, the address is not."""
    settings = load_settings(
        {
            "SUAR_OIDC_ISSUER": "https://masuk.example.go.id",
            "SUAR_OIDC_CLIENT_ID": "suar",
            "SUAR_OIDC_CLIENT_SECRET": "rahasia",
        }
    )
    out, email = io.StringIO(), "ani@example.go.id"
    invite(vault, tmp_path)
    with pytest.raises(Refused, match="no provider"):
        command.link(vault, load_settings({}), "ani", email=email, subject="", off=False, out=out)
    with pytest.raises(Refused, match="nobody has"):
        command.link(vault, settings, "budi", email=email, subject="", off=False, out=out)
    with pytest.raises(Refused, match="by an e-mail address or by a subject"):
        command.link(vault, settings, "ani", email="", subject="", off=False, out=out)
    assert command.link(vault, settings, " ANI ", email=email, subject="", off=False, out=out) == 0
    assert command.link(vault, settings, "ani", email="", subject="", off=True, out=out) == 0
    with pytest.raises(Refused, match="not linked"):
        command.link(vault, settings, "ani", email="", subject="", off=True, out=out)
    with db.read(vault.engine) as connection:
        lines = audit.newest(connection, limit=20)
    actions = [line["action"] for line in lines if line["action"].startswith("identity")]
    assert actions == ["identity_unlinked", "identity_linked"]
    assert email not in str(lines) + out.getvalue()
