"""Backup and restore as rehearsed: reports and files come back whole, or nothing is touched."""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import tarfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from hotline.attachments import AttachmentState
from hotline.errors import KeyringError, Refused, SuarError
from hotline.messages import Kind, Media
from hotline.settings import Settings, load_settings
from hotline.tickets import Category
from store import audit, db, media_files, tickets
from store.attachment_files import open_attachment
from store.media_files import media_folder
from store.tables import attachments
from store.vault import Vault, open_vault
from suar.backup import backup, backup_keys
from suar.restore import restore, restore_keys
from tests.fakes import message, receive
from tests.store.conversations_of import conversation_of

STORY = "dikurung majikan di Johor"
PHOTO = b"\xff\xd8\xff\xe0 foto paspor"


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Give an installation of each kind, with a database of its own."""
    home = str(tmp_path / "home")
    if request.param == "sqlite":
        yield load_settings({"SUAR_HOME": home})
        return
    engine = request.getfixturevalue("_postgres")
    strict = os.environ.get("SUAR_TEST_STRICT")  # noqa: TID251
    if isinstance(engine, str) or shutil.which("pg_dump") is None:
        (pytest.fail if strict else pytest.skip)("no PostgreSQL, or none of its programs")
    name = f"suar_{uuid4().hex[:12]}"
    admin = sa.create_engine(
        engine.url.difference_update_query(["options"]), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(sa.text(f"create database {name}"))
    url = admin.url.set(database=name).render_as_string(hide_password=False)
    yield load_settings({"SUAR_HOME": home, "SUAR_DATABASE_URL": url})
    with admin.connect() as connection:
        connection.execute(sa.text(f"drop database {name} with (force)"))
    admin.dispose()


def report(vault: Vault, settings: Settings, number: int) -> str:
    """Let Siti write, send a photo and tell her story; gives the ticket's code."""
    one = message(
        "tolong", provider_id=f"b{number}", address=f"+6012300{number:04d}", kind=Kind.PHOTO,
        media=(Media(Kind.PHOTO, "https://x.example/1", name="a.jpg"),),
    )  # fmt: skip
    row = receive(vault, one, transport="twilio")
    conversation, name = conversation_of(vault, row), f"{number:032x}"
    media_files.write(media_folder(settings), name, PHOTO, vault.keyring)
    with db.write(vault.engine) as connection:
        opened = tickets.open_or_raise(
            connection, vault.keyring, conversation=conversation,
            category=Category.REPORT, reasons=(), message_id=row, language="id", now=1.8e9,
        )  # fmt: skip
        tickets.add_fact(
            connection, vault.keyring, opened.id, "story", STORY, said_by="caller",
            message_id=row, now=1.8e9,
        )  # fmt: skip
        kept = {"state": AttachmentState.KEPT.value, "file": name, "found_type": "image/jpeg"}
        mine = attachments.c.inbox_id == row
        connection.execute(sa.update(attachments).where(mine).values(**kept))
        audit.add(connection, vault.keyring, actor="ani", action="ticket_read", object=opened.code,
                  now=1.8e9)  # fmt: skip
    return opened.code


def made(settings: Settings, number: int = 3) -> list[str]:
    vault = open_vault(settings)
    codes = [report(vault, settings, one) for one in range(1, number + 1)]
    with closing(sqlite3.connect(settings.home / "trackers.db")) as connection:
        connection.execute("create table seen (word text)")
        connection.execute("insert into seen values ('di mana')")
        connection.commit()
    vault.engine.dispose()
    return codes


def destroy(settings: Settings) -> None:
    """Lose the disk, and on PostgreSQL the database."""
    shutil.rmtree(settings.home)
    if db.sqlite_file(settings.database_url) is None:
        engine = db.connect(settings.database_url)
        with engine.begin() as connection:
            connection.execute(sa.text("drop schema public cascade"))
            connection.execute(sa.text("create schema public"))
        engine.dispose()


def passphrase_of(printed: str) -> str:
    _, _, after = printed.partition("passphrase is shown this once:\n")
    return after.splitlines()[0]


