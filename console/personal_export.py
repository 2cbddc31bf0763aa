"""Taking names, numbers and stories away: for a reason, with a fresh code, in an encrypted file."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from console import fresh
from console.desk import AtDesk, Desk, SignedIn, address_of, needs
from console.figures import scope_name
from hotline.staff import May
from store import db, exports, personal_export
from store.staff import Session

router = APIRouter(
    prefix="/exports/personal",
    dependencies=[Depends(needs(May.EXPORT)), Depends(needs(May.UNMASK))],
)
_SHORTEST = 10


@router.get("")
def show(desk: AtDesk, session: SignedIn) -> Response:
    """Show the form, and what one has taken before."""
    return _show(desk, session)


def _show(
    desk: Desk, session: Session, status: int = 200, problem: str = "", typed: str = ""
) -> Response:
    this_year = exports.year_of(desk.now())
    with db.write(desk.vault.engine) as connection:
        personal_export.sweep(connection, desk.settings, now=desk.now())
        first = exports.first_year(connection, session.staff) or this_year
        made = personal_export.made_by(connection, desk.vault.keyring, session.staff.id)
    return desk.show(
        "personal_export.html",
        session,
        status,
        years=list(range(this_year, first - 1, -1)),
        scope=scope_name(session),
        made=made,
        problem=problem,
        typed=typed,
        shortest=_SHORTEST,
    )


@router.post("")
def make(
    request: Request,
    desk: AtDesk,
    session: SignedIn,
    year: Annotated[int, Form(ge=2000, le=2999)],
    reason: Annotated[str, Form(max_length=400)],
    code: Annotated[str, Form(max_length=40)],
) -> Response:
    """Make the file and show its passphrase, this once: it is kept nowhere."""
    said = reason.strip()
    if len(said) < _SHORTEST:
        return _show(desk, session, 422, "reason", reason)
    if not fresh.proves(desk, session, code, address_of(request)):
        return _show(desk, session, 403, "code", reason)
    passphrase = personal_export.new_passphrase()
    name, codes = _written(desk, session, year, passphrase)
    lines = len(codes)
    with db.write(desk.vault.engine) as connection:
        which = personal_export.note(
            connection, desk.vault.keyring, staff_id=session.staff.id, year=year, lines=lines,
            reason=said, file=name, now=desk.now(),
        )  # fmt: skip
        desk.log(
            connection, session, "personal_exported", "personal", export=which, year=year,
            lines=lines, scope=session.staff.scope.region or "national", **exports.named(codes),
        )  # fmt: skip
    # Only now: a file without its line would be taken for one that nobody took.
    where = personal_export.folder(desk.settings)
    (where / f"{name}.part").rename(where / name)
    return desk.show(
        "personal_export_done.html", session, passphrase=passphrase, lines=lines, which=which
    )


def _written(desk: Desk, session: Session, year: int, passphrase: str) -> tuple[str, list[str]]:
    """Write the file; returns its name and the codes of the tickets in it."""
    codes: list[str] = []
    name = personal_export.new_name()
    part = personal_export.folder(desk.settings) / f"{name}.part"
    try:
        with db.read(desk.vault.engine) as connection:
            lines = personal_export.rows(connection, desk.vault.keyring, session.staff, year)
            noted = personal_export.noting(lines, codes)
            personal_export.write(part, noted, passphrase, f"suar-{year}.csv")
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return name, codes


@router.post("/{which}/file")
def take(desk: AtDesk, session: SignedIn, which: int) -> Response:
    """Hand the file out, once, to whoever made it; then it is gone."""
    with db.write(desk.vault.engine) as connection:
        name = None
        if which < 2**63:
            name = personal_export.take(connection, which, session.staff.id, now=desk.now())
        if name is not None:
            desk.log(connection, session, "personal_export_taken", "personal", export=which)
    file = personal_export.folder(desk.settings) / (name or "-")
    if not file.is_file():
        raise HTTPException(404)
    return FileResponse(
        file,
        media_type="application/zip",
        filename=f"suar-{which}.zip",
        background=BackgroundTask(file.unlink, missing_ok=True),
    )
