"""What a ticket gains when it speaks for another one, and how it is given back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from hotline.staff import Place
from hotline.tickets import State, Urgency, higher_urgency, merge_reasons
from store import conversations, ticket_bars, ticket_places
from store.console_tables import ticket_regions
from store.tables import ticket_conversations, tickets
from store.ticket_deadlines import sooner


def take_over(connection: sa.Connection, source: Any, target: Any) -> dict[str, Any]:
    """Let the target's row speak for the source's; returns what it gained, for `give_back`.

    Danger, conflict of interest and anonymity of either hold for the target from now on.
    """
    return {
        "pinned": _pin_replies(connection, target),
        "conversations": _join_callers(connection, source.id, target.id),
        "regions": _join_regions(connection, source.id, target.id),
        "bars": _join_bars(connection, source.id, target.id),
        **_take_the_graver(connection, source, target),
    }


def give_back(connection: sa.Connection, target_id: int, gained: dict[str, Any]) -> None:
    """Take from a ticket what `take_over` gave it; what only protects stays, bars among it."""
    connection.execute(
        sa.delete(ticket_conversations).where(
            ticket_conversations.c.ticket_id == target_id,
            ticket_conversations.c.conversation_id.in_(gained["conversations"]),
        )
    )
    for part, region in gained["regions"]:
        connection.execute(
            sa.delete(ticket_regions).where(
                ticket_regions.c.ticket_id == target_id,
                ticket_regions.c.part == part,
                ticket_regions.c.region == region,
            )
        )
    if gained["pinned"]:
        set_columns(connection, target_id, reply_conversation_id=None)
    # Whoever replied to a parted caller last must not go on doing so from here.
    connection.execute(
        sa.update(tickets)
        .where(tickets.c.id == target_id)
        .where(tickets.c.reply_conversation_id.in_(gained["conversations"]))
        .values(reply_conversation_id=None)
    )


def keep_from_both(connection: sa.Connection, source_id: int, target_id: int) -> None:
    """Keep from two tickets that part whoever was kept from either: both were told as one.

    A conflict is about a ticket's own regions; on the other one they are named.
    """
    places = ticket_places.places_of(connection, [source_id, target_id])
    marks = {
        mark
        for id_, place in places.items()
        for mark in ticket_bars.of(connection, id_) | _levels(place)
    }
    for id_, place in places.items():
        had = ticket_bars.of(connection, id_)
        ticket_bars.write(connection, id_, had | (marks - _levels(place)))
        if any(one.conflict and not one.regions for one in places.values()):
            set_columns(connection, id_, conflict_of_interest=True)


def _levels(place: Place) -> set[str]:
    found = place.regions if place.conflict else frozenset()
    return {ticket_bars.level(region) for region in found}


def set_columns(connection: sa.Connection, ticket_id: int, **values: object) -> None:
    """Write columns of a ticket's row."""
    connection.execute(sa.update(tickets).where(tickets.c.id == ticket_id).values(**values))


def _pin_replies(connection: sa.Connection, target: Any) -> bool:
    """Keep replies going to the target's own caller, not to whoever writes next of the two."""
    if target.reply_conversation_id:
        return False
    own = conversations.reply_conversation(connection, target.id)
    set_columns(connection, target.id, reply_conversation_id=own)
    return own is not None


def _join_callers(connection: sa.Connection, source_id: int, target_id: int) -> list[str]:
    mine = sa.select(ticket_conversations).where(ticket_conversations.c.ticket_id == target_id)
    known = {row.conversation_id for row in connection.execute(mine)}
    theirs = sa.select(ticket_conversations).where(ticket_conversations.c.ticket_id == source_id)
    joined = []
    for row in connection.execute(theirs).all():
        if row.conversation_id not in known:
            # The moment is kept: the target takes exactly the source's place among her tickets.
            values = {"ticket_id": target_id, "conversation_id": row.conversation_id,
                      "joined_at": row.joined_at}  # fmt: skip
            connection.execute(sa.insert(ticket_conversations), values)
            joined.append(row.conversation_id)
    return joined


def _join_regions(connection: sa.Connection, source_id: int, target_id: int) -> list[list[str]]:
    def of(id_: int) -> set[tuple[str, str]]:
        query = sa.select(ticket_regions.c.part, ticket_regions.c.region)
        rows = connection.execute(query.where(ticket_regions.c.ticket_id == id_))
        return {(row.part, row.region) for row in rows}

    new = sorted(of(source_id) - of(target_id))
    for part, region in new:
        row = {"ticket_id": target_id, "part": part, "region": region}
        connection.execute(sa.insert(ticket_regions), row)
    return [list(pair) for pair in new]


def _join_bars(connection: sa.Connection, source_id: int, target_id: int) -> list[str]:
    """Keep the target from whom the source was kept."""
    had = ticket_bars.of(connection, target_id)
    new = ticket_bars.of(connection, source_id) - had
    ticket_bars.write(connection, target_id, had | new)
    return sorted(new)


def _take_the_graver(connection: sa.Connection, source: Any, target: Any) -> dict[str, object]:
    new = {
        "urgency": higher_urgency(Urgency(target.urgency), Urgency(source.urgency)).value,
        "reasons": list(merge_reasons(target.reasons, source.reasons)),
        "conflict_of_interest": target.conflict_of_interest or source.conflict_of_interest,
        "anonymous": target.anonymous or source.anonymous,
    }
    # Who waits for an answer is not a matter of columns: see `merge_waiting`.
    unsettled = source.state != State.RESOLVED.value and source.resolution_due is not None
    due = sooner({"resolution_due": source.resolution_due}, target) if unsettled else {}
    set_columns(connection, target.id, **new, **due)
    return {name: value for name, value in new.items() if value != getattr(target, name)}