def test_what_was_destroyed_comes_back_whole(settings: Settings, tmp_path: Path) -> None:
    """Tickets, files, Rasa's place and an unbroken audit log, from two files and a paper."""
    codes = made(settings)
    archive, keys, out = tmp_path / "suar.tar", tmp_path / "keys.zip", io.StringIO()
    assert backup(settings, archive, out) == 0
    assert backup_keys(settings, keys, out) == 0
    assert (archive.stat().st_mode & 0o777, keys.stat().st_mode & 0o777) == (0o600, 0o600)
    assert STORY.encode() not in archive.read_bytes()
    assert b"current" not in keys.read_bytes(), "the keys are not in the clear"
    destroy(settings)
    said = io.StringIO()
    assert restore(settings, archive, said) == 0
    assert "suar restore --keys" in said.getvalue()
    assert restore_keys(settings, keys, passphrase_of(out.getvalue()) + "\n", said) == 0
    vault = open_vault(settings)
    with db.read(vault.engine) as connection:
        found = tickets.all_tickets(connection, vault.keyring)
        checked = audit.verify(connection, vault.keyring)
        files = list(connection.execute(sa.select(attachments.c.id)).scalars())
    assert sorted(one.code for one in found) == sorted(codes)
    assert {one.known()["story"] for one in found} == {STORY}
    assert {open_attachment(vault, settings, one) for one in files} == {PHOTO}
    assert (checked.broken, checked.lines) == (None, len(codes) + 1)
    with closing(sqlite3.connect(settings.home / "trackers.db")) as connection:
        assert connection.execute("select word from seen").fetchall() == [("di mana",)]
    vault.engine.dispose()


def test_with_its_keys_in_place_a_restore_proves_itself(settings: Settings, tmp_path: Path) -> None:
    """It counts the tickets and checks the log against the mark that was noted."""
    made(settings)
    archive, kept = tmp_path / "suar.tar", tmp_path / "keys.json"
    backup(settings, archive, io.StringIO())
    shutil.copy(settings.keyring_file, kept)
    destroy(settings)
    settings.home.mkdir()
    shutil.copy(kept, settings.keyring_file)
    out = io.StringIO()
    assert restore(settings, archive, out) == 0
    assert "3 tickets. Audit log: 4 lines, none changed, none missing." in out.getvalue()


def test_a_backup_is_taken_while_others_write(settings: Settings, tmp_path: Path) -> None:
    """What is in it is one moment: every ticket with its fact, and a log that fits."""
    made(settings, 1)
    vault, stop = open_vault(settings), threading.Event()
    written: list[str] = []

    def keep_writing() -> None:
        while not stop.is_set():
            written.append(report(vault, settings, len(written) + 10))

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        for number in range(3):
            # However slow either of the two is, something is written before each backup.
            deadline = time.monotonic() + 60
            while len(written) <= number and time.monotonic() < deadline:
                time.sleep(0.02)
            backup(settings, tmp_path / f"{number}.tar", io.StringIO())
    finally:
        stop.set()
        writer.join()
    vault.engine.dispose()
    keys = settings.keyring_file.read_bytes()
    destroy(settings)
    settings.home.mkdir()
    settings.keyring_file.write_bytes(keys)
    assert restore(settings, tmp_path / "2.tar", io.StringIO()) == 0
    vault = open_vault(settings)
    with db.read(vault.engine) as connection:
        found = tickets.all_tickets(connection, vault.keyring)
        files = list(connection.execute(sa.select(attachments.c.id).where(
            attachments.c.state == AttachmentState.KEPT.value)).scalars())  # fmt: skip
    assert len(written) >= 3
    assert 1 <= len(found) <= len(written) + 1
    assert all(one.known()["story"] == STORY for one in found)
    assert {open_attachment(vault, settings, one) for one in files} == {PHOTO}
    vault.engine.dispose()


def test_nothing_is_overwritten(settings: Settings, tmp_path: Path) -> None:
    """Neither a file by a backup, nor a database, nor keys by a restore."""
    codes = made(settings)
    archive, keys, out = tmp_path / "suar.tar", tmp_path / "keys.zip", io.StringIO()
    backup(settings, archive, out)
    backup_keys(settings, keys, out)
    before = archive.read_bytes()
    with pytest.raises(Refused, match="nothing is overwritten"):
        backup(settings, archive, out)
    with pytest.raises(Refused, match=r"move it away first|has tables"):
        restore(settings, archive, out)
    with pytest.raises(Refused, match="move it away first"):
        restore_keys(settings, keys, passphrase_of(out.getvalue()), out)
    assert archive.read_bytes() == before
    vault = open_vault(settings)
    with db.read(vault.engine) as connection:
        assert len(tickets.all_tickets(connection, vault.keyring)) == len(codes)
    vault.engine.dispose()


