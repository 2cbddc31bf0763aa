"""`suar keys`: a new data key, and everything in the database sealed with it."""

from __future__ import annotations

import time
from typing import TextIO

from channels.smpp.joining import FILE, Parts
from hotline.errors import SuarError
from hotline.settings import Settings
from store import db
from store.attachment_files import reseal_files
from store.crypto import Keyring
from store.heartbeats import alive
from store.media_files import media_folder
from store.rotation import reseal
from store.vault import Vault, open_vault

# Those that read or write sealed values and give signs of life.
_PROCESSES = ("worker", "gateway", "console", "poller", "smpp")


def _reseal_parts(settings: Settings, keyring: Keyring) -> int:
    """Seal anew what waits in the file of parts, if this installation has one."""
    file = settings.home / FILE
    if not file.exists():
        return 0
    parts = Parts(file, keyring)
    try:
        return parts.reseal()
    finally:
        parts.close()


def rotate(settings: Settings, out: TextIO) -> int:
    """Add a key to the keyring, make it active, and seal all values anew.

    The keyring is saved before anything is sealed with the new key: a crash in between leaves
    values that the saved keyring opens, and the command can be run again. The index key stays.
    Raises SuarError while a process of ours runs: it would meet values whose key it does not know.
    """
    vault = open_vault(settings)
    with db.read(vault.engine) as connection:
        if any(alive(connection, kind, time.time()) for kind in _PROCESSES):
            raise SuarError("end Suar first (Ctrl-C), then make the new key, then start it again")
    keyring = vault.keyring.with_new_key()
    keyring.save(settings.keyring_file)
    fresh = Vault(vault.engine, keyring)
    count = reseal(fresh, keyring)
    print(f"{count} values are sealed with the new key {keyring.active}.", file=out)
    files, lost = reseal_files(fresh, settings)
    print(f"{files} callers' files are sealed with it too.", file=out)
    parts = _reseal_parts(settings, keyring)
    if parts:
        print(f"{parts} parts of long SMS are sealed with it too.", file=out)
    if lost:
        missing = ", ".join(map(str, lost))
        print(f"Missing in {media_folder(settings)}: the files of attachments {missing}.", file=out)
    print(
        "The old keys stay in the keyring: Rasa's own conversations are sealed with them until "
        "they are forgotten (30 days), and so are your backups.",
        file=out,
    )
    return 0
