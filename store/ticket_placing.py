"""Where a ticket's caller comes from, passed and was brought: no way past a conflict."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from hotline.errors import Refused
from hotline.staff import Place, Staff, may_lift, sees
from store import staff as accounts
from store import ticket_work
from store.ticket_places import kin_of, places_of


def place(
    connection: sa.Connection,
    ticket_id: int,
    part: str,
    codes: Iterable[str],
    *,
    by: Staff,
    now: float,
) -> None:
    """Set the regions of one part of the way; raises Refused where that would lift a conflict.

    A conflict hides a ticket from its regions' levels. Only who stands above them moves it so that
    somebody new comes to see it, or one of the caller's other tickets.
    """
    hers = {ticket_id, *kin_of(connection, [ticket_id])[ticket_id]}
    before = places_of(connection, hers)
    ticket_work.set_regions(connection, ticket_id, part, codes, actor=by.login, now=now)
    had = before[ticket_id]
    # Without any region the nation alone sees it: to say for the first time where it is lifts none.
    if not had.conflict or not had.regions or may_lift(by, had, had.regions):
        return
    if _is_newly_seen(connection, before, places_of(connection, hers)):
        raise Refused("a conflict's regions are changed by who stands above it")


def _is_newly_seen(
    connection: sa.Connection, before: dict[int, Place], after: dict[int, Place]
) -> bool:
    people = [person for person, active, _ in accounts.everybody(connection) if active]
    return any(
        sees(person, after[id_]) and not sees(person, before[id_])
        for person in people
        for id_ in before
    )
