"""Editing one fact: its versions, a form, what differs before it is saved, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from console.desk import AtDesk, Desk, SignedIn, needs
from console.knowledge import facts, known
from console.knowledge_form import FORMS, read_form, write_form
from console.pages import WIB
from hotline.errors import Refused
from hotline.knowledge import Destination, KnowledgeError
from hotline.staff import May
from store import db, knowledge_edits
from store import knowledge_rules as rules
from store.knowledge_rules import Fact, Fields, Kind
from store.staff import Session

router = APIRouter(dependencies=[Depends(needs(May.EDIT_CONTENT))])
_MOST = 4000  # characters of a field


class Step(StrEnum):
    """What the form is sent for."""

    LOOK = "look"
    SAVE = "save"


def editor(session: SignedIn) -> Session:
    """Let those pass who may change what every caller is told."""
    if not session.staff.changes_knowledge:
        raise HTTPException(403)
    return session


async def given(request: Request) -> dict[str, str]:
    """Give the fields of the form as they were typed."""
    form = await request.form()
    return {name: str(value)[:_MOST] for name, value in form.items()}


Typed = Annotated[dict[str, str], Depends(given)]
_EDITING = [Depends(editor)]


@router.get("/knowledge/{kind}", dependencies=_EDITING)
def begin(desk: AtDesk, session: SignedIn, kind: Kind) -> Response:
    """Show the empty form for a new fact."""
    return _page(desk, session, kind, "", typed={})


@router.get("/knowledge/{kind}/{item_id}")
def show(desk: AtDesk, session: SignedIn, kind: Kind, item_id: str) -> Response:
    """Show one fact with its versions, and the form to those who may edit."""
    return _page(desk, session, kind, item_id)


@router.post("/knowledge/{kind}", dependencies=_EDITING)
def write(
    desk: AtDesk,
    session: SignedIn,
    kind: Kind,
    typed: Typed,
    item_id: Annotated[str, Form(max_length=64)],
    imprint: Annotated[str, Form(max_length=16)],
    step: Annotated[Step, Form()] = Step.LOOK,
) -> Response:
    """Show what a form would change, or bring it into force."""
    item_id = item_id.strip()
    fields = read_form(kind, typed)
    if step is Step.LOOK:
        return _look(desk, session, kind, item_id, fields, imprint)

    def work(connection: sa.Connection) -> int | None:
        return knowledge_edits.save(
            connection, facts(), kind, item_id, fields, imprint=imprint, by=session.staff.id,
            now=desk.now(), today=_today(desk),
        )  # fmt: skip

    return _do(desk, session, kind, item_id, "knowledge_edited", work, fields)


@router.post("/knowledge/{kind}/{item_id}/back", dependencies=_EDITING)
def back(
    desk: AtDesk,
    session: SignedIn,
    kind: Kind,
    item_id: str,
    imprint: Annotated[str, Form(max_length=16)],
    to: Annotated[int, Form()] = 0,
) -> Response:
    """Let an earlier version hold again; 0 is the installation's file."""

    def work(connection: sa.Connection) -> int | None:
        return knowledge_edits.take_back(
            connection, facts(), kind, item_id, to=to or None, imprint=imprint,
            by=session.staff.id, now=desk.now(),
        )  # fmt: skip

    return _do(desk, session, kind, item_id, "knowledge_taken_back", work, None)


def _do(
    desk: Desk,
    session: Session,
    kind: Kind,
    item_id: str,
    action: str,
    work: Callable[[sa.Connection], int | None],
    fields: Fields | None,
) -> Response:
    """Change and log in one transaction, or say on the page why nothing came of it."""
    typed = None if fields is None else write_form(fields)
    try:
        with db.write(desk.vault.engine) as connection:
            made = work(connection)
            desk.log(connection, session, action, f"{kind.value}/{item_id}"[:64], version=made or 0)
    except KnowledgeError as error:
        return _page(desk, session, kind, item_id, 422, problem=error.what, typed=typed)
    except Refused as error:
        return _page(
            desk, session, kind, item_id, 409, problem=str(error), typed=typed, wanted=fields
        )
    return RedirectResponse(f"/knowledge/{kind.value}/{item_id}", 303)


def _look(
    desk: Desk, session: Session, kind: Kind, item_id: str, fields: Fields, imprint: str
) -> Response:
    typed = write_form(fields)
    try:
        rules.check(facts(), kind, item_id, fields, _today(desk))
    except KnowledgeError as error:
        return _page(desk, session, kind, item_id, 422, problem=error.what, typed=typed)
    return _page(desk, session, kind, item_id, typed=typed, wanted=fields, read=imprint)


def _today(desk: Desk) -> date:
    return datetime.fromtimestamp(desk.now(), WIB).date()


def _page(
    desk: Desk,
    session: Session,
    kind: Kind,
    item_id: str,
    status: int = 200,
    *,
    problem: str = "",
    typed: dict[str, str] | None = None,
    wanted: Fields | None = None,
    read: str = "",
) -> Response:
    """Show a fact; `wanted` is what the form would make of it, `read` what its editor had read."""
    with db.read(desk.vault.engine) as connection:
        standing = rules.find(known(connection), kind, item_id)
        versions = knowledge_edits.history(connection, kind, item_id)
    if standing is None and not versions and typed is None:
        raise HTTPException(404)
    before = rules.fields_of(standing)
    imprint = rules.imprint_of(standing)
    in_file = rules.fields_of(rules.find(facts(), kind, item_id))
    if read and read != imprint and not problem:
        problem, status = knowledge_edits.OVERTAKEN, 409
    return desk.show(
        "knowledge_item.html",
        session,
        status,
        kind=kind,
        item_id=item_id,
        standing=before,
        imprint=imprint,
        problem=problem,
        form=FORMS[kind],
        typed=write_form(before) if typed is None else typed,
        wanted=None if wanted is None else write_form(wanted),
        differences=[] if wanted is None else rules.differences(before, wanted),
        steps=_steps(versions, in_file),
        in_file=in_file,
        newer_file=bool(versions) and in_file.get("as_of", "") > before.get("as_of", ""),
        untranslated=_untranslated(desk, standing),
        countries={country.code: country.name for country in facts().countries},
    )


def _steps(
    versions: list[knowledge_edits.Edit], in_file: Fields
) -> list[tuple[knowledge_edits.Edit, list[tuple[str, Any, Any]]]]:
    """Set what each version changed beside it; the first one changed the file's."""
    earlier = [*(one.fields for one in versions[1:]), in_file]
    return [
        (one, rules.differences(before, one.fields))
        for one, before in zip(versions, earlier, strict=True)
    ] if versions else []  # fmt: skip


def _untranslated(desk: Desk, standing: Fact | None) -> list[str]:
    """Name the languages in which callers get a destination's text in Indonesian."""
    if not isinstance(standing, Destination):
        return []
    keys = [
        (f"destination.{standing.code}", standing.text),
        (f"destination.{standing.code}.sms", standing.sms),
    ]
    catalogues = desk.counter.texts.catalogues
    return sorted(
        language for language, texts in catalogues.items() if any(key not in texts for key in keys)
    )
