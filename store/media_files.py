"""The files callers sent, sealed, each under a random name in SUAR_HOME/media."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from hotline.settings import Settings
from store.crypto import Keyring

_STALE_PART = 24 * 3600.0


def media_folder(settings: Settings) -> Path:
    """Say where the sealed files are."""
    return settings.home / "media"


def write(folder: Path, name: str, data: bytes, keyring: Keyring) -> None:
    """Seal and write a file; it is there whole or not at all. Raises OSError when it cannot be."""
    _replace(folder, name, keyring.seal_bytes(data, _place(name)))


def _replace(folder: Path, name: str, sealed: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = folder / f"{name}.{os.getpid()}.part"
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(sealed)
            out.flush()
            os.fsync(out.fileno())
        part.replace(folder / name)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync(folder)


def _sync(folder: Path) -> None:
    """Make the new name itself survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(folder: Path, name: str, keyring: Keyring) -> bytes:
    """Read and open a file; raises OSError or KeyringError."""
    return keyring.open_bytes((folder / name).read_bytes(), _place(name))


def reseal(folder: Path, name: str, keyring: Keyring) -> bool:
    """Seal a file with the keyring's active key; says whether another key had sealed it."""
    sealed = (folder / name).read_bytes()
    if keyring.key_name(sealed[:258]) == keyring.active:
        return False
    data = keyring.open_bytes(sealed, _place(name))
    _replace(folder, name, keyring.seal_bytes(data, _place(name)))
    return True


def remove(folder: Path, name: str) -> None:
    """Delete a file; one that is not there is deleted already."""
    (folder / name).unlink(missing_ok=True)


def sweep_parts(folder: Path) -> None:
    """Delete what a killed process had begun to write; names are never used twice."""
    for part in folder.glob("*.part"):
        with suppress(FileNotFoundError):
            if part.stat().st_mtime < time.time() - _STALE_PART:
                part.unlink()


def _place(name: str) -> str:
    # The name is authenticated too: one caller's file does not open in the place of another's.
    return f"attachments.file {name}"
