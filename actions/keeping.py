"""Puts what a message tells on its ticket, at once: a caller who falls silent leaves it behind."""

from __future__ import annotations

import sqlalchemy as sa

from actions.belonging import writing
from actions.desk import Desk
from actions.harvest import harvest
from actions.turn import Turn
from actions.values import with_readings
from hotline.conflict import involves_influential
from hotline.tickets import Category, Urgency
from store import tickets


def keep(
    connection: sa.Connection,
    ticket_id: int,
    turn: Turn,
    desk: Desk,
    *,
    story: bool,
    whole_story: bool,
    only_new: bool = True,
    without: frozenset[str] = frozenset(),
) -> set[str]:
    """Write what a message tells, `without` some fields; returns those new or changed."""
    found = harvest(turn, desk.knowledge, whole_story=whole_story)
    found = {name: value for name, value in found.items() if name not in without}
    if story:
        found["story"] = turn.text
    ticket = tickets.open_ticket_of(
        connection, desk.vault.keyring, turn.conversation, wanted=ticket_id
    )
    # What this very message wrote before a crash does not count as known already.
    earlier = [f for f in ticket.facts if f.message_id != turn.message_id] if ticket else []
    known = {fact.field for fact in earlier}
    told = {fact.field: fact.value for fact in earlier} | found
    changed = set()
    for name, value in with_readings(found, told.get("country", ""), desk.today).items():
        # Only a correction or a direct answer replaces what is known; a passing mention does not.
        if only_new and name in known and name != "story":
            continue
        if add(connection, ticket_id, name, value, turn, desk):
            changed.add(name)
    note_conflict(connection, ticket_id, turn, desk)
    if "is_minor" in found:
        note_child(connection, ticket_id, turn, desk)
    return changed


def add(
    connection: sa.Connection, ticket_id: int, name: str, value: str, turn: Turn, desk: Desk
) -> bool:
    """Write one fact that the caller said in this turn."""
    return tickets.add_fact(
        connection,
        desk.vault.keyring,
        ticket_id,
        name,
        value,
        said_by="caller",
        message_id=turn.message_id,
        now=desk.now(),
    )


def overhear(ticket_id: int, turn: Turn, desk: Desk) -> None:
    """Keep what matters for safety and stands in a question: "pak kades yang rekrut, dia tahu?".

    Places and names stay away: "brp biaya ke taiwan" does not say where somebody is.
    """
    found = harvest(turn, desk.knowledge, whole_story=False)
    with writing(ticket_id, turn, desk) as connection:
        if "is_minor" in found:
            add(connection, ticket_id, "is_minor", found["is_minor"], turn, desk)
        note_conflict(connection, ticket_id, turn, desk)


def raise_ticket(
    connection: sa.Connection,
    turn: Turn,
    desk: Desk,
    *,
    category: Category,
    reasons: tuple[str, ...],
    urgency: Urgency | None = None,
    ticket_id: int | None = None,
) -> tickets.Opened:
    """Open the conversation's ticket, or raise the one that is open; of several `ticket_id`."""
    return tickets.open_or_raise(
        connection,
        desk.vault.keyring,
        conversation=turn.conversation,
        category=category,
        urgency=urgency,
        reasons=reasons,
        message_id=turn.message_id,
        language=turn.language,
        now=desk.now(),
        ticket_id=ticket_id,
    )


def note_child(connection: sa.Connection, ticket_id: int, turn: Turn, desk: Desk) -> None:
    """Raise the ticket: a child is never an ordinary report."""
    raise_ticket(
        connection,
        turn,
        desk,
        category=Category.OTHER,
        urgency=Urgency.CRITICAL,
        reasons=("minor",),
        ticket_id=ticket_id,
    )


def note_conflict(connection: sa.Connection, ticket_id: int, turn: Turn, desk: Desk) -> None:
    """Flag the ticket when an influential person has a part in the story."""
    if involves_influential(turn.text):
        tickets.flag_conflict(connection, ticket_id, message_id=turn.message_id, now=desk.now())
