"""The command itself: errors are one line and exit code 2, never a stack of calls."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from hotline.settings import ROOT, load_settings
from store.crypto import Keyring
from store.vault import open_vault
from tests.fakes import message, receive


def suar(home: Path, *arguments: str, **env: str) -> tuple[int, str, str]:
    ran = subprocess.run(
        [sys.executable, "-m", "suar", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "SUAR_HOME": str(home), **env},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return ran.returncode, ran.stdout, ran.stderr


def one_line(error: str) -> bool:
    return error.startswith("suar: ") and error.count("\n") == 1


def test_a_wrong_setting_is_one_line(tmp_path: Path) -> None:
    """The operator reads the variable's name."""
    status, out, error = suar(tmp_path, "tickets", SUAR_PORT="banyak")
    assert (status, out) == (2, "")
    assert error == "suar: SUAR_PORT must be a number, not 'banyak'\n"


def test_lost_keys_are_one_line(tmp_path: Path) -> None:
    """No database is opened with keys that cannot read it."""
    settings = load_settings({"SUAR_HOME": str(tmp_path)})
    vault = open_vault(settings)
    receive(vault, message("halo"))
    vault.engine.dispose()
    settings.keyring_file.unlink()
    status, _, error = suar(tmp_path, "tickets")
    assert status == 2
    assert one_line(error), error
    assert "keyring" in error


def test_a_database_of_a_newer_version_is_one_line(tmp_path: Path) -> None:
    """The operator reads what to do, and no stack of calls."""
    vault = open_vault(load_settings({"SUAR_HOME": str(tmp_path)}))
    with vault.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '2099_01_01'"))
    vault.engine.dispose()
    status, _, error = suar(tmp_path, "tickets")
    assert status == 2
    assert one_line(error), error
    assert "newer Suar" in error
    assert "2099_01_01" in error


def test_damaged_keys_are_one_line(tmp_path: Path) -> None:
    """A cut file is named."""
    (tmp_path / "keys.json").write_text("{")
    status, _, error = suar(tmp_path, "tickets")
    assert (status, one_line(error)) == (2, True), error


def test_a_missing_model_is_one_line(tmp_path: Path) -> None:
    """What SUAR_MODEL names must be there."""
    status, _, error = suar(tmp_path, "train", SUAR_MODEL="/nowhere.tar.gz")
    assert (status, one_line(error)) == (2, True), error


@pytest.mark.parametrize(
    "url",
    ["postgresql://nobody@127.0.0.1:1/nothing", "sqlite:////proc/nowhere/suar.db"],
    ids=["no server", "no folder"],
)
def test_a_database_that_cannot_be_reached_is_one_line(tmp_path: Path, url: str) -> None:
    """The commonest mistake of a first start reads like a sentence."""
    status, _, error = suar(tmp_path, "tickets", SUAR_DATABASE_URL=url)
    assert (status, one_line(error)) == (2, True), error[-600:]


def test_a_register_file_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    """A mistyped path is no reason to read Python; the register in force is still there."""
    arguments = ["/nowhere.csv", "--source", "https://example.test", "--as-of", "2026-11-20"]
    status, out, error = suar(tmp_path, "register", "import", *arguments)
    assert (status, error) == (1, "")
    assert "/nowhere.csv" in out
    assert "has not changed" in out


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["nonsense"], ["register"], ["chat", "--channel", "fax"],
        ["register", "import", "f.csv", "--source", "x", "--as-of", "kemarin"],
    ],
    ids=lambda arguments: " ".join(arguments) or "nothing",
)  # fmt: skip
def test_a_wrong_command_shows_how_to_use_it(tmp_path: Path, arguments: list[str]) -> None:
    """Usage and the reason, exit code 2."""
    status, out, error = suar(tmp_path, *arguments)
    assert (status, out) == (2, "")
    assert error.startswith("usage: suar")
    assert "Traceback" not in error


def test_tickets_of_a_new_installation_are_none(tmp_path: Path) -> None:
    """A fresh home is made on the way."""
    assert suar(tmp_path / "new", "tickets") == (0, "no tickets\n", "")


@pytest.mark.parametrize("command", ["run", "train", "gateway", "worker", "chat", "parse",
                                     "tickets", "evaluate", "keys", "register"])  # fmt: skip
def test_every_command_is_listed_and_explains_itself(tmp_path: Path, command: str) -> None:
    """What `suar --help` lists can be asked for help."""
    assert command in suar(tmp_path, "--help")[1]
    assert suar(tmp_path, command, "--help")[0] == 0


def test_keys_can_be_made_anew(tmp_path: Path) -> None:
    """After the command a new key is active and every old message still opens."""
    settings = load_settings({"SUAR_HOME": str(tmp_path)})
    vault = open_vault(settings)
    receive(vault, message("halo"))
    vault.engine.dispose()
    status, _, error = suar(tmp_path, "keys")
    assert status == 0, error[-600:]
    assert open_vault(settings).keyring.active != vault.keyring.active


@pytest.mark.parametrize(
    "address",
    [
        "suar:rahasia@db:port/suar",
        "suar:ra#hasia@db:54a32/suar",
        "suar:rahasia@[db/suar",
        "suar:rahasia@127.0.0.1:99999/suar",
        "suar:rahasia@127.0.0.1:1/suar?sslmode=salah",
        "suar:rahasia@127.0.0.1:1/suar?ngawur=1",
    ],
)
def test_a_wrong_database_address_is_one_line_without_its_password(
    tmp_path: Path, address: str
) -> None:
    """The line may be passed on to whoever helps."""
    status, out, error = suar(tmp_path, "tickets", SUAR_DATABASE_URL=f"postgresql://{address}")
    assert (status, out, one_line(error)) == (2, "", True), error[-600:]
    assert "hasia" not in error


def test_the_keys_of_another_database_are_one_line(tmp_path: Path) -> None:
    """Every command notices before it reads or writes anything."""
    settings = load_settings({"SUAR_HOME": str(tmp_path)})
    open_vault(settings).engine.dispose()
    Keyring.new().save(settings.keyring_file)
    for command in (["tickets"], ["keys"], ["worker"], ["gateway"], ["register", "check", "x"]):
        status, _, error = suar(tmp_path, *command)
        assert (status, one_line(error)) == (2, True), error
        assert "does not belong to this database" in error


def test_a_start_that_fails_has_a_status_that_says_so(tmp_path: Path) -> None:
    """What starts Suar at boot must see that it is not there."""
    status, out, error = suar(tmp_path, "run", SUAR_HOST="198.51.100.7")
    assert (status, out) == (2, "")
    assert error.splitlines()[-1] == (
        "suar: SUAR_HOST names 198.51.100.7, which is no address of this machine"
    )


def test_what_is_written_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Whatever the shell's own rule for new files is."""
    home = tmp_path / "new"
    suar(home, "tickets")
    files = [file for file in home.rglob("*") if file.is_file()]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
