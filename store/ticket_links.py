"""Tickets that belong together: linked, or merged so that one of them speaks for both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hotline.errors import Refused
from hotline.referrals import OPEN
from hotline.staff import Staff
from hotline.tickets import OPEN_STATES, Clearing, State
from store import contact_rules, merge_waiting, ticket_changes, ticket_list, ticket_release
from store.arrivals import insert_ignoring
from store.console_tables import referrals, staff, ticket_links, ticket_work
from store.merge_gains import give_back, keep_from_both, set_columns, take_over
from store.tables import ticket_events, tickets
from store.ticket_events import add_event, lock

RELATED, MERGED = "related", "merged"


@dataclass(frozen=True, kw_only=True)
class Link:
    """One tie, as seen from one of the two tickets."""

    id: int
    code: str  # of the other one
    state: str
    kind: str
    into: bool  # the ticket looked at was merged into the other one
    by: str
    at: float


def links_of(connection: sa.Connection, ticket_id: int, person: Staff) -> list[Link]:
    """List a ticket's ties, newest first; tickets the reader may not know of are left out."""
    other = sa.case(
        (ticket_links.c.ticket_id == ticket_id, ticket_links.c.other_id),
        else_=ticket_links.c.ticket_id,
    )
    rows = connection.execute(
        sa.select(ticket_links, tickets.c.code, tickets.c.state, staff.c.name)
        .select_from(
            ticket_links.join(tickets, tickets.c.id == other).join(
                staff, staff.c.id == ticket_links.c.staff_id
            )
        )
        .where(
            sa.or_(ticket_links.c.ticket_id == ticket_id, ticket_links.c.other_id == ticket_id),
            ticket_links.c.undone_at.is_(None),
            ticket_list.known(person, other),
        )
        .order_by(ticket_links.c.id.desc())
    )
    return [
        Link(
            id=row.id,
            code=row.code,
            state=row.state,
            kind=row.kind,
            into=row.kind == MERGED and row.ticket_id == ticket_id,
            by=row.name,
            at=row.at,
        )
        for row in rows
    ]


def link(
    connection: sa.Connection, ticket_id: int, other_id: int, *, by: Staff, now: float
) -> None:
    """Say that two tickets have to do with each other; each goes on by itself."""
    _lock_both(connection, ticket_id, other_id)
    if _between(connection, ticket_id, other_id):
        raise Refused("these two tickets are tied already")
    _tie(connection, ticket_id, other_id, RELATED, by=by, now=now)
    for one, two in ((ticket_id, other_id), (other_id, ticket_id)):
        _log(connection, one, "linked", {"other": _row(connection, two).code}, by, now)


def unlink(
    connection: sa.Connection, ticket_id: int, link_id: int, *, by: Staff, now: float
) -> None:
    """Take a tie back; that there was one stays readable in both logs."""
    if link_id not in {one.id for one in links_of(connection, ticket_id, by)}:
        raise Refused("not_found")  # a tie to a ticket out of sight is none for this person
    row = _live(connection, ticket_id, link_id, RELATED)
    _lock_both(connection, row.ticket_id, row.other_id)
    _undo(connection, link_id, now)
    for one, two in ((row.ticket_id, row.other_id), (row.other_id, row.ticket_id)):
        _log(connection, one, "unlinked", {"other": _row(connection, two).code}, by, now)


def merge(
    connection: sa.Connection, source_id: int, target_id: int, *, by: Staff, now: float
) -> None:
    """Let `target_id` speak for `source_id`, whose callers are answered there from now on.

    Nothing of the source is moved or lost; what the target gained is written down for `unmerge`.
    Danger, conflict of interest and anonymity of either hold for the target.
    """
    contact_rules.lock_callers(connection, source_id, target_id)
    _lock_both(connection, source_id, target_id)
    source, target = _row(connection, source_id), _row(connection, target_id)
    _check(connection, source, target)
    if merge_waiting.take_up(connection, source, target, actor=by.login, now=now):
        target = _row(connection, target_id)
    tie = _tie(connection, source_id, target_id, MERGED, by=by, now=now)
    gained = {"other": source.code, "link": tie, **take_over(connection, source, target)}
    merge_waiting.wait_there(connection, source, target, actor=by.login, now=now)
    _log(connection, target_id, "merged_in", gained, by, now)
    ticket_changes.move(connection, source_id, State.MERGED, actor=by.login, now=now)
    _log(connection, source_id, "merged_into", {"other": target.code, "link": tie}, by, now)
    set_columns(connection, source_id, clearing=Clearing.MERGED.value)
    connection.execute(insert_ignoring(connection, ticket_work), {"ticket_id": source_id})
    _point(connection, source_id, target_id)
    ticket_release.from_who_cannot_see(connection, target_id, actor=by.login, now=now)


