"""One ticket is opened: its page, the parts that change by themselves, and numbers in clear."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, Response

from console.desk import AtDesk, SignedIn, needs
from console.inbox import the_ticket
from console.ticket_page import page
from hotline.staff import May
from hotline.tickets import PERSONAL
from store import (
    db,
    hidden_callers,
    ticket_brought,
    ticket_presence,
    ticket_told,
    ticket_work,
    tickets,
)
from store.tables import conversations

reading = APIRouter(dependencies=[Depends(needs(May.READ))])


@reading.get("/tickets/{code}")
def show(desk: AtDesk, session: SignedIn, code: str) -> Response:
    """Show everything of a ticket; that it was opened is logged."""
    id_ = the_ticket(desk, session, code)
    with db.write(desk.vault.engine) as connection:
        ticket_presence.arrive(connection, id_, session.staff.id, now=desk.now())
    return page(desk, session, id_, code)


@reading.get("/tickets/{code}/body")
def body(desk: AtDesk, session: SignedIn, code: str) -> Response:
    """Give what stands on the page anew, for a page that is open already."""
    return page(desk, session, the_ticket(desk, session, code), code, part="ticket_body.html")


@reading.get("/tickets/{code}/here")
def here(desk: AtDesk, session: SignedIn, code: str) -> Response:
    """Note that the page is still open, and say who else has it open."""
    id_, now = the_ticket(desk, session, code), desk.now()
    with db.write(desk.vault.engine) as connection:
        ticket_presence.arrive(connection, id_, session.staff.id, now=now)
        others = ticket_presence.others_here(connection, id_, session.staff.id, now=now)
    return desk.show("ticket_here.html", session, others=others)


@reading.post("/tickets/{code}/reveal", dependencies=[Depends(needs(May.UNMASK))])
def reveal(
    desk: AtDesk, session: SignedIn, code: str, reason: Annotated[str, Form(max_length=200)]
) -> Response:
    """Show numbers in clear, once, for a reason that is logged; never of an anonymous caller."""
    id_ = the_ticket(desk, session, code)
    if len(reason.strip()) < 5:
        return page(desk, session, id_, code, 422, problem="reason")
    keyring = desk.vault.keyring
    with db.write(desk.vault.engine) as connection:
        [ticket] = tickets.all_tickets(connection, keyring, code=code)
        # Also where she said so on another ticket of the same phone.
        ticket = replace(ticket, anonymous=bool(hidden_callers.among(connection, [id_])))
        desk.log(connection, session, "personal_data_opened", code, anonymous=ticket.anonymous)
        ticket_work.add_note(
            connection,
            keyring,
            id_,
            staff_id=session.staff.id,
            actor=session.staff.login,
            text=desk.pages.translator("id")("Membuka data pribadi. Alasan: ") + reason.strip(),
            now=desk.now(),
        )
        told = ticket_told.of_ticket(connection, session.staff, id_)
        opened_here = ticket_brought.of(connection, id_)
        key = tickets.key_of(connection, keyring, id_) if opened_here else ""
        sealed = connection.execute(
            sa.select(conversations.c.channel, conversations.c.address_sealed).where(
                # The number belongs to what she tells now, which may be on a ticket out of sight.
                conversations.c.id.in_([one for one in told if told[one].now])
            )
        ).all()
    addresses = [] if ticket.anonymous else [
        (row.channel, keyring.open(row.address_sealed, "conversations.address")) for row in sealed
    ]  # fmt: skip
    # A contact she shared may be her own.
    hers = {"caller_name", "caller_phone", "shared_contact"}
    open_to_us = PERSONAL - hers if ticket.anonymous else PERSONAL
    numbers = [fact for fact in ticket.facts if fact.field in open_to_us]
    return desk.show(
        "reveal.html", session, ticket=ticket, addresses=addresses, numbers=numbers, key=key
    )
