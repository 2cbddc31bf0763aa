"""How many tickets each view and each saved filter holds, as far as a list has to say it."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from hotline.staff import Level, Staff
from store.ticket_list import Filter, View, of_view, seen
from store.ticket_order import open_only

MOST = 1000  # counted no further: a list of more is not worked through one by one


def counts(connection: sa.Connection, staff: Staff, *, now: float) -> dict[View, int]:
    """Count each view but ALL, up to MOST."""
    views = [view for view in View if view is not View.ALL]
    numbers = counts_of(connection, staff, [(view, Filter()) for view in views], now=now)
    return dict(zip(views, numbers, strict=True))


def counts_of(
    connection: sa.Connection,
    staff: Staff,
    wanted: Sequence[tuple[View, Filter]],
    *,
    now: float,
) -> list[int]:
    """Count what each of some filters comes to, up to MOST."""
    if not wanted:
        return []
    if staff.scope.level is Level.NATIONAL:
        return _one_by_one(connection, staff, wanted, now)
    return _at_once(connection, staff, wanted, now)


def _one_by_one(
    connection: sa.Connection, staff: Staff, wanted: Sequence[tuple[View, Filter]], now: float
) -> list[int]:
    """Count each by itself and end at MOST: most are reached after a part of the tickets."""
    found = []
    for view, chosen in wanted:
        query = seen(staff, sa.literal(1)).where(_fits(view, chosen, staff, now))
        if view is not View.ALL:
            query = open_only(query)
        number = sa.select(sa.func.count()).select_from(query.limit(MOST).subquery())
        found.append(int(connection.execute(number).scalar_one()))
    return found


def _at_once(
    connection: sa.Connection, staff: Staff, wanted: Sequence[tuple[View, Filter]], now: float
) -> list[int]:
    """Count all in one pass, or two when closed ones count too."""
    found = [0] * len(wanted)
    for closed_too in (False, True):
        places = [n for n, (view, _) in enumerate(wanted) if (view is View.ALL) == closed_too]
        fits = [_fits(*wanted[n], staff, now) for n in places]
        sums = [sa.func.coalesce(sa.func.sum(sa.case((one, 1), else_=0)), 0) for one in fits]
        if sums:
            query = seen(staff, *sums)
            row = connection.execute(query if closed_too else open_only(query)).one()
            for n, number in zip(places, row, strict=True):
                found[n] = min(int(number), MOST)
    return found


def _fits(view: View, chosen: Filter, staff: Staff, now: float) -> sa.ColumnElement[bool]:
    return sa.and_(of_view(view, staff, now), *chosen.conditions())
