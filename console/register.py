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
from store import db
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
    return _page(desk, session, None)


@router.post("/register")
def look_up(desk: AtDesk, session: SignedIn, q: Annotated[str, Form(max_length=200)]) -> Response:
    """Look a name or licence number up as the bot does; by POST, for it may be a person's name."""
    return _page(desk, session, q.strip())


def _page(desk: Desk, session: Session, query: str | None) -> Response:
    today = datetime.fromtimestamp(desk.now(), WIB).date()
    days = desk.settings.register_max_age_days
    with db.read(desk.vault.engine) as connection:
        index = RegisterIndex.load(connection) if query else None
        imports = connection.execute(
            sa.select(register_imports).order_by(register_imports.c.id.desc()).limit(_IMPORTS)
        ).all()
        statuses = _statuses(connection)
    current = next((one for one in imports if one.in_force), None)
    return desk.show(
        "register.html",
        session,
        current=current,
        too_old=current is not None and (today - current.as_of).days > days,
        days=days,
        statuses=statuses,
        imports=imports,
        query=query or "",
        result=_checked(index, query, today, days) if index and query else None,
    )


def _checked(index: RegisterIndex, query: str, today: date, days: int) -> CheckResult:
    return index.check(query, today=today, freshness_days=days)


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
