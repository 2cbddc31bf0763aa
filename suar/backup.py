"""`suar backup`: the database, Rasa's place in conversations and callers' files in one archive.

The keys are not in it: who holds both reads everything. They go into a file of their own, which a
passphrase opens that is printed once.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TextIO

import pyzipper

from channels.smpp.joining import FILE as PARTS
from hotline.errors import Refused, SuarError
from hotline.settings import ROOT, Settings
from store import audit, db
from store.media_files import media_folder
from store.personal_export import new_passphrase
from store.vault import Vault, open_vault
from suar import pg_tools

DATABASE, DUMP, MANIFEST = "suar.db", "suar.dump", "manifest.json"
SMALL = ("trackers.db", PARTS)  # SQLite files beside the database
FORM = 1
OPERATOR = "operator"


def backup(settings: Settings, file: Path, out: TextIO) -> int:
    """Write everything but the keys into a new file, while Suar runs."""
    if not settings.keyring_file.exists():
        raise SuarError(f"{settings.keyring_file} is missing: there is nothing to back up")
    vault = open_vault(settings)
    with db.write(vault.engine) as connection:
        audit.add(
            connection, vault.keyring, actor=OPERATOR, action="backup_made", object="backup",
            now=time.time(),
        )  # fmt: skip
    mark = _log_mark(vault)
    vault.engine.dispose()
    with new_file(file) as raw:
        try:
            with tempfile.TemporaryDirectory(dir=file.parent) as folder:
                sums = _pack(settings, mark, raw, Path(folder))
        except BaseException:
            file.unlink()  # half a backup would be taken for one
            raise
    size = file.stat().st_size
    print(f"{file}: {len(sums)} files, {size / 1_000_000:.1f} MB.", file=out)
    print("The keys are not in it. Keep them elsewhere: suar backup --keys FILE", file=out)
    return 0


def new_file(file: Path) -> io.BufferedWriter:
    """Open a file that must not be there yet, for its owner alone."""
    try:
        return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except FileExistsError:
        raise Refused(f"{file} is there already; nothing is overwritten") from None
    except OSError as error:
        raise Refused(f"{file} cannot be written ({type(error).__name__})") from None


def _pack(settings: Settings, mark: str, raw: io.BufferedWriter, folder: Path) -> dict[str, str]:
    sums: dict[str, str] = {}
    with tarfile.open(fileobj=raw, mode="w") as archive:
        # First the database: a file that it names must not be missing from the archive.
        for name, source in (*_copies(settings, folder), *_media(settings)):
            found = _add(archive, name, source)
            if found is not None:
                sums[name] = found
        about = {"form": FORM, "made_at": time.time(), "audit_mark": mark, "sums": sums}
        _add_text(archive, MANIFEST, json.dumps(about))
    return sums


def _copies(settings: Settings, folder: Path) -> Iterator[tuple[str, Path]]:
    database = db.sqlite_file(settings.database_url)
    if database is None:
        pg_tools.dump(settings.database_url, folder / DUMP)
        yield DUMP, folder / DUMP
    for name, source in ((DATABASE, database), *((name, settings.home / name) for name in SMALL)):
        if source is not None and source.exists():
            copy_sqlite(source, folder / name)
            yield name, folder / name


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database that others write to, as it is at one moment."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as two:
        one.backup(two)
        two.execute("PRAGMA journal_mode=DELETE")


def _media(settings: Settings) -> Iterator[tuple[str, Path]]:
    folder = media_folder(settings)
    if folder.is_dir():
        for file in sorted(folder.iterdir()):
            if file.is_file() and file.suffix != ".part":
                yield f"media/{file.name}", file


def _add(archive: tarfile.TarFile, name: str, source: Path) -> str | None:
    """Add a file; None when it was erased meanwhile."""
    try:
        with source.open("rb") as content:
            found = hashlib.file_digest(content, "sha256").hexdigest()
            content.seek(0)
            member = tarfile.TarInfo(name)
            member.size, member.mode = source.stat().st_size, 0o600
            member.mtime = int(time.time())
            archive.addfile(member, content)
    except FileNotFoundError:
        return None
    return found


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))


def _log_mark(vault: Vault) -> str:
    """Note how far the audit log goes: a restore must come to it again."""
    with db.read(vault.engine) as connection:
        checked = audit.verify(connection, vault.keyring)
    if checked.broken is not None:
        raise SuarError(
            f"the audit log does not fit from line {checked.broken} on: suar audit verify"
        )
    return checked.last


def backup_keys(settings: Settings, file: Path, out: TextIO) -> int:
    """Write the keys, and the settings if they are in a file, into an encrypted zip."""
    sources = [each for each in (settings.keyring_file, ROOT / ".env") if each.exists()]
    if settings.keyring_file not in sources:
        raise SuarError(f"{settings.keyring_file} is missing: there is nothing to back up")
    passphrase = new_passphrase()
    with (
        new_file(file) as raw,
        pyzipper.AESZipFile(raw, "w", pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as packed,
    ):
        packed.setpassword(passphrase.encode())
        for each in sources:
            packed.writestr(each.name, each.read_bytes())
    named = " and ".join(each.name for each in sources)
    print(f"{file}: {named}. Its passphrase is shown this once:", file=out)
    print(passphrase, file=out)
    print("Write it on paper. Keep paper, this file and the database's backups apart.", file=out)
    return 0
