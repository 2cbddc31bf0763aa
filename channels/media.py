"""Fetches the files callers sent, checks what they are, and keeps them sealed; opens none."""

from __future__ import annotations

import logging
import os
import random
import shutil
import socket
import threading
import time
import traceback
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import sqlalchemy as sa

from channels import media_news
from channels.fetching import FetchLater, FetchRefused
from channels.file_types import type_of
from hotline.attachments import Reason
from hotline.errors import KeyringError, Refused
from hotline.settings import Settings
from store import attachment_files, attachments, db, media_files
from store.attachments import Claimed
from store.media_files import media_folder
from store.texts import Texts, load_texts
from store.vault import Vault

logger = logging.getLogger(__name__)
# Longer than a fetcher may take, so that no file is fetched by two.
LEASE = 300.0
# What files leave free on the disk: the database needs room more than they do.
SPARE = 200 * 1024 * 1024
_THREADS = 2
_POLL = 0.5
_SWEEP_EVERY = 10.0
_FAILURE_PAUSE = 2.0


@runtime_checkable
class Fetcher(Protocol):
    """What a transport does to get a file from its provider."""

    def fetch(self, source: str, limit: int) -> bytes | Iterable[bytes]:
        """Give a file whole or in pieces, none of which takes longer than two minutes.

        Raises FetchLater or FetchRefused (channels/fetching.py). OSError counts as the first,
        any other Refused as the second. None of them may quote the address.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class MediaDesk:
    """What fetching files needs."""

    vault: Vault
    settings: Settings
    fetchers: Mapping[str, Fetcher]  # by transport, as conversations.transport has it
    texts: Texts = field(default_factory=load_texts)
    spare: int = SPARE
    now: Callable[[], float] = field(default=time.time)
    chance: Callable[[], float] = field(default=random.random)


def run_media(desk: MediaDesk, stop: threading.Event) -> None:
    """Fetch what is due until `stop` is set; finishes what has begun."""
    media_files.sweep_parts(media_folder(desk.settings))
    threads = [
        threading.Thread(target=_loop, args=(desk, stop), name=f"media-{place}")
        for place in range(_THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _loop(desk: MediaDesk, stop: threading.Event) -> None:
    owner = f"{socket.gethostname()[:20]}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    swept = 0.0
    while not stop.is_set():
        try:
            if time.monotonic() - swept > _SWEEP_EVERY:
                swept = time.monotonic()
                attachment_files.remove_erased(desk.vault, desk.settings, desk.now())
            if not fetch_due(desk, owner):
                stop.wait(_POLL)
        except Exception as error:  # noqa: BLE001 - the loop must outlive whatever happens
            # The database may be away, or a file cannot be deleted; the rows say what is open.
            logger.error("cannot fetch files now: %s", type(error).__name__)
            stop.wait(_FAILURE_PAUSE)


def fetch_due(desk: MediaDesk, owner: str) -> bool:
    """Fetch one file that is due; says whether there was one."""
    now, transports = desk.now(), list(desk.fetchers)
    with db.read(desk.vault.engine) as connection:
        if not attachments.anything_due(connection, transports, now):
            return False
    with db.write(desk.vault.engine) as connection:
        for given_up in attachments.give_up_on_interrupted(connection, transports, now):
            _tell(desk, connection, given_up)
        claimed = attachments.claim(
            connection,
            owner=owner,
            transports=transports,
            now=now,
            lease=LEASE,
        )
    if claimed is not None:
        _handle(desk, claimed)
    return claimed is not None


def _handle(desk: MediaDesk, claimed: Claimed) -> None:
    try:
        found_type, size = _get(desk, claimed)
    except Refused as error:
        _refuse(desk, claimed, error.reason if isinstance(error, FetchRefused) else Reason.GONE)
    except FetchLater as error:
        _put_off(desk, claimed, error.reason)
    except OSError:
        _put_off(desk, claimed, Reason.UNREACHABLE)
    except sa.exc.DBAPIError:
        raise
    except Exception as error:  # noqa: BLE001 - one file must not stop the others
        # No text of the error: it may quote the address, and the address may hold a token.
        where = traceback.extract_tb(error.__traceback__)[-1]
        logger.error(
            "attachment %s: %s in %s:%s", claimed.id, type(error).__name__, where.name, where.lineno
        )
        _put_off(desk, claimed, Reason.FAULT)
    else:
        kept = _write(
            desk,
            lambda db_: attachments.keep(db_, claimed, found_type=found_type, size=size),
        )
        if not kept:
            _forget(desk, claimed)


def _get(desk: MediaDesk, claimed: Claimed) -> tuple[str, int]:
    """Fetch, check and keep one file; gives its kind and size."""
    limit = desk.settings.channels.media_bytes
    if claimed.size is not None and claimed.size > limit:
        raise FetchRefused(Reason.TOO_BIG)
    here = _left_behind(desk, claimed)
    if here is not None:
        return here
    source = desk.vault.keyring.open(claimed.source_sealed, "attachments.source")
    data = _collect(desk.fetchers[claimed.transport].fetch(source, limit), limit)
    found_type = type_of(data)
    if found_type is None:
        raise FetchRefused(Reason.WRONG_TYPE)
    _store(desk, claimed.file, data)
    return found_type, len(data)


def _collect(got: bytes | Iterable[bytes], limit: int) -> bytes:
    pieces = [got] if isinstance(got, bytes) else got
    deadline = time.monotonic() + LEASE / 2
    data = bytearray()
    for piece in pieces:
        data += piece
        if len(data) > limit:
            raise FetchRefused(Reason.TOO_BIG)
        if time.monotonic() > deadline:
            raise FetchLater(Reason.TIMEOUT)
    if not data:
        raise FetchLater(Reason.BAD_ANSWER)
    return bytes(data)


def _left_behind(desk: MediaDesk, claimed: Claimed) -> tuple[str, int] | None:
    """Take over the file of somebody who was stopped after writing it: it may be the last copy."""
    try:
        data = media_files.read(media_folder(desk.settings), claimed.file, desk.vault.keyring)
    except (OSError, KeyringError):
        return None
    found_type = type_of(data)
    return (found_type, len(data)) if found_type else None


def _store(desk: MediaDesk, name: str, data: bytes) -> None:
    folder = media_folder(desk.settings)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if shutil.disk_usage(folder).free < len(data) + desk.spare:
            raise FetchLater(Reason.DISK_FULL)
        media_files.write(folder, name, data, desk.vault.keyring)
    except OSError as error:
        # Whatever the disk has, it is shown, and the file is fetched again when it is well.
        logger.error("cannot write to %s: %s", folder, error.strerror)
        raise FetchLater(Reason.DISK_FULL) from None


def _refuse(desk: MediaDesk, claimed: Claimed, reason: Reason) -> None:
    def change(connection: sa.Connection) -> bool:
        if not media_news.answered(connection, claimed.id, desk.now()):
            return _later(desk, connection, claimed, reason)
        done = attachments.refuse(connection, claimed, reason)
        if done:
            _tell(desk, connection, claimed.id)
        return done

    _write(desk, change)


def _put_off(desk: MediaDesk, claimed: Claimed, reason: Reason) -> None:
    def change(connection: sa.Connection) -> bool:
        done = _later(desk, connection, claimed, reason)
        if done and attachments.is_given_up(connection, claimed.id):
            _tell(desk, connection, claimed.id)
        return done

    _write(desk, change)


def _later(desk: MediaDesk, connection: sa.Connection, claimed: Claimed, reason: Reason) -> bool:
    return attachments.put_off(connection, claimed, reason, now=desk.now(), chance=desk.chance)


def _tell(desk: MediaDesk, connection: sa.Connection, attachment_id: int) -> None:
    channels = desk.settings.channels
    media_news.tell(
        connection,
        desk.vault,
        desk.texts,
        attachment_id,
        limit=channels.media_bytes,
        segments=channels.sms_segments,
        now=desk.now(),
    )


def _write(desk: MediaDesk, change: Callable[[sa.Connection], bool]) -> bool:
    with db.write(desk.vault.engine) as connection:
        return change(connection)


def _forget(desk: MediaDesk, claimed: Claimed) -> None:
    """Delete what was fetched for a row that was erased meanwhile."""
    with db.read(desk.vault.engine) as connection:
        if not attachments.is_wanted(connection, claimed.id):
            media_files.remove(media_folder(desk.settings), claimed.file)
