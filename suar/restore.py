"""`suar restore`: puts a backup back where nothing is, and proves that it is whole."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
import time
import zlib
from contextlib import closing
from pathlib import Path
from typing import Any, TextIO

import pyzipper
import sqlalchemy as sa

from hotline.errors import Refused, SuarError
from hotline.settings import Settings
from store import audit, db
from store.media_files import media_folder
from store.tables import tickets
from store.vault import open_vault
from suar import pg_tools
from suar.backup import DATABASE, DUMP, FORM, MANIFEST, OPERATOR, SMALL

_MEMBER = re.compile(r"media/[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_KEYS = ("keys.json", ".env")


def restore(settings: Settings, file: Path, out: TextIO) -> int:
    """Put database and files back; refuses where a database is, so that nothing is overwritten."""
    _refuse_full(settings)
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=settings.home, prefix="restore.") as folder:
        about = _unpack(file, Path(folder))
        _check_kind(settings, about)
        _put_back(settings, Path(folder), about["sums"])
    made = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(about["made_at"]))
    print(f"The backup of {made} is back in {settings.home}.", file=out)
    if not settings.keyring_file.exists():
        print(f"Put keys.json back too (suar restore --keys FILE), then:\n"
              f"suar audit verify --mark {about['audit_mark']}", file=out)  # fmt: skip
        return 0
    return _prove(settings, about["audit_mark"], out)


def _refuse_full(settings: Settings) -> None:
    database = db.sqlite_file(settings.database_url)
    if database is not None:
        if database.exists():
            raise Refused(f"{database} is there: end Suar and move it away first")
        return
    engine = db.connect(settings.database_url)
    try:
        if sa.inspect(engine).get_table_names():
            raise Refused("the database has tables: let SUAR_DATABASE_URL name an empty one")
    finally:
        engine.dispose()


def _unpack(file: Path, folder: Path) -> dict[str, Any]:
    """Unpack what we know by name, and compare every file with its sum."""
    try:
        with tarfile.open(file) as archive:
            found = {name: _take(archive, name, folder) for name in archive.getnames()}
        about: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, tarfile.TarError, ValueError) as error:
        raise SuarError(f"{file} is no whole backup ({type(error).__name__})") from None
    found.pop(MANIFEST)
    if about["form"] != FORM:
        raise SuarError(f"{file} was made by a newer Suar: restore it with that one")
    if found != about["sums"]:
        raise SuarError(f"{file} was damaged or changed: what is in it does not fit its sums")
    return about


def _take(archive: tarfile.TarFile, name: str, folder: Path) -> str:
    if name not in {DATABASE, DUMP, MANIFEST, *SMALL} and not _MEMBER.fullmatch(name):
        raise SuarError(f"a backup holds nothing of this name: {name[:60]}")
    content = archive.extractfile(name)
    if content is None:
        raise SuarError("a backup holds plain files only")
    target = folder / name
    target.parent.mkdir(exist_ok=True, mode=0o700)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        shutil.copyfileobj(content, out)
    with target.open("rb") as written:
        return hashlib.file_digest(written, "sha256").hexdigest()


def _check_kind(settings: Settings, about: dict[str, Any]) -> None:
    ours = DUMP if db.sqlite_file(settings.database_url) is None else DATABASE
    if ours not in about["sums"]:
        raise Refused(
            "this backup is of the other kind of database (SQLite, PostgreSQL): "
            "set SUAR_DATABASE_URL as it was"
        )


def _put_back(settings: Settings, folder: Path, names: dict[str, str]) -> None:
    media = media_folder(settings)
    for name in names:
        if name.startswith("media/"):
            media.mkdir(parents=True, exist_ok=True, mode=0o700)
            (folder / name).replace(media / Path(name).name)
        elif name in SMALL:
            _move(folder / name, settings.home / name)
    # The database comes last: until then this can be broken off and begun again.
    database = db.sqlite_file(settings.database_url)
    if database is None:
        pg_tools.load(settings.database_url, folder / DUMP)
    else:
        with closing(sqlite3.connect(folder / DATABASE)) as connection:
            if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise SuarError("the database in this backup is damaged")
        _move(folder / DATABASE, database)


def _move(source: Path, target: Path) -> None:
    """Move a database to its place; what stood beside the lost one is kept under another name."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for end in ("", "-wal", "-shm"):
        left = target.with_name(target.name + end)
        if left.exists():
            left.replace(left.with_name(f"{left.name}.before-restore"))
    shutil.move(source, target)


def _prove(settings: Settings, mark: str, out: TextIO) -> int:
    vault = open_vault(settings)
    try:
        with db.read(vault.engine) as connection:
            checked = audit.verify(connection, vault.keyring)
            whole = checked.broken is None and audit.has_mark(connection, mark)
            count = connection.execute(sa.select(sa.func.count()).select_from(tickets)).scalar_one()
        if not whole:
            raise SuarError("the audit log is not the one that was backed up: suar audit verify")
        with db.write(vault.engine) as connection:
            audit.add(
                connection, vault.keyring, actor=OPERATOR, action="backup_restored",
                object="backup", now=time.time(),
            )  # fmt: skip
    finally:
        vault.engine.dispose()
    print(
        f"{count} tickets. Audit log: {checked.lines} lines, none changed, none missing.", file=out
    )
    return 0


def restore_keys(settings: Settings, file: Path, passphrase: str, out: TextIO) -> int:
    """Put the keys back where none are; the settings are written beside them, to be compared."""
    if settings.keyring_file.exists():
        raise Refused(f"{settings.keyring_file} is there: move it away first")
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with pyzipper.AESZipFile(file) as packed:
            packed.setpassword(passphrase.strip().upper().encode())
            found = {name: packed.read(name) for name in packed.namelist() if name in _KEYS}
    except (OSError, RuntimeError, pyzipper.BadZipFile, zlib.error) as error:
        # A wrong passphrase passes the archive's own check of two bytes once in 65,536.
        raise SuarError(
            f"{file} does not open with this passphrase ({type(error).__name__})"
        ) from None
    for name, content in found.items():
        target = settings.home / (name if name == _KEYS[0] else "env.restored")
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out_:
            out_.write(content)
        print(f"{target} is back.", file=out)
    return 0
