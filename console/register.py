"""The recruiter register at the desk: what is in force, what each import changed, and a look-up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, HTTPException, Response

from console.desk import AtDesk, Desk, SignedIn
from console.pages import WIB
from hotline.register import CheckResult
from hotline.staff import May
from store import db, disputes
from store.disputes import Dispute
from store.register.checking import RegisterIndex
from store.register.tables import recruiters, register_imports
from store.staff import Session

_IMPORTS = 20


def may_look(session: SignedIn) -> None:
    """Let those pass who work on tickets or look after the content."""
    if not (session.staff.may(May.READ) or session.staff.may(May.EDIT_CONTENT)):
        raise HTTPException(403)


router = APIRouter(dependencies=[Depends(may_look)])


@router.get("/register")
def show(desk: AtDesk, session: SignedIn) -> Response:
    """Show what is in force and the last imports."""
    return page(desk, session, None)


@router.post("/register")
def look_up(desk: AtDesk, session: SignedIn, q: Annotated[str, Form(max_length=200)]) -> Response:
    """Look a name or licence number up as the bot does; by POST, for it may be a person's name."""
    return page(desk, session, q.strip())


def page(
    desk: Desk, session: Session, query: str | None, status: int = 200, *, problem: str = ""
) -> Response:
    """Show the register, with the answer to a query."""
    today = datetime.fromtimestamp(desk.now(), WIB).date()
    days = desk.settings.register_max_age_days
    with db.read(desk.vault.engine) as connection:
        index = RegisterIndex.load(connection) if query else None
        imports = connection.execute(
            sa.select(register_imports).order_by(register_imports.c.id.desc()).limit(_IMPORTS)
        ).all()
        statuses = _statuses(connection)
        noted = disputes.everything(connection, desk.vault.keyring)
        unlisted = disputes.unlisted(connection)
    result = _checked(index, query, today, days) if index and query else None
    current = next((one for one in imports if one.in_force), None)
    return desk.show(
        "register.html",
        session,
        status,
        problem=problem,
        current=current,
        too_old=current is not None and (today - current.as_of).days > days,
        days=days,
        statuses=statuses,
        imports=imports,
        query=query or "",
        result=result,
        disputed=_disputed(result, noted),
        disputes=noted,
        unlisted=unlisted,
    )


def _checked(index: RegisterIndex, query: str, today: date, days: int) -> CheckResult:
    return index.check(query, today=today, freshness_days=days)


def _disputed(result: CheckResult | None, noted: list[Dispute]) -> set[str]:
    """Name the licence numbers, or names, of what was found that are disputed now."""
    found = [one.recruiter for one in result.candidates] if result else []
    return {
        one.licence_no or one.name
        for one in found
        if any(note.withdrawn_at is None and note.is_about(one) for note in noted)
    }


def _statuses(connection: sa.Connection) -> list[tuple[str, int]]:
    """Count the recruiters in force by status."""
    rows: Any = connection.execute(
        sa.select(recruiters.c.status, sa.func.count())
        .join(register_imports)
        .where(register_imports.c.in_force)
        .group_by(recruiters.c.status)
        .order_by(sa.func.count().desc(), recruiters.c.status)
    )
    return [(str(status), int(count)) for status, count in rows]