def unmerge(
    connection: sa.Connection, ticket_id: int, link_id: int, *, by: Staff, now: float
) -> None:
    """Part two tickets again: the source is worked on as before, its callers are its own.

    Conflict of interest, anonymity and urgency stay on the target: they only ever protect. Who was
    kept from either is kept from both; to lift that is not what parting is for.
    """
    row = _live(connection, ticket_id, link_id, MERGED)
    source_id, target_id = row.ticket_id, row.other_id
    contact_rules.lock_callers(connection, source_id, target_id)
    _lock_both(connection, source_id, target_id)
    _undo(connection, link_id, now)
    keep_from_both(connection, source_id, target_id)
    give_back(connection, target_id, _gained(connection, target_id, link_id))
    ticket_changes.move(connection, source_id, State.TRIAGED, actor=by.login, now=now)
    had = sa.select(ticket_work.c.staff_id).where(ticket_work.c.ticket_id == source_id)
    if connection.execute(had).scalar() is not None:
        ticket_changes.move(connection, source_id, State.ASSIGNED, actor=by.login, now=now)
    set_columns(connection, source_id, clearing=Clearing.UNCLEARED.value)
    _point(connection, source_id, None)
    codes = {id_: _row(connection, id_).code for id_ in (source_id, target_id)}
    _log(connection, source_id, "unmerged", {"other": codes[target_id]}, by, now)
    _log(connection, target_id, "unmerged", {"other": codes[source_id]}, by, now)
    for id_ in (source_id, target_id):
        ticket_release.from_who_cannot_see(connection, id_, actor=by.login, now=now)


def _lock_both(connection: sa.Connection, one: int, two: int) -> None:
    if one == two:
        raise Refused("a ticket is not tied to itself")
    for id_ in sorted((one, two)):  # always in this order: two who merge crosswise must not wait
        lock(connection, id_)


def _row(connection: sa.Connection, ticket_id: int) -> Any:
    return connection.execute(sa.select(tickets).where(tickets.c.id == ticket_id)).one()


def _log(
    connection: sa.Connection,
    ticket_id: int,
    kind: str,
    details: dict[str, Any],
    by: Staff,
    now: float,
) -> None:
    add_event(connection, ticket_id, kind, by.login, details, message_id=None, now=now)


def _point(connection: sa.Connection, source_id: int, target_id: int | None) -> None:
    connection.execute(
        sa.update(ticket_work)
        .where(ticket_work.c.ticket_id == source_id)
        .values(merged_into=target_id)
    )


def _tie(connection: sa.Connection, one: int, two: int, kind: str, *, by: Staff, now: float) -> int:
    row = {"ticket_id": one, "other_id": two, "kind": kind, "staff_id": by.id, "at": now}
    query = sa.insert(ticket_links).returning(ticket_links.c.id)
    return int(connection.execute(query, row).scalar_one())


def _undo(connection: sa.Connection, link_id: int, now: float) -> None:
    undone = connection.execute(
        sa.update(ticket_links)
        .where(ticket_links.c.id == link_id, ticket_links.c.undone_at.is_(None))
        .values(undone_at=now)
    )
    if not undone.rowcount:
        raise Refused("these two tickets are not tied any more")


def _live(connection: sa.Connection, ticket_id: int, link_id: int, kind: str) -> Any:
    """Find a tie of this ticket; another ticket's is none of its business."""
    row = connection.execute(
        sa.select(ticket_links).where(
            ticket_links.c.id == link_id,
            ticket_links.c.kind == kind,
            ticket_links.c.undone_at.is_(None),
            sa.or_(ticket_links.c.ticket_id == ticket_id, ticket_links.c.other_id == ticket_id),
        )
    ).first()
    if row is None:
        raise Refused("these two tickets are not tied any more")
    return row


def _between(connection: sa.Connection, one: int, two: int) -> bool:
    query = sa.select(ticket_links.c.id).where(
        ticket_links.c.undone_at.is_(None),
        sa.or_(
            sa.and_(ticket_links.c.ticket_id == one, ticket_links.c.other_id == two),
            sa.and_(ticket_links.c.ticket_id == two, ticket_links.c.other_id == one),
        ),
    )
    return connection.execute(query).first() is not None


def _check(connection: sa.Connection, source: Any, target: Any) -> None:
    """Raise Refused where a merge would lose sight of somebody."""
    if State(target.state) not in OPEN_STATES:
        raise Refused("only an open ticket can take in another")
    speaks_for = sa.select(ticket_links.c.id).where(
        ticket_links.c.other_id == source.id,
        ticket_links.c.kind == MERGED,
        ticket_links.c.undone_at.is_(None),
    )
    if connection.execute(speaks_for).first():
        raise Refused("this ticket speaks for others: merge the other way round")
    asked = sa.select(referrals.c.id).where(
        referrals.c.ticket_id == source.id,
        referrals.c.state.in_([state.value for state in OPEN]),
    )
    if connection.execute(asked).first():
        raise Refused("this ticket has an open referral: merge the other way round")


def _gained(connection: sa.Connection, target_id: int, link_id: int) -> dict[str, Any]:
    rows = connection.execute(
        sa.select(ticket_events.c.details).where(
            ticket_events.c.ticket_id == target_id, ticket_events.c.kind == "merged_in"
        )
    ).scalars()
    return next(details for details in rows if details["link"] == link_id)
