"""Keeps what a caller forbids on her ticket, whatever else the message was, and says it back."""

from __future__ import annotations

from actions.desk import Desk
from actions.keeping import add
from actions.talk import Talk
from actions.turn import Turn
from hotline.wishes import wishes_in
from store import db, tickets


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
    if new:
        told = ", ".join(desk.phrase(turn, f"utter_phrase_wish_{wish.value}") for wish in new)
        talk.say_first("utter_wish_kept", wishes=told)
