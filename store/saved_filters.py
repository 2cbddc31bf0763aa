"""Filters under a name: one's own, and those a supervisor shares with a unit.

A filter only narrows what its reader may see; it never widens it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hotline.errors import Refused
from hotline.staff import May, Staff
from hotline.tickets import Category, State, Urgency
from store import ticket_counts
from store.paper_tables import saved_filters
from store.ticket_list import Filter, View

# Kept in the clear like labels, so it must not hold more than a label does.
_NAME = re.compile(r"[\w][\w -]{0,39}")
_MOST = 20


@dataclass(frozen=True, kw_only=True)
class Saved:
    """One filter with its name."""

    id: int
    name: str
    view: View
    chosen: Filter
    shared: bool
    mine: bool
    changeable: bool


def save(
    connection: sa.Connection,
    staff: Staff,
    name: str,
    view: View,
    chosen: Filter,
    *,
    shared: bool,
    now: float,
) -> int:
    """Keep a filter; raises Refused for a name that is none or taken, and for too many."""
    if shared and not (staff.may(May.ASSIGN) and staff.unit):
        raise Refused("only a unit's supervisor shares a filter")
    own = sa.select(sa.func.count()).where(saved_filters.c.staff_id == staff.id)
    if connection.execute(own).scalar_one() >= _MOST:
        raise Refused(f"nobody keeps more than {_MOST} filters")
    row = {
        "staff_id": staff.id,
        "unit": staff.unit if shared else "",
        "name": _free_name(connection, staff.id, name),
        "view": view.value,
        "chosen": _packed(chosen),
        "at": now,
    }
    query = sa.insert(saved_filters).returning(saved_filters.c.id)
    try:
        return int(connection.execute(query, row).scalar_one())
    except sa.exc.IntegrityError:
        raise Refused("a filter of this name is there already") from None


def _free_name(connection: sa.Connection, staff_id: int, name: str, *, but: int = 0) -> str:
    said = " ".join(name.split())
    if not _NAME.fullmatch(said):
        raise Refused("a filter's name has 1 to 40 letters, digits, blanks or hyphens")
    taken = sa.select(saved_filters.c.id).where(
        saved_filters.c.staff_id == staff_id, saved_filters.c.name == said,
        saved_filters.c.id != but,
    )  # fmt: skip
    if connection.execute(taken).first():
        raise Refused("a filter of this name is there already")
    return said


def _packed(chosen: Filter) -> dict[str, object]:
    return {
        "category": chosen.category and chosen.category.value,
        "urgency": chosen.urgency and chosen.urgency.value,
        "state": chosen.state and chosen.state.value,
        "label": chosen.label,
        "regions": list(chosen.regions),
    }


def _unpacked(packed: dict[str, Any]) -> Filter:
    return Filter(
        Category(packed["category"]) if packed["category"] else None,
        Urgency(packed["urgency"]) if packed["urgency"] else None,
        State(packed["state"]) if packed["state"] else None,
        packed["label"],
        tuple(packed["regions"]),
    )


def rename(connection: sa.Connection, staff: Staff, filter_id: int, name: str) -> None:
    """Give a filter another name; raises Refused for another's, unless shared with one's unit."""
    row = _mine_to_change(connection, staff, filter_id)
    fresh = _free_name(connection, row.staff_id, name, but=filter_id)
    change = sa.update(saved_filters).where(saved_filters.c.id == filter_id).values(name=fresh)
    try:
        connection.execute(change)
    except sa.exc.IntegrityError:
        raise Refused("a filter of this name is there already") from None


def delete(connection: sa.Connection, staff: Staff, filter_id: int) -> None:
    """Forget a filter; raises Refused for another's, unless shared with one's unit."""
    _mine_to_change(connection, staff, filter_id)
    connection.execute(sa.delete(saved_filters).where(saved_filters.c.id == filter_id))


def _mine_to_change(connection: sa.Connection, staff: Staff, filter_id: int) -> Any:
    query = sa.select(saved_filters).where(saved_filters.c.id == filter_id, _readable(staff))
    row = connection.execute(query).first()
    if row is None or not _changeable(staff, row):
        raise Refused("not_found")
    return row


def _readable(staff: Staff) -> sa.ColumnElement[bool]:
    own = saved_filters.c.staff_id == staff.id
    return sa.or_(own, saved_filters.c.unit == staff.unit) if staff.unit else own


def _changeable(staff: Staff, row: Any) -> bool:
    # Whoever shared it may have left the unit: another of its supervisors looks after it then.
    return row.staff_id == staff.id or (row.unit == staff.unit and staff.may(May.ASSIGN))


def of(connection: sa.Connection, staff: Staff) -> list[Saved]:
    """List somebody's own filters and those shared with the unit, by name."""
    query = sa.select(saved_filters).where(_readable(staff))
    rows = connection.execute(query.order_by(saved_filters.c.name, saved_filters.c.id))
    return [
        Saved(
            id=row.id,
            name=row.name,
            view=View(row.view),
            chosen=_unpacked(row.chosen),
            shared=bool(row.unit),
            mine=row.staff_id == staff.id,
            changeable=_changeable(staff, row),
        )
        for row in rows
    ]


def counts(
    connection: sa.Connection, staff: Staff, saved: Sequence[Saved], *, now: float
) -> dict[int, int]:
    """Count the tickets of each filter that this person may see."""
    wanted = [(one.view, one.chosen) for one in saved]
    numbers = ticket_counts.counts_of(connection, staff, wanted, now=now)
    return {one.id: number for one, number in zip(saved, numbers, strict=True)}
