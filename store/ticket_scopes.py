"""Which tickets lie in somebody's scope, unit or hands, said in the two ways databases need."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from hotline.staff import Level, Staff
from store.console_tables import referrals, ticket_regions, ticket_work
from store.tables import ticket_conversations, tickets

_MANY = 20_000  # tickets; from here on it is faster to ask of each one than to list them
_REFERRED_TO = ("accepted",)  # who was only asked sees no more than the referral


def _within(staff: Staff, region: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    lowest, beyond = staff.scope.region, f"{int(staff.scope.region) + 1:0{len(staff.scope.region)}}"
    return sa.and_(region >= lowest, region < beyond)


def ours(staff: Staff) -> sa.ColumnElement[bool]:
    """Give the tickets of somebody's scope, own, unit and referrals as one list of ids.

    Without "or": a database then begins with what is ours, not with a million.
    """
    inside = sa.select(ticket_regions.c.ticket_id).where(_within(staff, ticket_regions.c.region))
    return tickets.c.id.in_(sa.union(inside, *_in_hand(staff)))


def each_ours(staff: Staff, places: sa.Select[Any]) -> sa.ColumnElement[bool]:
    """Say the same of each ticket by itself; `places` are its regions."""
    inside = sa.exists(places.where(_within(staff, ticket_regions.c.region)))
    return sa.or_(inside, tickets.c.id.in_(sa.union(*_in_hand(staff))))


def _in_hand(staff: Staff) -> list[sa.Select[Any]]:
    """Give the tickets of a person and her unit, wherever they are from."""
    work = ticket_work.alias("ours")
    found = [sa.select(work.c.ticket_id).where(work.c.staff_id == staff.id)]
    if staff.unit:
        asked = sa.and_(referrals.c.unit == staff.unit, referrals.c.state.in_(_REFERRED_TO))
        found += [
            sa.select(work.c.ticket_id).where(work.c.unit == staff.unit),
            sa.select(referrals.c.ticket_id).where(asked),
        ]
    return found


def is_wide(connection: sa.Connection, staff: Staff) -> bool:
    """Say whether somebody's scope holds many tickets; an index tells, and looks no further."""
    if staff.scope.level is Level.NATIONAL:
        return True
    inside = sa.select(sa.literal(1)).where(_within(staff, ticket_regions.c.region)).limit(_MANY)
    return connection.execute(inside.offset(_MANY - 1)).first() is not None


def near_caller(staff: Staff) -> sa.ColumnElement[bool]:
    """Say of each ticket whether a conflict on another one of its caller is too near to somebody.

    Like all of `visible` it stands beside `tickets` joined with `ticket_work`. It is asked of each
    ticket by itself: no index leads to the conflicts of a million tickets.
    """
    kin, region = tickets.alias("kin"), ticket_regions.alias("kin_region")
    above = region.c.region.in_([staff.scope.region[:2], staff.scope.region])
    nearest = (
        sa.select(sa.func.max(sa.case((above, 1), else_=0)))
        .where(region.c.ticket_id == kin.c.id, region.c.region < ":")
        .correlate(kin)
        .scalar_subquery()
    )
    # Where nobody knows its region only the nation is far enough.
    hidden = sa.and_(kin.c.conflict_of_interest, sa.func.coalesce(nearest, 1) == 1)
    worst = sa.select(sa.func.max(sa.case((hidden, 1), else_=0)))
    hers, other = ticket_conversations.alias("hers"), ticket_conversations.alias("other")
    source = ticket_work.alias("source")
    talks = hers.join(other, other.c.conversation_id == hers.c.conversation_id)
    ways = (
        worst.select_from(talks.join(kin, kin.c.id == other.c.ticket_id)).where(
            # Most callers have one ticket: of it nothing is read a second time.
            hers.c.ticket_id == tickets.c.id,
            other.c.ticket_id != tickets.c.id,
        ),
        worst.where(kin.c.id == ticket_work.c.merged_into),
        worst.select_from(source.join(kin, kin.c.id == source.c.ticket_id)).where(
            source.c.merged_into == tickets.c.id
        ),
    )
    asked = [way.correlate(tickets, ticket_work).scalar_subquery() for way in ways]
    return sa.or_(*(sa.func.coalesce(one, 0) == 1 for one in asked))