def manifest(archive: Path) -> dict[str, Any]:
    """Read what an archive says about itself."""
    with tarfile.open(archive) as opened:
        content = opened.extractfile("manifest.json")
        assert content is not None
        found: dict[str, Any] = json.loads(content.read())
    return found


def rewritten(archive: Path, change: dict[str, bytes], name: str | None = None) -> Path:
    """Make the archive anew with some of its files changed, or one more of that name."""
    made_ = archive.with_name(f"{uuid4().hex}.tar")
    with tarfile.open(archive) as old, tarfile.open(made_, "w") as new:
        members = {one.name: old.extractfile(one) for one in old.getmembers()}
        contents = {one: file.read() for one, file in members.items() if file is not None}
        contents |= change | ({name: b"x"} if name else {})
        for one, content in contents.items():
            member = tarfile.TarInfo(one)
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    return made_


def test_a_damaged_archive_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    """Cut off, changed inside, with a path that leads elsewhere, of a later form, or none."""
    made(settings)
    archive = tmp_path / "suar.tar"
    backup(settings, archive, io.StringIO())
    about = manifest(archive)
    photo = next(one for one in about["sums"] if one.startswith("media/"))
    cut = tmp_path / "cut.tar"
    cut.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    later = json.dumps({**about, "form": 99}).encode()
    destroy(settings)
    for wrong, why in (
        (cut, "no whole backup"),
        (rewritten(archive, {photo: b"another picture"}), "does not fit its sums"),
        (rewritten(archive, {}, "../keys.json"), "nothing of this name"),
        (rewritten(archive, {}, "media/../../x"), "nothing of this name"),
        (rewritten(archive, {"manifest.json": later}), "newer Suar"),
        (tmp_path / "nowhere.tar", "no whole backup"),
    ):
        with pytest.raises(SuarError, match=why):
            restore(settings, wrong, io.StringIO())
        assert list(settings.home.iterdir()) == []


def test_keys_of_another_installation_are_noticed(settings: Settings, tmp_path: Path) -> None:
    """A restore beside the wrong keys says so, and a wrong passphrase opens nothing."""
    made(settings)
    archive, keys, out = tmp_path / "suar.tar", tmp_path / "keys.zip", io.StringIO()
    backup(settings, archive, out)
    backup_keys(settings, keys, out)
    destroy(settings)
    with pytest.raises(SuarError, match="does not open"):
        restore_keys(settings, keys, "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA", out)
    assert not settings.keyring_file.exists()
    other = load_settings({"SUAR_HOME": str(tmp_path / "other")})
    open_vault(other).engine.dispose()
    settings.home.mkdir(exist_ok=True)
    shutil.copy(other.keyring_file, settings.keyring_file)
    with pytest.raises(KeyringError):
        restore(settings, archive, out)


def test_an_archive_of_the_other_kind_of_database_is_refused(tmp_path: Path) -> None:
    """Before anything is put anywhere."""
    settings = load_settings({"SUAR_HOME": str(tmp_path / "home")})
    made(settings)
    backup(settings, tmp_path / "suar.tar", io.StringIO())
    about = manifest(tmp_path / "suar.tar")
    del about["sums"]["suar.db"]
    with tarfile.open(tmp_path / "other.tar", "w") as archive:
        text = json.dumps({**about, "sums": {}}).encode()
        member = tarfile.TarInfo("manifest.json")
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    destroy(settings)
    with pytest.raises(Refused, match="other kind"):
        restore(settings, tmp_path / "other.tar", io.StringIO())


def test_without_keys_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    """A backup that nobody could ever read would only look like one."""
    settings = load_settings({"SUAR_HOME": str(tmp_path / "home")})
    with pytest.raises(SuarError, match="nothing to back up"):
        backup(settings, tmp_path / "a.tar", io.StringIO())
    with pytest.raises(SuarError, match="nothing to back up"):
        backup_keys(settings, tmp_path / "a.zip", io.StringIO())
    assert list(tmp_path.iterdir()) == []
