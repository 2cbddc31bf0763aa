"""Callers' files where rows and disk meet: read, deleted, sealed anew."""

from __future__ import annotations

import sqlalchemy as sa

from hotline.attachments import AttachmentState
from hotline.errors import SuarError
from hotline.settings import Settings
from store import db, media_files
from store.media_files import media_folder
from store.tables import attachments
from store.vault import Vault

_BATCH = 500


def open_attachment(vault: Vault, settings: Settings, attachment_id: int) -> bytes:
    """Give the content of a kept file; raises SuarError that says what is wrong.

    It is a stranger's file: hand it out as a download with its found type, never show it inline.
    """
    query = sa.select(attachments.c.state, attachments.c.file)
    with db.read(vault.engine) as connection:
        row = connection.execute(query.where(attachments.c.id == attachment_id)).first()
    if row is None or row.state != AttachmentState.KEPT.value or row.file is None:
        raise SuarError(f"attachment {attachment_id} is not kept")
    try:
        return media_files.read(media_folder(settings), row.file, vault.keyring)
    except OSError as error:
        raise SuarError(
            f"the file of attachment {attachment_id} cannot be read ({type(error).__name__}); "
            "restore SUAR_HOME/media from your backup"
        ) from None


def remove_erased(vault: Vault, settings: Settings, now: float) -> int:
    """Delete the files of erased rows; returns how many. Broken off, it goes on when run again."""
    folder = media_folder(settings)
    with db.read(vault.engine) as connection:
        rows = connection.execute(
            sa.select(attachments.c.id, attachments.c.file).where(_erased(now)).limit(_BATCH)
        ).all()
    for _, file in rows:
        media_files.remove(folder, file)
    if rows:
        done = attachments.c.id.in_([row.id for row in rows])
        with db.write(vault.engine) as connection:
            connection.execute(
                sa.update(attachments).where(done).values(file=None, owner=None, next_at=None)
            )
    return len(rows)


def _erased(now: float) -> sa.ColumnElement[bool]:
    erased: sa.ColumnElement[bool] = sa.and_(
        attachments.c.state == AttachmentState.ERASED.value,
        attachments.c.file.is_not(None),
        sa.or_(attachments.c.next_at.is_(None), attachments.c.next_at <= now),
    )
    return erased


def reseal_files(vault: Vault, settings: Settings) -> tuple[int, list[int]]:
    """Seal every kept file with the active key; returns how many, and the ids whose file is lost.

    Broken off, it goes on where it stopped when run again.
    """
    kept = attachments.c.state == AttachmentState.KEPT.value
    query = sa.select(attachments.c.id, attachments.c.file).where(kept).order_by(attachments.c.id)
    with db.read(vault.engine) as connection:
        rows = connection.execute(query).all()
    count, lost = 0, []
    for attachment_id, file in rows:
        try:
            count += media_files.reseal(media_folder(settings), file, vault.keyring)
        except FileNotFoundError:
            lost.append(attachment_id)
    return count, lost
