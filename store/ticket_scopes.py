"""Which tickets lie in somebody's scope, unit or hands, said in the two ways databases need."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from hotline.staff import Level, Staff
from store.console_tables import referrals, ticket_regions, ticket_work
from store.tables import tickets

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
