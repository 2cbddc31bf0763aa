"""Callers' files: taken away or looked at, never active content, each opening logged."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Response

from console.desk import AtDesk, SignedIn, needs
from console.inbox import the_ticket
from hotline.errors import SuarError
from hotline.staff import May, Staff
from store import attachments, db, ticket_told
from store.attachment_files import open_attachment
from store.attachments import Attachment

router = APIRouter(dependencies=[Depends(needs(May.READ))])
# What browsers draw without running anything in it.
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
_HEADERS = {
    # Nothing in the file acts, whatever a browser takes it for, also when it is opened alone.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@router.get("/tickets/{code}/files/{file}")
def take(desk: AtDesk, session: SignedIn, code: str, file: int) -> Response:
    """Hand a file out as a download under a harmless name."""
    return _give(desk, session, code, file, inline=False)


@router.get("/tickets/{code}/files/{file}/picture")
def look(desk: AtDesk, session: SignedIn, code: str, file: int) -> Response:
    """Give a picture for the page."""
    return _give(desk, session, code, file, inline=True)


def _give(desk: AtDesk, session: SignedIn, code: str, file: int, *, inline: bool) -> Response:
    id_ = the_ticket(desk, session, code)
    found = _find(desk, session.staff, id_, file)
    if found is None or (inline and found.type not in PICTURES):
        raise HTTPException(404)
    try:
        content = open_attachment(desk.vault, desk.settings, file)
    except SuarError:
        raise HTTPException(404) from None
    with db.write(desk.vault.engine) as connection:
        desk.log(connection, session, "file_opened", code, file=file, inline=inline)
    kind = found.type if inline else "application/octet-stream"
    how = "inline" if inline else f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
    return Response(content, media_type=kind, headers={**_HEADERS, "Content-Disposition": how})


def _find(desk: AtDesk, person: Staff, id_: int, file: int) -> Attachment | None:
    """Find a file that came with one of the ticket's conversations."""
    with db.read(desk.vault.engine) as connection:
        for conversation, told in ticket_told.of_ticket(connection, person, id_).items():
            for one in attachments.of_conversation(connection, desk.vault.keyring, conversation):
                if one.id == file and told.shows(one.at):
                    return one
    return None
