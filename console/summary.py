"""A referral on one page of paper: what goes along and nothing else, logged with a reason."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, HTTPException, Response

from console import paper
from console.desk import AtDesk, Desk, SignedIn, needs
from console.referrals import known_referral, show_referral, wishes_of
from console.units import unit_namer
from hotline.referrals import ALWAYS_ALONG, OPEN, ReferralState
from hotline.staff import May
from hotline.tickets import PERSONAL
from store import db, referrals, ticket_work, tickets
from store.referral_lines import Line
from store.referrals import Referral
from store.regions import load_regions
from store.staff import Session

router = APIRouter(dependencies=[Depends(needs(May.READ))])
_SHORTEST = 5
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@router.post("/referrals/{id_}/summary", dependencies=[Depends(needs(May.UNMASK))])
def summary(
    desk: AtDesk, session: SignedIn, id_: int, reason: Annotated[str, Form(max_length=200)]
) -> Response:
    """Draw the page; numbers stand in it for those only who may open the ticket."""
    line, asking, _ = known_referral(desk, session, id_)
    if not (asking or line.state in OPEN):
        raise HTTPException(403)
    if len(reason.strip()) < _SHORTEST:
        return show_referral(desk, session, id_, 422, "reason")
    with db.write(desk.vault.engine) as connection:
        one = referrals.read(connection, desk.vault.keyring, line)
        clear = asking or line.state is ReferralState.ACCEPTED
        audit_id = _log(desk, connection, session, line, one, reason.strip(), clear=clear)
        words = _words(desk, connection, session, one, clear=clear, audit_id=audit_id)
    name = f"suar-{line.code}-{line.id}.pdf"
    return Response(
        paper.draw(paper.read(words), f"Suar {line.code}"),
        media_type="application/pdf",
        headers={**_HEADERS, "Content-Disposition": f'attachment; filename="{name}"'},
    )


def _log(
    desk: Desk,
    connection: sa.Connection,
    session: Session,
    line: Line,
    one: Referral,
    reason: str,
    *,
    clear: bool,
) -> int:
    ticket_work.add_note(
        connection,
        desk.vault.keyring,
        line.ticket_id,
        staff_id=session.staff.id,
        actor=session.staff.login,
        text=desk.pages.translator("id")("Membuat ringkasan PDF rujukan. Alasan: ") + reason,
        now=desk.now(),
    )
    fields = [*(field for field, _ in one.facts), *one.lists.names()]
    return desk.log(
        connection, session, "summary_made", line.code, referral=line.id, fields=fields, clear=clear
    )


def _words(
    desk: Desk,
    connection: sa.Connection,
    session: Session,
    one: Referral,
    *,
    clear: bool,
    audit_id: int,
) -> str:
    [ticket] = tickets.all_tickets(connection, desk.vault.keyring, code=one.line.code)
    told = [(f, value if clear or f not in PERSONAL else "•••") for f, value in one.facts]
    return desk.pages.render(
        "summary.html",
        session,
        session.staff.language,
        line=one.line,
        one=one,
        ticket=ticket,
        conflict=ticket.conflict_of_interest,
        wishes=wishes_of(dict(one.facts)),
        facts=[(field, value) for field, value in told if field not in ALWAYS_ALONG],
        regions=ticket_work.regions_of(connection, one.line.ticket_id),
        table=load_regions(),
        unit_name=unit_namer(connection),
        audit_id=audit_id,
        made_at=desk.now(),
    )
