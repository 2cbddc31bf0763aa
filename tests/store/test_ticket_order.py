"""Pages of a long list: rank after rank they give what one sorting of all would give."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from hotline.staff import Level, Role, Scope, Staff
from hotline.tickets import Urgency
from store import db, ticket_counts, ticket_list
from store.console_tables import ticket_regions
from store.tables import tickets
from store.ticket_counts import MOST
from store.ticket_list import Filter, View
from store.ticket_order import PAGE, RANK
from store.vault import Vault
from tests.fakes import NOON

CHIEF = Staff(id=1, login="ani", name="Ani", role=Role.SUPERVISOR, scope=Scope(), unit="")


def filled(connection: sa.Connection, **counts: int) -> list[int]:
    """Write tickets of each urgency, deadlines crosswise to ids; gives all ids in order."""
    urgencies = [urgency for urgency, count in counts.items() for _ in range(count)]
    for n, urgency in enumerate(urgencies):
        row = {
            "id": n + 1, "code": f"SR-{n}", "key_salt": b"s" * 16, "category": "report",
            "urgency": urgency, "reasons": [], "state": "new", "verification": "unverified",
            "clearing": "uncleared", "language": "id", "opened_at": NOON,
            "first_response_due": NOON + n * 37 % 101,
        }  # fmt: skip
        connection.execute(sa.insert(tickets), row)
    due = tickets.c.first_response_due
    query = sa.select(tickets.c.id).order_by(RANK, due, tickets.c.id)
    return list(connection.execute(query).scalars())


def test_pages_put_together_are_the_whole_list_in_its_order(vault: Vault) -> None:
    """Also where a page begins in one rank and ends in another, or a rank is empty."""
    for counts in (
        {"critical": 60, "high": 70, "normal": 31}, {"high": 50, "normal": 51},
        {"critical": 3, "normal": 120}, {"critical": 100},
    ):  # fmt: skip
        with db.write(vault.engine) as connection:
            connection.execute(sa.delete(tickets))
            wanted = filled(connection, **counts)
            found = []
            for offset in range(0, len(wanted) + PAGE, PAGE):
                lines = ticket_list.page(connection, CHIEF, View.ALL, now=NOON, offset=offset)
                found += [line.id for line in lines]
        assert found == wanted


def test_among_all_the_open_ones_come_first_and_then_the_newest(vault: Vault) -> None:
    """What is over has no deadline: the oldest must not stand before today's work."""
    with db.write(vault.engine) as connection:
        wanted = filled(connection, critical=30, high=40, normal=60)
        over = tickets.c.id % 2 == 0
        connection.execute(sa.update(tickets).where(over).values(state="closed", ended_at=NOON))
        wanted = [id_ for id_ in wanted if id_ % 2] + sorted(range(2, 131, 2), reverse=True)
        found = []
        for offset in range(0, 131 + PAGE, PAGE):
            lines = ticket_list.page(connection, CHIEF, View.ALL, now=NOON, offset=offset)
            found += [line.id for line in lines]
    assert found == wanted


@pytest.mark.parametrize("scope", [Scope(), Scope(Level.PROVINCE, "35")])
def test_a_count_ends_where_nobody_counts_on(vault: Vault, scope: Scope) -> None:
    """Of a view as of a saved filter, for the nation as for a province."""
    reader = replace(CHIEF, scope=scope)
    normal = Filter(urgency=Urgency.NORMAL)
    with db.write(vault.engine) as connection:
        filled(connection, high=7, normal=MOST)
        ids = connection.execute(sa.select(tickets.c.id)).scalars().all()
        rows = [{"ticket_id": id_, "part": "origin", "region": "3578"} for id_ in ids]
        connection.execute(sa.insert(ticket_regions), rows)
        found = ticket_counts.counts(connection, reader, now=NOON)
        assert (found[View.OPEN], found[View.UNASSIGNED], found[View.MINE]) == (MOST, MOST, 0)
        filters = [
            (View.OPEN, normal),
            (View.ALL, Filter(urgency=Urgency.HIGH)),
            (View.ALL, normal),
        ]
        assert ticket_counts.counts_of(connection, reader, filters, now=NOON) == [MOST, 7, MOST]
        assert ticket_counts.counts_of(connection, reader, [], now=NOON) == []


def test_few_tickets_are_sorted_at_once(vault: Vault) -> None:
    """What a search found."""
    with db.write(vault.engine) as connection:
        wanted = filled(connection, normal=4, critical=3, high=2)
        lines = ticket_list.page(
            connection, CHIEF, View.ALL, now=NOON, where=tickets.c.id.in_([1, 5, 8])
        )
        assert [line.id for line in lines] == [id_ for id_ in wanted if id_ in {1, 5, 8}]
