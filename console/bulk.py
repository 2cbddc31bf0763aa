"""Many tickets at once: given, labelled or closed, with what came of each."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, HTTPException, Response

from console.changing import colleague
from console.desk import AtDesk, Desk, SignedIn, needs
from console.inbox import OUTCOMES
from hotline.errors import Refused, WrongMove
from hotline.staff import May
from hotline.tickets import LABEL, REACHES
from store import db, ticket_list, ticket_work
from store.staff import Session

router = APIRouter(dependencies=[Depends(needs(May.WRITE))])
_MOST = 100


class Work(StrEnum):
    """What can be done with many."""

    TAKE = "take"
    ASSIGN = "assign"
    LABEL = "label"
    CLOSE = "close"


_NEEDS = {Work.ASSIGN: May.ASSIGN, Work.CLOSE: May.CLOSE}


@router.post("/bulk")
def bulk(
    desk: AtDesk,
    session: SignedIn,
    work: Annotated[Work, Form()],
    code: Annotated[list[str] | None, Form()] = None,
    to: Annotated[str, Form(max_length=64)] = "",
    label: Annotated[str, Form(max_length=40)] = "",
    outcome: Annotated[str, Form(max_length=32)] = "",
    next_owner: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Do one thing with each chosen ticket; one that refuses does not keep the others."""
    if work in _NEEDS and not session.staff.may(_NEEDS[work]):
        raise HTTPException(403)
    if outcome and outcome not in OUTCOMES:
        raise HTTPException(422)
    wanted = {"to": to, "label": label.strip().lower(), "outcome": outcome}
    wanted["next_owner"] = next_owner.strip()
    codes = list(dict.fromkeys(code or []))[:_MOST]
    results = [(one, _one(desk, session, one, work, wanted)) for one in codes]
    return desk.show("bulk.html", session, results=results, work=work)


def _one(desk: Desk, session: Session, code: str, work: Work, wanted: dict[str, str]) -> str:
    """Do it with one ticket; returns why not, or nothing."""
    try:
        with db.write(desk.vault.engine) as connection:
            id_ = ticket_list.find(connection, session.staff, code)
            if id_ is None:
                return "not_found"
            _do(desk, connection, session, id_, code, work, wanted)
            desk.log(connection, session, f"ticket_bulk_{work.value}", code)
    except (Refused, WrongMove) as error:
        return str(error)
    return ""


def _do(
    desk: Desk,
    connection: sa.Connection,
    session: Session,
    id_: int,
    code: str,
    work: Work,
    wanted: dict[str, str],
) -> None:
    now, actor = desk.now(), session.staff.login
    if work is Work.LABEL:
        if REACHES.search(wanted["label"]):
            raise Refused("a label names nobody and holds no number")
        if not LABEL.fullmatch(wanted["label"]):
            raise Refused("a label has 1 to 40 letters, digits, blanks or hyphens")
        ticket_work.add_labels(connection, id_, [wanted["label"]], actor=actor, now=now)
        return
    if work is Work.TAKE:
        ticket_work.take(connection, id_, session.staff, now=now)
        return
    if work is Work.CLOSE:
        ticket_work.close(
            connection, desk.vault.keyring, id_, outcome=wanted["outcome"],
            next_owner=wanted["next_owner"], actor=actor, now=now,
        )  # fmt: skip
        return
    to = colleague(desk, connection, id_, wanted["to"])
    had = ticket_work.work_of(connection, id_)
    ticket_work.assign(
        connection, id_, staff_id=to.id, unit=to.unit, actor=actor, now=now,
        expected=had.staff_id,
    )  # fmt: skip
