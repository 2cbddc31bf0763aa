"""Keeps what a caller forbids on her ticket, whatever else the message was, and says it back."""

from __future__ import annotations

import sqlalchemy as sa

from actions.desk import Desk
from actions.keeping import add
from actions.talk import Talk
from actions.turn import Turn
from hotline.wishes import Wish, wishes_in
from store import db, tickets

_KEPT = "utter_wish_kept"


def keep(turn: Turn, talk: Talk, desk: Desk) -> None:
    """Write new wishes on the open ticket and confirm them before anything else is said."""
    found = wishes_in(turn.value if turn.picked else turn.text)
    if not found:
        return
    with db.write(desk.vault.engine) as connection:
        ticket = tickets.open_ticket_of(connection, desk.vault.keyring, turn.conversation)
        if ticket is None:
            return
        new = [w for w in found if add(connection, ticket.id, "contact_rule", w, turn, desk)]
        if Wish.DO_NOT_WRITE in new:
            add(connection, ticket.id, "consent", "no", turn, desk)
    _say(new, turn, talk, desk)


def refuse(
    connection: sa.Connection, ticket_id: int, wish: Wish, turn: Turn, talk: Talk, desk: Desk
) -> None:
    """Make a no to our own question a rule: "may we contact you", "may we phone"."""
    told = wishes_in(turn.text)  # said in words, it is kept and confirmed with the other wishes
    if wish not in told and add(connection, ticket_id, "contact_rule", wish, turn, desk):
        _say([wish], turn, talk, desk)


def _say(wishes: list[Wish], turn: Turn, talk: Talk, desk: Desk) -> None:
    if wishes:
        told = ", ".join(desk.phrase(turn, f"utter_phrase_wish_{wish.value}") for wish in wishes)
        talk.say_first(_KEPT, wishes=told)
