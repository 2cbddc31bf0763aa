"""What a message puts before a responder at once: danger, a wish for silence, no answer."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from channels.desk import Desk, clean
from hotline.tickets import Category, Urgency
from hotline.wishes import wishes_in
from store import earlier, tickets
from store.conversations import Conversation

LOOK_BACK = 86_400.0  # seconds; a phone may have passed into other hands since


def raise_alarm(
    desk: Desk,
    connection: sa.Connection,
    known: Conversation,
    message_id: int,
    text: str,
    reasons: Sequence[str],
) -> None:
    """Open a critical ticket, or raise the one that is open: before Rasa, and without it."""
    opened = tickets.open_or_raise(
        connection,
        desk.vault.keyring,
        conversation=known.id,
        category=Category.EMERGENCY,
        urgency=Urgency.CRITICAL,
        reasons=reasons,
        message_id=message_id,
        language=known.language,
        now=desk.now(),
    )
    _tell(desk, connection, opened.id, message_id, [("story", text)])


def note_silence(
    desk: Desk, connection: sa.Connection, known: Conversation, message_id: int, text: str
) -> None:
    """Put on a ticket that this caller must not be written to, and why."""
    ticket = call_person(desk, connection, known, message_id, "do_not_write")
    facts = [("contact_rule", f"do_not_write: {text}"), ("story", text)]
    _tell(desk, connection, ticket, message_id, facts)


def call_person(
    desk: Desk, connection: sa.Connection, known: Conversation, message_id: int, reason: str
) -> int:
    """Put the conversation before a responder: nobody else has answered it, or dares to."""
    opened = tickets.open_or_raise(
        connection,
        desk.vault.keyring,
        conversation=known.id,
        category=Category.OTHER,
        urgency=Urgency.HIGH,
        reasons=(reason,),
        message_id=message_id,
        language=known.language,
        now=desk.now(),
    )
    return opened.id


def keep_facts(
    desk: Desk,
    connection: sa.Connection,
    known: Conversation,
    message_id: int,
    facts: Sequence[tuple[str, str]],
) -> None:
    """Put what is no text (a photo, a place, a number) on the open ticket, if there is one."""
    ticket = tickets.open_ticket_of(connection, desk.vault.keyring, known.id) if facts else None
    if ticket is not None:
        _tell(desk, connection, ticket.id, message_id, facts)


def keep_earlier_wishes(
    desk: Desk, connection: sa.Connection, known: Conversation, message_id: int
) -> None:
    """Put on a ticket that this message has opened what she forbade before there was one."""
    ticket = tickets.opened_by(connection, known.id, message_id)
    if ticket is None:
        return
    since = desk.now() - LOOK_BACK
    for id_, text in earlier.said_lately(
        connection, desk.vault.keyring, known.id, before=message_id, since=since
    ):
        wishes = wishes_in(clean(text, len(text)))
        _tell(desk, connection, ticket, id_, [("contact_rule", wish.value) for wish in wishes])


def _tell(
    desk: Desk,
    connection: sa.Connection,
    ticket_id: int,
    message_id: int,
    facts: Sequence[tuple[str, str]],
) -> None:
    for name, value in facts:
        tickets.add_fact(
            connection,
            desk.vault.keyring,
            ticket_id,
            name,
            value,
            said_by="caller",
            message_id=message_id,
            now=desk.now(),
        )
